"""Whatever is done to a page, it changes no SKU, price, stock, movement, view or order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, TaskState

from catalog import deleting, jobs, retiring
from catalog.models import (
    ArchivePage,
    Price,
    PriceBatch,
    PriceBatchRun,
    Product,
    ProductPage,
    Sku,
    Stock,
    StockMovement,
    TaxClass,
)
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from catalog.tests.page_forms import edit, product_form
from orders.models import OrderItem
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_rings(monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda: None)


@pytest.fixture
def page(editor):
    """A product that was edited twice and has every kind of fact, but was never sold."""
    page = make_page("Lighthouse", make_category("Prints"))
    page.save_revision(user=editor)
    page.title = "Lighthouse, second edition"
    page.save_revision(user=editor).publish()
    page.title = "Lighthouse, third edition"
    page.save_revision(user=editor)
    tax_class = TaxClass.objects.create(name="Art")
    sku = make_sku(page, "LH", price="20.00", on_hand=9, cost=Decimal("7.50"), tax_class=tax_class)
    Stock.objects.update(low_at=3, back_order_text="In two weeks")
    set_price(sku, "15.00", "20.00")
    batch = PriceBatch.objects.create(name="Autumn", lines=[[sku.pk, "LH", "14.00"]])
    PriceBatchRun.objects.create(batch=batch, starts_at=timezone.now(), entries=1)
    Price.objects.filter(kind=Price.Kind.SALE).update(batch=batch)
    make_sku(page, "LH-XL", option1="XL", is_active=False)
    Product.objects.update(views=41)
    return ProductPage.objects.get()


@pytest.fixture
def sold(page):
    """The same, sold since."""
    order_for({Sku.objects.with_prices().get(code="LH"): 2})
    return ProductPage.objects.get()


def facts(product):
    """Every column of every row that is a fact about the product, or about prices."""
    rows = [Product.objects.filter(pk=product.pk)]
    rows += [model.objects.filter(sku__product=product) for model in (Price, Stock, StockMovement)]
    rows += [Sku.objects.filter(product=product), OrderItem.objects.filter(sku__product=product)]
    rows += [model.objects.all() for model in (PriceBatch, PriceBatchRun, TaxClass)]
    return [list(found.order_by("pk").values()) for found in rows]


# What retiring changes; and what listings are sorted by, which follows from it.
OF_RETIRING = {"retired", "is_active", "lowest_price", "in_stock", "on_sale", "price_changes_at"}


def facts_beside_retiring(product):
    """The same without the columns that say whether it is sold."""
    return [
        [{name: value for name, value in row.items() if name not in OF_RETIRING} for row in rows]
        for rows in facts(product)
    ]


def publish_old_draft(client, page):
    page.revisions.order_by("pk").last().publish()
    assert ProductPage.objects.get().title == "Lighthouse, third edition"


def publish_from_an_old_form(client, page):
    edit(client, page, product_form("As typed", "lighthouse") | {"action-publish": "1"})
    assert ProductPage.objects.get().title == "As typed"


def revert(client, page):
    first = page.revisions.order_by("pk").first()
    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk])
    assert "Lighthouse" in client.get(address).content.decode()
    data = product_form("Lighthouse", "lighthouse") | {"revision": first.pk}
    edit(client, page, data | {"action-publish": "1"})
    assert ProductPage.objects.get().title == "Lighthouse"


def unpublish(client, page):
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert not ProductPage.objects.get().live


def copy(client, page, **fields):
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": page.get_parent().pk}
    client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data | fields)
    return ProductPage.objects.exclude(pk=page.pk).get()


def copy_page(client, page):
    made = copy(client, page, publish_copies="on")
    made.save_revision().publish()
    assert made.product_id != page.product_id
    assert not made.product.skus.exists()
    assert made.product.views == 0


def make_alias(client, page):
    made = copy(client, page, alias="on")
    assert made.alias_of_id == page.pk
    assert made.product_id == page.product_id


def translate(client, page):
    korean = Locale.objects.create(language_code="ko")
    page.get_parent().copy_for_translation(korean, copy_parents=True)
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])
    client.post(address, {"locales": [korean.pk]})
    made = ProductPage.objects.get(locale=korean)
    made.save_revision().publish()
    assert made.product_id == page.product_id


def move(client, page):
    target = make_category("Posters")
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk]))
    assert ProductPage.objects.get().get_parent() == target.page_ptr


def move_in_bulk(client, page):
    target = make_category("Posters")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    client.post(f"{address}?id={page.pk}&next=/admin/", {"chooser": target.pk})
    assert ProductPage.objects.get().get_parent() == target.page_ptr


def move_category(client, page):
    target = make_category("Posters")
    category = page.get_parent()
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[category.pk, target.pk]))
    assert ProductPage.objects.get().url == "/posters/prints/lighthouse/"


def unpublish_in_bulk(client, page):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    client.post(f"{address}?id={page.pk}&next=/admin/")
    assert not ProductPage.objects.get().live


def publish_in_bulk(client, page):
    page.unpublish()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={page.pk}&next=/admin/")
    assert ProductPage.objects.get().title == "Lighthouse, third edition"


def publish_at_its_moment(client, page):
    page.title = "Lighthouse, on Friday"
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert ProductPage.objects.get().title == "Lighthouse, second edition"
    later = timezone.now() + timedelta(hours=2)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("django.utils.timezone.now", lambda: later)
        call_command("publish_scheduled")
    assert ProductPage.objects.get().title == "Lighthouse, on Friday"


def expire(client, page):
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")
    assert ProductPage.objects.get().expired


def submit_and_approve(client, page):
    data = product_form("As approved", "lighthouse") | {"action-submit": "1"}
    edit(client, page, data)
    state = TaskState.objects.get()
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    client.post(address, {"comment": ""})
    assert ProductPage.objects.get().title == "As approved"


def compare(client, page):
    first, last = page.revisions.order_by("pk").first(), page.revisions.order_by("pk").last()
    for pair in ([first.pk, last.pk], ["earliest", "latest"], [first.pk, "live"]):
        address = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, *pair])
        assert client.get(address).status_code == 200


def preview(client, page):
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    for mode, _label in page.preview_modes:
        client.post(f"{address}?mode={mode}", product_form("As previewed", "lighthouse"))
        shown = client.get(f"{address}?mode={mode}")
        assert shown.status_code == 200
    assert "As previewed" in shown.content.decode()


def look_at_an_old_draft(client, page):
    first = page.revisions.order_by("pk").first()
    address = reverse("wagtailadmin_pages:revisions_view", args=[page.pk, first.pk])
    assert client.get(address).status_code == 200


def lock_and_unlock(client, page):
    client.post(reverse("wagtailadmin_pages:lock", args=[page.pk]))
    assert ProductPage.objects.get().locked
    client.post(reverse("wagtailadmin_pages:unlock", args=[page.pk]))


def copy_category(client, page):
    data = {"new_title": "Copy", "new_slug": "copy", "copy_subpages": "on"}
    category = page.get_parent()
    data["new_parent_page"] = category.get_parent().pk
    client.post(reverse("wagtailadmin_pages:copy", args=[category.pk]), data)
    made = ProductPage.objects.exclude(pk=page.pk).get()
    assert made.product_id != page.product_id
    assert not made.product.skus.exists()


@pytest.mark.parametrize("was_sold", [False, True], ids=["never sold", "sold"])
@pytest.mark.parametrize(
    "action",
    [
        publish_old_draft,
        publish_from_an_old_form,
        publish_in_bulk,
        publish_at_its_moment,
        submit_and_approve,
        expire,
        revert,
        unpublish,
        unpublish_in_bulk,
        copy_page,
        copy_category,
        make_alias,
        translate,
        move,
        move_in_bulk,
        move_category,
        compare,
        preview,
        look_at_an_old_draft,
        lock_and_unlock,
    ],
)
def test_no_action_on_a_page_changes_a_fact(request, client, page, action, was_sold):
    if was_sold:
        page = request.getfixturevalue("sold")
    before = facts(page.product)
    assert [len(rows) for rows in before] == [1, 3, 2, 2 + was_sold, 2, was_sold, 1, 1, 1]

    action(client, page)

    assert facts(page.product) == before


def delete(client, page):
    return client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)


def delete_in_bulk(client, page):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    return client.post(f"{address}?id={page.pk}&next=/admin/", follow=True)


def delete_category(client, page):
    return delete(client, page.get_parent())


def delete_category_in_bulk(client, page):
    return delete_in_bulk(client, page.get_parent())


def delete_by_job(client, page):
    job = deleting.delete_later([page.get_parent()], user=None)
    jobs.run_due()
    job.refresh_from_db()
    assert job.state == job.State.DONE, job.problem


def delete_by_code(client, page):
    page.delete()


def delete_category_by_code(client, page):
    Page.objects.get(pk=page.get_parent().pk).delete()


DELETIONS = [delete, delete_in_bulk, delete_category, delete_category_in_bulk, delete_by_job]


@pytest.mark.parametrize("action", [*DELETIONS, delete_by_code, delete_category_by_code])
def test_deleting_the_page_of_a_product_never_sold_leaves_its_facts(client, page, action):
    before = facts(page.product)

    action(client, page)

    assert not ProductPage.objects.exists()
    assert not ArchivePage.objects.exists()
    assert facts(page.product) == before


def retire_in_bulk(client, page):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "retire"])
    return client.post(f"{address}?id={page.pk}&next=/admin/", follow=True)


@pytest.mark.parametrize("action", [*DELETIONS, retire_in_bulk])
def test_a_product_that_was_sold_is_retired_instead_of_deleted(client, sold, action):
    before, beside = facts(sold.product), facts_beside_retiring(sold.product)

    answer = action(client, sold)

    page = ProductPage.objects.get()
    assert page.get_parent().specific == ArchivePage.objects.get()
    assert page.product.retired
    assert not page.live
    assert not page.product.skus.filter(is_active=True).exists()
    assert facts_beside_retiring(page.product) == beside
    if answer is not None:
        assert answer.status_code == 200
        assert "retired" in answer.content.decode()

    prints = Page.objects.filter(slug="prints").first() or make_category("Prints")
    retiring.bring_back(page, parent=prints).save_revision().publish()

    assert facts(page.product) == before


@pytest.mark.parametrize("action", [delete_by_code, delete_category_by_code])
def test_deleted_by_code_a_product_that_was_sold_keeps_its_facts(client, sold, action):
    before = facts(sold.product)

    action(client, sold)

    assert not ProductPage.objects.exists()
    assert facts(sold.product) == before


def test_the_facts_compared_above_would_show_a_change(page):
    before = facts(page.product)

    set_price(Sku.objects.get(code="LH"), "16.00")

    assert facts(page.product) != before
    assert Sku.objects.with_prices().get(code="LH").price.amount == Decimal(16)
