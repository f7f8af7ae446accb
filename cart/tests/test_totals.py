"""Money adds up to the cent, whatever is in the cart."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cart.totals import Discount, DiscountKind, Line, Shipping, totals
from catalog.money import share_out, smallest_unit

CURRENCIES = ["EUR", "JPY", "KWD"]


def line(code="A", price="10.00", quantity=1, rate="0", **more) -> Line:
    return Line(code, Decimal(price), quantity, Decimal(rate), **more)


def amounts(most: int = 10**7):
    return st.integers(0, most).map(lambda units: Decimal(units).scaleb(-3))


rates = st.sampled_from([Decimal(text) for text in ("0", "5.5", "7", "8.1", "19", "25")])
carts = st.integers(1, 12).flatmap(
    lambda count: st.tuples(
        *[
            st.builds(Line, st.just(f"S{at}"), amounts(), st.integers(1, 999), rates, st.booleans())
            for at in range(count)
        ]
    )
)
discounts = st.one_of(
    st.none(),
    st.just(Discount(DiscountKind.FREE_SHIPPING)),
    st.builds(
        Discount, st.just(DiscountKind.PERCENT), st.integers(0, 1000).map(lambda n: Decimal(n) / 10)
    ),
    st.builds(Discount, st.just(DiscountKind.AMOUNT), amounts()),
)
shippings = st.builds(Shipping, amounts(100_000), rates)


@given(carts, st.sampled_from(CURRENCIES), discounts, shippings, st.booleans())
@settings(max_examples=250, deadline=None)
def test_whatever_is_bought_adds_up_and_nothing_is_below_nought(
    lines, currency, discount, shipping, includes_tax
):
    result = totals(
        lines, currency, discount=discount, shipping=shipping, includes_tax=includes_tax
    )
    sent = result.shipping

    assert result.goods == sum(one.amount for one in result.lines)
    assert result.discount == sum(one.discount for one in result.lines)
    assert result.grand_total == sum(one.gross for one in result.lines) + sent.gross
    shown = result.goods - result.discount + sent.amount - sent.discount
    assert result.grand_total == (shown if includes_tax else shown + result.tax)
    unit = smallest_unit(currency)
    for one in [*result.lines, sent]:
        for amount in (one.amount, one.discount, one.net, one.tax, one.gross):
            assert amount >= 0
            assert amount % unit == 0
        assert one.discount <= one.amount
    assert all(
        not one.discount
        for one, asked in zip(result.lines, lines, strict=True)
        if not asked.discountable
    )


@given(carts, st.sampled_from(CURRENCIES), discounts, st.booleans(), st.randoms())
@settings(max_examples=80, deadline=None)
def test_no_result_depends_on_the_order_of_the_lines(lines, currency, discount, taxed, random):
    mixed = list(lines)
    random.shuffle(mixed)

    one = totals(lines, currency, discount=discount, includes_tax=taxed)
    other = totals(mixed, currency, discount=discount, includes_tax=taxed)

    assert sorted(one.lines, key=lambda row: row.code) == sorted(
        other.lines, key=lambda row: row.code
    )
    assert (one.grand_total, one.taxes) == (other.grand_total, other.taxes)


def test_a_percentage_that_does_not_divide_is_shared_out_to_the_cent():
    three = [line(code, "3.33") for code in "ABC"]

    for order in permutations(three):
        result = totals(order, "EUR", discount=Discount(DiscountKind.PERCENT, Decimal(10)))
        off = {row.code: row.discount for row in result.lines}
        assert result.discount == Decimal("1.00")
        assert off == {"A": Decimal("0.34"), "B": Decimal("0.33"), "C": Decimal("0.33")}


def test_tax_is_a_part_of_prices_that_include_it_and_comes_on_top_of_others():
    with_tax = totals([line(price="119.00", rate="19")], "EUR")
    without = totals([line(price="100.00", rate="19")], "EUR", includes_tax=False)

    assert (with_tax.net, with_tax.tax, with_tax.grand_total) == (100, 19, 119)
    assert (without.net, without.tax, without.grand_total) == (100, 19, 119)


def test_each_rate_has_a_share_of_its_own():
    lines = [line("A", "119", rate="19"), line("B", "107", rate="7"), line("C", "50")]

    result = totals(lines, "EUR", shipping=Shipping(Decimal("11.90"), Decimal(19)))

    assert [(share.rate, share.net, share.tax) for share in result.taxes] == [
        (0, 50, 0),
        (7, 100, 7),
        (19, 110, Decimal("20.90")),
    ]


@pytest.mark.parametrize(
    ("value", "kind", "off"),
    [
        ("5", DiscountKind.AMOUNT, "5.00"),
        ("500", DiscountKind.AMOUNT, "20.00"),
        ("100", DiscountKind.PERCENT, "20.00"),
        ("12.5", DiscountKind.PERCENT, "2.50"),
    ],
)
def test_a_coupon_takes_no_more_than_what_it_counts_for(value, kind, off):
    lines = [line("A", "20.00"), line("B", "30.00", discountable=False)]

    result = totals(lines, "EUR", discount=Discount(kind, Decimal(value)))

    assert result.discount == Decimal(off)
    assert result.grand_total == 50 - Decimal(off)


def test_free_shipping_takes_off_what_sending_costs_and_its_tax():
    sending = Shipping(Decimal("4.90"), Decimal(19))

    result = totals([line()], "EUR", shipping=sending, discount=Discount("free_shipping"))

    assert (result.shipping.amount, result.shipping.discount) == (Decimal("4.90"), Decimal("4.90"))
    assert result.grand_total == 10


@pytest.mark.parametrize(("currency", "total"), [("EUR", "0.30"), ("JPY", "0"), ("KWD", "0.297")])
def test_amounts_are_rounded_as_the_currency_rounds(currency, total):
    assert totals([line(price="0.099", quantity=3)], currency).grand_total == Decimal(total)


def test_an_empty_cart_costs_nothing():
    result = totals([], "EUR")

    assert (result.grand_total, result.tax, result.lines) == (0, 0, ())


def test_nothing_can_be_shared_out_among_nothing():
    assert share_out(Decimal("5.00"), [Decimal(0)], "EUR", ["A"]) == [0]
