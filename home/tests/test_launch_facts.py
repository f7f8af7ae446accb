"""A launch changes pages and prices; going live and back, it changes nothing else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog import launches
from catalog.launches import LaunchError
from catalog.models import (
    Launch,
    LaunchPage,
    Price,
    PriceBatch,
    Product,
    ProductPage,
    Sku,
    Stock,
    StockMovement,
)
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.launching import again, draft, due, make_launch
from orders.models import Order, OrderItem
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(editor):
    page = make_page("Lighthouse", make_category("Prints"))
    page.save_revision().publish()
    make_sku(page, "LH", price="20.00", on_hand=9)
    order_for({Sku.objects.with_prices().get(): 2})
    return draft(ProductPage.objects.get(), title="Lighthouse in winter")


def make_batch(sku: Sku, amount: str = "15.00", **fields) -> PriceBatch:
    batch = PriceBatch.objects.create(
        name="Winter sale", lines=[[sku.pk, sku.code, amount]], live=False, **fields
    )
    batch.save_revision()
    return again(batch)


def facts(*, prices: bool = True) -> list:
    models = [Sku, Stock, StockMovement, Order, OrderItem]
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    rows.append(list(Product.objects.order_by("pk").values("pk", "handle", "views", "in_stock")))
    if prices:
        rows.append(list(Price.objects.order_by("pk").values()))
        rows.append(list(Product.objects.order_by("pk").values("lowest_price", "on_sale")))
    return rows


def price(at=None) -> Decimal:
    return Sku.objects.with_prices(at).get().price.amount


def test_prices_begin_with_the_launch_and_end_when_it_is_rolled_back(editor, page):
    batch = make_batch(Sku.objects.get())
    launch = launches.schedule(make_launch(page, batch), user=editor)
    before = facts()
    moment = due(launch).moment

    assert launches.run_due() == 1

    assert Price.objects.get(batch=batch).valid_from == moment
    assert price() == Decimal(15)
    assert Product.objects.get().lowest_price == Decimal(15)
    assert facts(prices=False) == before[:6]
    order_for({Sku.objects.with_prices().get(): 1})
    sold = facts(prices=False)

    launches.roll_back(again(launch), user=editor)

    assert price() == Decimal(20)
    assert facts(prices=False) == sold
    assert list(Price.objects.exclude(batch=batch).order_by("pk").values()) == before[6]
    assert list(Product.objects.values("lowest_price", "on_sale")) == before[7]
    assert ProductPage.objects.get().title == "Lighthouse"


def test_a_late_launch_writes_no_price_into_the_past(editor, page):
    batch = make_batch(Sku.objects.get())
    launch = launches.schedule(make_launch(batch), user=editor)
    due(launch, since=timedelta(hours=3))

    launches.run_due()

    assert Price.objects.get(batch=batch).valid_from > timezone.now() - timedelta(minutes=1)


def test_a_page_that_cannot_go_live_keeps_the_prices_back(editor, page):
    batch = make_batch(Sku.objects.get())
    launch = launches.schedule(make_launch(batch, page), user=editor)
    LaunchPage.objects.get().revision.delete()
    before = facts()
    due(launch)

    launches.run_due()

    assert again(launch).state == Launch.State.FAILED
    assert facts() == before
    assert not again(batch).is_approved


def test_prices_that_cannot_go_live_keep_the_page_back(editor, page):
    batch = make_batch(Sku.objects.get())
    launch = launches.schedule(make_launch(batch, page), user=editor)
    batch.delete()
    before = facts()
    due(launch)

    launches.run_due()

    assert again(launch).problem == "“Winter sale”: The price batch was deleted."
    assert again(page).title == "Lighthouse"
    assert facts() == before


def forget_lines(batch, editor):
    batch.lines = []
    batch.save()
    batch.save_revision()
    return "It changes no price"


def let_it_be_over(batch, editor):
    batch.ends_at = timezone.now() + timedelta(hours=2)
    batch.save()
    batch.save_revision()
    return "It would be over before it begins"


def approve(batch, editor):
    batch.publish(batch.latest_revision, user=editor)
    return "It has been approved already"


def demote(batch, editor):
    editor.is_superuser = False
    editor.save()
    return "may not approve prices"


@pytest.mark.parametrize("hinder", [forget_lines, let_it_be_over, approve, demote])
def test_what_keeps_a_batch_from_going_live_is_said_before(editor, page, hinder):
    batch = make_batch(Sku.objects.get())
    launch = make_launch(batch)
    assert launches.check(launch, editor) == []
    expected = hinder(batch, editor)

    with pytest.raises(LaunchError) as refused:
        launches.schedule(launch, user=editor)

    assert [expected in str(problem) for problem in refused.value.problems] == [True]


def test_prices_that_were_changed_after_scheduling_do_not_go_live_unseen(editor, page):
    batch = make_batch(Sku.objects.get())
    launch = launches.schedule(make_launch(batch), user=editor)
    batch.lines = [[*batch.lines[0][:2], "1.50"]]
    batch.save()
    batch.save_revision()
    due(launch)

    launches.run_due()

    assert "Its prices were changed after the launch was scheduled" in again(launch).problem
    assert price() == Decimal(20)


def test_the_newest_prices_can_be_taken_by_a_scheduled_launch(editor, page):
    batch = make_batch(Sku.objects.get())
    launch = launches.schedule(make_launch(batch), user=editor)
    batch.lines = [[*batch.lines[0][:2], "12.00"]]
    batch.save()
    batch.save_revision()

    launches.take_newest(launch, user=editor)
    due(launch)
    launches.run_due()

    assert price() == Decimal(12)


def test_a_batch_that_was_ended_before_is_left_alone_on_the_way_back(editor, page):
    from catalog import price_batches

    batch = make_batch(Sku.objects.get())
    launch = launches.launch_now(make_launch(batch, page), user=editor)
    price_batches.end(batch, user=editor)
    before = facts()

    launches.roll_back(launch, user=editor)

    assert facts() == before
    assert again(page).title == "Lighthouse"
