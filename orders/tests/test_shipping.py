"""Which ways of sending an order are offered, at each border of what they are for."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from orders import shipping
from orders.models import OrderSettings, ShippingMethod


def method(name: str = "Parcel", **fields) -> ShippingMethod:
    return ShippingMethod.objects.create(name=name, **fields)


def offered(country: str = "DE", weight: int = 500, goods: str = "20.00") -> list[str]:
    found = shipping.offered(country=country, weight=weight, goods=Decimal(goods))
    return [each.name for each in found]


def ship_to(*codes: str) -> None:
    settings = OrderSettings.load()
    settings.ships_to = list(codes)
    settings.save()


def test_a_shop_that_set_nothing_up_sends_everywhere_for_nothing(db):
    [only] = shipping.offered(country="NZ", weight=999_999, goods=Decimal("0.01"))

    assert (only.price, only.tax_class_id, only.name) == (0, None, "Standard shipping")
    assert ShippingMethod.objects.count() == 0


def test_a_shop_that_set_nothing_up_sends_only_where_it_sends_at_all(db):
    ship_to("DE", "AT")

    assert offered("AT") == ["Standard shipping"]
    assert offered("CH") == []


def test_a_shop_whose_methods_are_all_for_elsewhere_cannot_send_there(db):
    method(countries=["FR"])

    assert offered("FR") == ["Parcel"]
    assert offered("DE") == []


def test_a_method_that_is_no_longer_offered_is_not_as_if_nothing_were_set_up(db):
    method(is_active=False)

    assert offered() == []


def test_a_method_without_countries_is_for_all_that_the_shop_sends_to(db):
    ship_to("DE", "FR")
    method()

    assert [offered(code) for code in ("DE", "FR", "US")] == [["Parcel"], ["Parcel"], []]


def test_a_method_for_a_country_the_shop_does_not_send_to_is_not_offered(db):
    ship_to("DE")
    method(countries=["US", "DE"])

    assert offered("US") == []
    assert offered("DE") == ["Parcel"]


@pytest.mark.parametrize(
    ("weight", "fits"),
    [(0, False), (499, False), (500, True), (2_000, True), (2_001, False)],
)
def test_both_ends_of_the_weight_belong_to_the_method(db, weight, fits):
    method(weight_from=500, weight_until=2_000)

    assert bool(offered(weight=weight)) is fits


def test_without_an_upper_weight_nothing_is_too_heavy(db):
    method(weight_from=1)

    assert offered(weight=50_000_000) == ["Parcel"]
    assert offered(weight=0) == []


@pytest.mark.parametrize(
    ("goods", "fits"),
    [("49.99", False), ("50.00", True), ("99.99", True), ("100.00", False)],
)
def test_the_lower_value_belongs_to_the_method_and_the_upper_one_to_the_next(db, goods, fits):
    method(value_from=Decimal(50), value_below=Decimal(100))

    assert bool(offered(goods=goods)) is fits


def test_methods_that_follow_each_other_leave_no_value_without_one(db):
    method("Paid", value_below=Decimal(50), price=Decimal("4.90"))
    method("Free", value_from=Decimal(50))

    assert [offered(goods=goods) for goods in ("0", "49.999", "50", "50.001")] == [
        ["Paid"],
        ["Paid"],
        ["Free"],
        ["Free"],
    ]


def test_methods_come_by_position_then_by_price(db):
    method("Express", position=2, price=Decimal(1))
    method("Dear", position=1, price=Decimal(9))
    method("Cheap", position=1, price=Decimal(3))

    assert offered() == ["Cheap", "Dear", "Express"]


@pytest.mark.parametrize("country", ["", "de", "XX", "DEU", "Germany", "\x00", "DE,FR"])
def test_what_is_no_country_is_sent_nowhere(db, country):
    method()

    assert shipping.ships_to(country) is False
    assert offered(country) == []


def test_a_shop_whose_countries_are_all_gone_does_not_send_to_the_whole_world(db):
    """As after a country was dissolved: what is left of the choice is empty, not everything."""
    OrderSettings.load()
    OrderSettings.objects.update(ships_to="AN")

    assert shipping.countries() == []
    assert not shipping.ships_to("DE")


def test_countries_are_sorted_by_their_name_in_the_language(db):
    ship_to("AX", "ZW", "DE", "AT", "KR", "CN")

    with override("en"):
        assert [name for _code, name in shipping.countries()] == [
            "Åland Islands",
            "Austria",
            "China",
            "Germany",
            "South Korea",
            "Zimbabwe",
        ]
    with override("ko"):
        # dae, dok, o, ol, jung, jim
        codes = [code for code, _name in shipping.countries()]
        assert codes == ["KR", "DE", "AT", "AX", "CN", "ZW"]
    with override("zh-hans"):
        # ào dì, ào lán, dé, hán, jīn, zhōng: the order of pinyin, not of the code points
        codes = [code for code, _name in shipping.countries()]
        assert codes == ["AT", "AX", "DE", "KR", "ZW", "CN"]


def test_all_countries_are_offered_where_none_is_chosen(db):
    names = dict(shipping.countries())

    assert len(names) > 240
    assert names["DE"] == "Germany"


def test_what_is_offered_takes_two_questions_however_many_methods(db, django_assert_num_queries):
    OrderSettings.load()
    for number in range(20):
        method(f"Parcel {number}", countries=["DE", "FR"])

    with django_assert_num_queries(2):
        assert len(offered()) == 20
