"""The merchant's rules in the Wagtail admin: coupons, shipping methods, the settings."""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from catalog.tests.factories import make_category
from orders import coupons
from orders.models import NUMBER_ALPHABET, Coupon, OrderSettings, ShippingMethod
from orders.selling import coupon_batches
from orders.selling.coupon_form import CouponForm
from orders.selling.coupon_states import State, in_state, state_of
from orders.selling.coupons import CouponViewSet
from orders.tests.test_coupons import coupon, order, use

pytestmark = pytest.mark.usefixtures("editor")

LIST = "/admin/coupons/"
ADD, MANY = f"{LIST}new/", f"{LIST}generate/"


def values(**changed):
    """What the browser sends for a coupon."""
    return {
        "code": "SPRING",
        "note": "",
        "kind": "percent",
        "value": "10",
        "is_active": "on",
        "valid_from": "",
        "valid_until": "",
        "minimum": "0",
        "most_uses": "",
        "most_uses_each": "",
        **changed,
    }


def errors(response) -> dict[str, list[str]]:
    return response.context["form"].errors if response.context else {}


def edit(row) -> str:
    return f"/admin/coupons/edit/{row.pk}/"


class TestTheFormOfACoupon:
    def test_a_coupon_is_made(self, client):
        category = make_category("Cards")
        sent = values(
            valid_from="2026-12-01 00:00",
            valid_until="2026-12-24 18:00",
            minimum="20",
            most_uses="100",
            most_uses_each="1",
            first_order_only="on",
            only_some="on",
            categories=[category.pk],
            note="Advent",
        )

        response = client.post(ADD, sent)

        assert response.status_code == 302, errors(response)
        made = Coupon.objects.get()
        assert (made.code, made.kind, made.value, made.most_uses) == ("SPRING", "percent", 10, 100)
        assert made.first_order_only
        assert list(made.categories.all()) == [category]

    @pytest.mark.parametrize(
        ("changed", "field", "message"),
        [
            ({"code": "TWO WORDS"}, "code", "A code has no spaces."),
            ({"code": "taken"}, "code", "Another coupon has this code."),
            ({"value": "100.001"}, "value", "No more than 100 percent."),
            ({"value": "0"}, "value", "Say how much it takes off."),
            ({"value": ""}, "value", "Say how much it takes off."),
            ({"kind": "amount", "value": "0"}, "value", "Say how much it takes off."),
            (
                {"kind": "amount", "value": "4.999"},
                "value",
                "EUR has fewer digits after the point.",
            ),
            ({"minimum": "9.999"}, "minimum", "EUR has fewer digits after the point."),
            (
                {"valid_from": "2026-12-01 12:00", "valid_until": "2026-12-01 12:00"},
                "valid_until",
                "It must end after it begins.",
            ),
            ({"only_some": "on"}, "categories", "Choose at least one category."),
            ({"most_uses": "-1"}, "most_uses", ""),
        ],
    )
    def test_what_is_wrong_is_said_where_it_is(self, client, changed, field, message):
        coupon("TAKEN")

        response = client.post(ADD, values(**changed))

        assert response.status_code == 200
        assert list(errors(response)) == [field]
        assert message in errors(response)[field][0]
        assert Coupon.objects.count() == 1

    def test_categories_without_their_tick_are_asked_about(self, client):
        response = client.post(ADD, values(categories=[make_category("Cards").pk]))

        assert list(errors(response)) == ["only_some"]

    @pytest.mark.parametrize("value", ["0.001", "100"])
    def test_all_percentages_up_to_a_hundred_are_right(self, client, value):
        assert client.post(ADD, values(value=value)).status_code == 302
        assert Coupon.objects.get().value == Decimal(value)

    def test_free_shipping_needs_no_value(self, client):
        assert client.post(ADD, values(kind="free_shipping", value="12")).status_code == 302
        assert Coupon.objects.get().value == 0

    def test_what_orders_used_meanwhile_is_not_written_over(self):
        """The form was opened, an order used the coupon, and then the form was sent."""
        row = coupon(most_uses=5)
        opened = Coupon.objects.get()
        use(row, order())
        data = values(code="RENAMED", most_uses="5")
        form_class = _form_class()

        form = form_class(data, instance=opened)
        assert form.is_valid(), form.errors
        form.save()

        row.refresh_from_db()
        assert (row.code, row.used) == ("RENAMED", 1)

    def test_without_that_care_a_use_would_be_lost(self):
        """The control: Django's own way to save writes every column."""
        row = coupon(most_uses=5)
        opened = Coupon.objects.get()
        use(row, order())

        opened.save()

        row.refresh_from_db()
        assert row.used == 0

    def test_the_limit_cannot_go_below_what_was_used(self, client):
        row = coupon("SPRING", most_uses=5)
        use(row, order())
        use(row, order())

        response = client.post(edit(row), values(most_uses="1"))

        assert errors(response)["most_uses"] == ["It has been used 2 times already."]
        assert client.post(edit(row), values(most_uses="2")).status_code == 302

    def test_a_limit_that_is_passed_while_it_is_lowered_is_said_too(self, client, monkeypatch):
        row = coupon("SPRING", most_uses=5)
        clean = CouponForm.clean

        def clean_before_others_use_it(form):
            cleaned = clean(form)
            Coupon.objects.filter(pk=row.pk).update(used=3)
            return cleaned

        monkeypatch.setattr(CouponForm, "clean", clean_before_others_use_it)

        response = client.post(edit(row), values(most_uses="2"))

        assert errors(response)["most_uses"] == ["It has been used 3 times already."]
        row.refresh_from_db()
        assert (row.most_uses, row.used) == (5, 3)

    def test_its_own_code_is_no_other_one(self, client):
        row = coupon("SPRING")

        assert client.post(edit(row), values(code="Spring")).status_code == 302
        row.refresh_from_db()
        assert row.code == "Spring"


def _form_class():
    return CouponViewSet().get_edit_handler().get_form_class()


class TestDeleting:
    def test_a_coupon_that_nobody_used_goes(self, client):
        row = coupon()

        assert client.get(f"{LIST}delete/{row.pk}/").status_code == 200
        client.post(f"{LIST}delete/{row.pk}/")

        assert not Coupon.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_one_that_was_used_stays_and_it_is_said_why(self, client, method):
        row = coupon()
        placed = order()
        use(row, placed)
        coupons.release(placed)

        response = getattr(client, method)(f"{LIST}delete/{row.pk}/", follow=True)

        assert response.redirect_chain == [(edit(row), 302)]
        assert (
            "“WELCOME” was used by 1 order and is part of its books. "
            "It cannot be deleted; switch it off instead."
        ) in response.content.decode()
        assert Coupon.objects.count() == 1

    def test_it_can_be_switched_off(self, client):
        row = coupon("SPRING")
        use(row, order())

        sent = values()
        del sent["is_active"]
        client.post(edit(row), sent)

        row.refresh_from_db()
        assert not row.is_active


NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, State.ACTIVE),
        ({"valid_from": NOW, "valid_until": NOW + HOUR}, State.ACTIVE),
        ({"valid_from": NOW + HOUR}, State.LATER),
        ({"valid_until": NOW}, State.OVER),
        ({"most_uses": 2, "used": 2}, State.USED_UP),
        ({"most_uses": 2, "used": 1}, State.ACTIVE),
        ({"most_uses": 2, "used": 2, "valid_until": NOW - HOUR}, State.OVER),
        ({"most_uses": 0, "valid_from": NOW + HOUR}, State.USED_UP),
        ({"is_active": False, "valid_until": NOW - HOUR}, State.OFF),
    ],
)
def test_each_coupon_is_in_one_state_by_either_way_of_asking(fields, state):
    row = coupon(**fields)

    found = [each for each in State if Coupon.objects.filter(in_state(each, NOW)).exists()]

    assert (state_of(row, NOW), found) == (state, [state])


class TestTheListOfCoupons:
    def test_it_says_how_each_stands(self, client):
        coupon("PERCENT", value=Decimal("12.500"), most_uses=3, used=1)
        coupon("AMOUNT", kind="amount", value=Decimal(5), valid_until=NOW - HOUR)
        coupon("FREE", kind="free_shipping", value=0, is_active=False)

        page = client.get(LIST).content.decode()

        for text in ("12.5 %", "1 / 3", "€5.00", "over", "free shipping", "switched off", "0 / ∞"):
            assert text in page

    def test_it_can_be_narrowed_and_searched(self, client):
        coupon("ONE", most_uses=1, used=1)
        coupon("TWO", note="Flyer")
        coupon("THREE", note="Flyer", kind="amount")

        def shown(query: str) -> set[str]:
            return {row.code for row in client.get(LIST + query).context["object_list"]}

        assert shown("?state=used_up") == {"ONE"}
        assert shown("?state=active") == {"TWO", "THREE"}
        assert shown("?kind=amount") == {"THREE"}
        assert shown("?note=Flyer") == {"TWO", "THREE"}
        assert shown("?q=hre") == {"THREE"}
        assert shown("?q=flyer") == {"TWO", "THREE"}

    def test_a_longer_list_asks_no_more_of_the_database(
        self, client, django_assert_max_num_queries
    ):
        for number in range(60):
            coupon(f"C{number}")
        client.get(LIST)

        with django_assert_max_num_queries(20):
            client.get(LIST)


class TestManyAtOnce:
    def send(self, client, **changed):
        sent = {**values(), "prefix_text": "SPRING", "count": "200", "note": "Advent letter"}
        del sent["code"]
        return client.post(MANY, {**sent, **changed})

    def test_they_are_made_with_the_same_terms_and_found_by_their_note(self, client, editor):
        category = make_category("Cards")

        response = self.send(client, only_some="on", categories=[category.pk], minimum="15")

        assert response.status_code == 302, errors(response)
        made = Coupon.objects.all()
        assert len({row.code.lower() for row in made}) == 200
        assert {(row.most_uses, row.used, row.value, row.minimum) for row in made} == {
            (1, 0, 10, 15)
        }
        assert all(list(row.categories.all()) == [category] for row in made[:3])
        listed = client.get(response["Location"])
        assert listed.context["paginator"].count == 200
        entries = ModelLogEntry.objects.filter(action="wagtail.create", user=editor)
        assert {entry.label for entry in entries} >= {row.code for row in made}

    def test_codes_have_fifty_random_bits_in_letters_one_can_read_out(self):
        codes = coupon_batches.new_codes("SPRING", 3_000)

        letters = [code.removeprefix("SPRING-").replace("-", "") for code in codes]
        assert len(set(letters)) == 3_000
        assert {len(each) for each in letters} == {10}
        # Each place takes each of the 32 letters: 32 ** 10 is 2 ** 50.
        assert all({each[place] for each in letters} == set(NUMBER_ALPHABET) for place in range(10))
        assert all(len(code) <= 40 for code in coupon_batches.new_codes("X" * 20, 1))

    def test_without_a_beginning_the_letters_stand_alone(self):
        [code] = coupon_batches.new_codes("", 1)

        assert len(code) == 11

    def test_all_of_them_can_be_downloaded(self, client):
        location = self.send(client, prefix_text="", note="=cmd|'/C calc'!A1")["Location"]

        response = client.get(f"{location}&export=csv")

        text = b"".join(response.streaming_content).decode()
        rows = list(csv.reader(StringIO(text)))
        assert len(rows) == 201
        assert {row[0] for row in rows[1:]} == set(Coupon.objects.values_list("code", flat=True))
        # What a spreadsheet would run is a text.
        assert {row[-1] for row in rows[1:]} == {"'=cmd|'/C calc'!A1"}
        assert not any(cell[:1] in "=+-@\t\r" for row in rows for cell in row if cell)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"count": "1"}, "count"),
            ({"count": "5001"}, "count"),
            ({"count": ""}, "count"),
            ({"prefix_text": "=SUM"}, "prefix_text"),
            ({"prefix_text": "A B"}, "prefix_text"),
            ({"prefix_text": "-A"}, "prefix_text"),
            ({"prefix_text": "X" * 21}, "prefix_text"),
            ({"note": ""}, "note"),
            ({"note": "Taken"}, "note"),
            ({"value": "101"}, "value"),
        ],
    )
    def test_what_is_wrong_makes_none(self, client, changed, field):
        coupon("OTHER", note="Taken")

        response = self.send(client, **changed)

        assert list(errors(response)) == [field]
        assert Coupon.objects.count() == 1

    def test_five_thousand_are_no_trouble(self, client):
        response = self.send(client, count="5000")

        assert response.status_code == 302
        assert Coupon.objects.filter(note="Advent letter").count() == 5_000

    def test_a_code_that_is_taken_is_drawn_again(self, monkeypatch, editor):
        coupon("TAKEN")
        drawn = [["A", "taken"], ["B", "C"]]
        monkeypatch.setattr(coupon_batches, "new_codes", lambda prefix, count: drawn.pop(0))
        terms = Coupon(value=5, note="Again")

        made = coupon_batches.make(terms, [], prefix="", count=2, user=editor)

        assert [row.code for row in made] == ["B", "C"]
        assert Coupon.objects.count() == 3

    def test_without_end_it_is_not_tried(self, monkeypatch, editor):
        coupon("TAKEN")
        monkeypatch.setattr(coupon_batches, "new_codes", lambda prefix, count: ["A", "taken"])

        with pytest.raises(IntegrityError):
            coupon_batches.make(Coupon(value=5), [], prefix="", count=2, user=editor)
        assert Coupon.objects.count() == 1


class TestWhoMay:
    @pytest.fixture
    def clerk(self, client, django_user_model):
        group = Group.objects.create(name="Marketing")
        group.permissions.add(
            Permission.objects.get(codename="access_admin"),
            Permission.objects.get(codename="view_coupon"),
        )
        user = django_user_model.objects.create_user("clerk", "clerk@example.com", "secret")
        user.groups.add(group)
        client.force_login(user)
        return group

    def test_who_may_only_look_makes_and_changes_nothing(self, client, clerk):
        row = coupon()

        assert client.get(LIST).status_code == 200
        assert "Make many at once" not in client.get(LIST).content.decode()
        for address in (ADD, MANY, edit(row), f"{LIST}delete/{row.pk}/"):
            assert client.get(address).status_code == 302
            assert client.post(address, values(prefix_text="A", count="5")).status_code == 302
        assert list(Coupon.objects.values_list("code", "value")) == [("WELCOME", 10)]

    def test_who_may_see_none_of_it_is_not_led_there(self, client, clerk):
        menu = client.get(reverse("wagtailadmin_home")).content.decode()
        assert "/admin/coupons/" in menu
        assert "/admin/tax-rates/" not in menu

        clerk.permissions.remove(Permission.objects.get(codename="view_coupon"))
        assert "/admin/coupons/" not in client.get(reverse("wagtailadmin_home")).content.decode()
        assert client.get(LIST).status_code == 302

    def test_a_group_can_be_given_each_of_them(self, client):
        page = client.get(reverse("wagtailusers_groups:add")).content.decode()

        for codename in ("add_coupon", "change_shippingmethod", "delete_taxrate"):
            assert f'value="{Permission.objects.get(codename=codename).pk}"' in page


class TestShippingMethods:
    LIST = "/admin/shipping-methods/"

    def send(self, client, **changed):
        sent = {
            "name": "Parcel",
            "description": "",
            "price": "4.90",
            "tax_class": "",
            "is_active": "on",
            "position": "0",
            "weight_from": "0",
            "weight_until": "",
            "value_from": "0",
            "value_below": "",
        }
        return client.post(f"{self.LIST}new/", {**sent, **changed})

    def test_a_method_is_made_and_listed_with_what_it_is_for(self, client):
        response = self.send(
            client,
            countries=["DE", "AT", "FR", "NL", "BE"],
            weight_from="500",
            weight_until="2000",
            value_below="80",
        )
        assert response.status_code == 302, errors(response)

        page = client.get(self.LIST).content.decode()

        for text in ("Austria, Belgium, France and 2 more", "500–2,000 g", "below €80.00", "€4.90"):
            assert text in page

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"weight_from": "501", "weight_until": "500"}, "weight_until"),
            ({"value_from": "80", "value_below": "80"}, "value_below"),
            ({"price": "-1"}, "price"),
            ({"price": "4.999"}, "price"),
            ({"countries": ["XX"]}, "countries"),
            ({"name": ""}, "name"),
        ],
    )
    def test_what_is_wrong_is_said_where_it_is(self, client, changed, field):
        response = self.send(client, **changed)

        assert list(errors(response)) == [field]
        assert not ShippingMethod.objects.exists()

    def test_one_weight_is_a_range_too(self, client):
        assert self.send(client, weight_from="500", weight_until="500").status_code == 302

    def test_the_list_can_be_narrowed_to_a_country(self, client):
        ShippingMethod.objects.create(name="Here", countries=["DE", "AT"])
        ShippingMethod.objects.create(name="There", countries=["US"], is_active=False)
        ShippingMethod.objects.create(name="Anywhere")

        def shown(query: str) -> set[str]:
            return {row.name for row in client.get(self.LIST + query).context["object_list"]}

        assert shown("?country=AT") == {"Here", "Anywhere"}
        assert shown("?country=US") == {"There", "Anywhere"}
        assert shown("?is_active=true") == {"Here", "Anywhere"}
        assert shown("?q=any") == {"Anywhere"}

    def test_a_method_can_be_deleted(self, client):
        row = ShippingMethod.objects.create(name="Here")

        client.post(f"{self.LIST}delete/{row.pk}/")

        assert not ShippingMethod.objects.exists()


def test_the_settings_of_orders_are_kept(client):
    address = reverse(
        "wagtailsettings:edit", args=["orders", "ordersettings", OrderSettings.load().pk]
    )
    page = client.get(address)
    sent = {
        name: value
        for name, value in page.context["form"].initial.items()
        if value not in (None, False) and not isinstance(value, list)
    }

    response = client.post(address, {**sent, "ships_to": ["DE", "AT"], "seller": "Me"})

    assert response.status_code == 302, errors(response)
    own = OrderSettings.load()
    assert {country.code for country in own.ships_to} == {"DE", "AT"}
    assert own.seller == "Me"


def test_moments_are_read_in_the_time_of_whoever_writes_them(client):
    client.post(ADD, values(valid_from="2026-12-01 09:00"))

    zone = timezone.get_current_timezone()
    assert Coupon.objects.get().valid_from == datetime(2026, 12, 1, 9, 0, tzinfo=zone)
