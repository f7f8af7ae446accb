"""The prices of a product in the admin: the ledger, new prices, ending them; the report."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from catalog import price_batches, prices
from catalog.models import Price
from catalog.tests.factories import make_page, make_sku, set_price
from catalog.tests.price_batches import make_batch, price_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return make_page("Dunes")


def ledger(page):
    return reverse("catalog_prices", args=[page.pk])


def add(page):
    return reverse("catalog_prices_add", args=[page.pk])


def withdraw(page, price):
    return reverse("catalog_prices_withdraw", args=[page.pk, price.pk])


def in_days(number):
    return timezone.now() + timedelta(days=number)


def written(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def new_price(**fields):
    data = {"sku": "", "kind": "sale", "amount": "8.00", "starts_at": "", "ends_at": ""}
    return {**data, "reason": "", **fields}


def text_of(response):
    return " ".join(response.content.decode().split())


def logged_in(django_user_model, *codenames):
    user = django_user_model.objects.create_user("somebody", "somebody@example.com", "secret")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    client = Client()
    client.force_login(user)
    return client


class TestLedger:
    def test_it_shows_what_is_in_force_what_is_to_come_and_what_was(self, client, editor, page):
        sku = make_sku(page, code="D-1", price=None)
        set_price(sku, "12.00", at=in_days(-20), reason="First")
        set_price(sku, "10.00", at=in_days(-10), reason="Second")
        prices.add_prices([sku], "sale", Decimal(8), start=in_days(2), end=in_days(4), user=editor)

        (shown,) = client.get(ledger(page)).context["ledgers"]

        assert (shown.now.amount, shown.then.amount) == (10, 8)
        assert [(one.price.amount, one.is_in_force) for one in shown.lasting] == [
            (Decimal(10), True),
            (Decimal(8), False),
        ]
        assert [one.price.reason for one in shown.past] == ["First"]

    def test_it_says_when_each_price_counts(self, client, editor, page):
        sku = make_sku(page, price="10.00")
        (long,) = prices.add_prices([sku], "sale", Decimal(8), start=in_days(1), end=in_days(9))
        prices.add_prices([sku], "sale", Decimal(7), start=in_days(3), end=in_days(4))
        (hidden,) = prices.add_prices(
            [sku], "sale", Decimal(6), start=in_days(2.9), end=in_days(2.95)
        )
        Price.objects.create(
            sku=sku,
            kind="sale",
            amount=5,
            currency="EUR",
            valid_from=hidden.valid_from,
            valid_until=hidden.valid_until,
        )

        (shown,) = client.get(ledger(page)).context["ledgers"]

        times = {one.price.pk: len(one.times) for one in shown.lasting}
        # In three pieces: before, between and after the two that begin later.
        assert times[long.pk] == 3
        assert times[hidden.pk] == 0
        assert "Never: others that begin later win." in text_of(client.get(ledger(page)))

    def test_it_names_the_batch_and_who_withdrew(self, client, editor, page):
        sku = make_sku(page, price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})
        price_batches.approve(batch, user=editor)
        price_batches.end(batch, user=editor)

        text = text_of(client.get(ledger(page)))

        assert "Autumn sale" in text
        assert "Ended early on" in text
        assert "by editor" in text

    def test_a_product_without_skus_or_prices_has_a_page_too(self, client, editor, page):
        assert "no SKU yet" in text_of(client.get(ledger(page)))
        make_sku(page, price=None)

        assert "nobody can buy it" in text_of(client.get(ledger(page)))

    def test_it_is_paged_and_takes_a_constant_number_of_queries(
        self, client, editor, page, django_assert_max_num_queries
    ):
        counted = []
        for number in (1, 30):
            for place in range(number):
                sku = make_sku(page, price="10.00", option1=f"{number}-{place}")
                prices.add_prices([sku], "sale", Decimal(8), start=in_days(1), user=editor)
            client.get(ledger(page))
            with django_assert_max_num_queries(40) as queries:
                response = client.get(ledger(page))
            counted.append(len(queries))

        assert len(response.context["ledgers"]) == 20
        assert counted[0] == counted[1]


class TestNewPrice:
    def errors(self, client, page, **fields):
        before = Price.objects.count()
        response = client.post(add(page), new_price(**fields))
        assert response.status_code == 200
        assert Price.objects.count() == before
        return response.context["form"]

    def test_a_sale_for_one_sku_in_a_window(self, client, editor, page):
        small, large = (make_sku(page, price="10.00", option1=size) for size in "SL")
        start, end = in_days(2), in_days(4)

        response = client.post(
            add(page),
            new_price(
                sku=small.pk, starts_at=written(start), ends_at=written(end), reason="Weekend"
            ),
        )

        assert response.url == ledger(page)
        assert price_of(small) == 10
        assert price_of(small, in_days(3)) == 8
        assert price_of(small, in_days(5)) == 10
        assert price_of(large, in_days(3)) == 10
        row = Price.objects.get(kind="sale")
        assert (row.user, row.reason) == (editor, "Weekend")
        entry = PageLogEntry.objects.get(action="catalog.prices.edit")
        assert entry.data["codes"] == [small.code]

    def test_a_regular_price_for_all_from_now_on(self, client, editor, page):
        skus = [make_sku(page, price="10.00", option1=size) for size in "SL"]

        client.post(add(page), new_price(kind="regular", amount="15.00"))

        assert [price_of(sku) for sku in skus] == [15, 15]

    @pytest.mark.parametrize(
        ("field", "sent", "words"),
        [
            ("amount", {"amount": "-1"}, "below zero"),
            ("amount", {"amount": ""}, "required"),
            ("amount", {"amount": "ten"}, "Write a number"),
            ("amount", {"amount": "10.00"}, "below the regular price at its start: D-1 (€10.00)"),
            ("starts_at", {"starts_at": "2020-01-01 00:00"}, "This is past"),
            ("ends_at", {"ends_at": "2020-01-01 00:00"}, "Must be after"),
        ],
    )
    def test_mistakes_are_told_at_their_field_and_nothing_typed_is_lost(
        self, client, editor, page, field, sent, words
    ):
        make_sku(page, code="D-1", price="10.00")

        form = self.errors(client, page, reason="Kept", **sent)

        assert words in " ".join(form.errors[field])
        assert form["reason"].value() == "Kept"
        assert form[field].value() == sent[field]

    def test_a_sale_is_compared_with_the_regular_price_at_its_start(self, client, editor, page):
        sku = make_sku(page, price="10.00")
        set_price(sku, "7.00", at=in_days(1))

        form = self.errors(client, page, starts_at=written(in_days(2)))
        client.post(add(page), new_price())

        assert "€7.00" in form.errors["amount"][0]
        assert price_of(sku) == 8

    def test_a_sale_without_a_regular_price_is_refused(self, client, editor, page):
        make_sku(page, code="D-1", price=None)

        assert "none for: D-1" in self.errors(client, page).errors["amount"][0]

    def test_where_another_price_begins_later_it_says_which_one_wins(self, client, editor, page):
        sku = make_sku(page, price="10.00")
        prices.add_prices([sku], "sale", Decimal(7), start=in_days(3), end=in_days(4))

        response = client.post(add(page), new_price(), follow=True)

        assert "“€7.00” wins, because it begins later." in text_of(response)

    def test_a_sku_of_another_product_is_none_to_choose(self, client, editor, page):
        make_sku(page, price="10.00")

        assert self.errors(client, page, sku=make_sku(price="9.00").pk).errors["sku"]


class TestWithdrawing:
    def test_a_price_to_come_is_cancelled_after_a_question(self, client, editor, page):
        sku = make_sku(page, price="10.00")
        (price,) = prices.add_prices([sku], "regular", Decimal(15), start=in_days(2))

        question = text_of(client.get(withdraw(page, price)))
        assert "Yes, cancel it" in question
        assert "€10.00" in question
        assert price_of(sku, in_days(3)) == 15
        client.post(withdraw(page, price), {"reason": "Not now"})

        assert price_of(sku, in_days(3)) == 10
        price.refresh_from_db()
        assert (price.withdrawal.user, price.withdrawal.reason) == (editor, "Not now")
        assert PageLogEntry.objects.filter(action="catalog.prices.edit").exists()

    def test_a_running_sale_is_ended(self, client, editor, page):
        sku = make_sku(page, price="8.00", compare_at="10.00")
        sale = sku.prices.get(kind="sale")
        assert "Yes, end it now" in text_of(client.get(withdraw(page, sale)))

        client.post(withdraw(page, sale))

        assert price_of(sku) == 10

    def test_the_price_that_a_product_is_sold_at_is_not_taken_away(self, client, editor, page):
        sku = make_sku(page, price="10.00")

        response = client.post(withdraw(page, sku.prices.get()), follow=True)

        assert "neither cancelled nor ended" in text_of(response)
        assert price_of(sku) == 10

    def test_twice_does_nothing_more(self, client, editor, page):
        sku = make_sku(page, price="8.00", compare_at="10.00")
        sale = sku.prices.get(kind="sale")
        client.post(withdraw(page, sale), {"reason": "first"})

        client.post(withdraw(page, sale), {"reason": "second"})

        sale.refresh_from_db()
        assert sale.withdrawal.reason == "first"

    def test_a_price_of_another_product_is_not_there(self, client, editor, page):
        other = make_sku(price="8.00", compare_at="10.00").prices.get(kind="sale")

        assert client.post(withdraw(page, other)).status_code == 404


class TestRights:
    def test_the_permission_for_prices_is_enough(self, django_user_model, page):
        sku = make_sku(page, price="10.00")
        client = logged_in(django_user_model, "add_price")

        client.post(add(page), new_price())

        assert price_of(sku) == 8

    def test_whoever_may_only_see_prices_writes_none(self, django_user_model, page):
        sku = make_sku(page, price="8.00", compare_at="10.00")
        client = logged_in(django_user_model, "view_price")
        sale = sku.prices.get(kind="sale")

        response = client.get(ledger(page))
        assert response.status_code == 200
        assert add(page) not in response.content.decode()
        assert withdraw(page, sale) not in response.content.decode()
        for address in (add(page), withdraw(page, sale)):
            assert client.post(address, new_price()).status_code in (302, 403)

        assert price_of(sku) == 8
        assert Price.objects.count() == 2

    def test_others_see_nothing(self, django_user_model, page):
        make_sku(page, price="10.00")
        client = logged_in(django_user_model, "view_order")

        assert client.get(ledger(page)).status_code != 200


class TestReport:
    address = "/admin/reports/price-history/"

    def rows(self, client, **query):
        response = client.get(self.address, query)
        return [row.amount for row in response.context["object_list"]]

    def test_it_is_filtered_by_sku_product_user_batch_and_period(self, client, editor, page):
        sku = make_sku(page, code="D-1", price="10.00")
        other = make_sku(make_page("Waves"), code="W-1", price="20.00")
        prices.add_prices([other], "sale", Decimal(15), start=timezone.now(), user=editor)
        batch = make_batch(by_hand={sku: "8.00"})
        price_batches.approve(batch, user=None)
        Price.objects.filter(amount=20).update(created=in_days(-40))

        assert self.rows(client) == [8, 15, 10, 20]
        assert self.rows(client, q="dunes") == [8, 10]
        assert self.rows(client, code="w-1") == [15, 20]
        assert self.rows(client, user=editor.pk) == [15]
        assert self.rows(client, batch=batch.pk) == [8]
        assert self.rows(client, kind="sale") == [8, 15]
        until = in_days(-10).date().isoformat()
        assert self.rows(client, created_to=until) == [20]

    def test_it_exports_what_was_withdrawn_too(self, client, editor, page):
        sku = make_sku(page, code="D-1", price="10.00")
        sale = prices.add_prices(
            [sku], "sale", Decimal(8), start=timezone.now(), user=editor, reason="=cmd()"
        )
        prices.withdraw(sale)

        text = b"".join(client.get(self.address, {"export": "csv"})).decode()

        heading, first, _second = text.strip().splitlines()
        assert "Withdrawn" in heading
        assert "'=cmd()" in first
        assert "Dunes,D-1" in first

    def test_it_takes_a_constant_number_of_queries(
        self, client, editor, django_assert_max_num_queries
    ):
        counted = []
        for number in (1, 12):
            for _ in range(number):
                batch = make_batch(by_hand={make_sku(price="10.00"): "8.00"})
                price_batches.approve(batch, user=editor)
            client.get(self.address)
            with django_assert_max_num_queries(40) as queries:
                client.get(self.address)
            counted.append(len(queries))

        assert counted[0] == counted[1]
