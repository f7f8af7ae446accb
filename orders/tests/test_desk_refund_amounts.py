"""Parts of what was paid for a line: in whatever steps it goes back, they add up to it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.money import smallest_unit
from orders.desk.refund_amounts import least_of, part_of, shared

CURRENCIES = ["EUR", "JPY", "KWD"]


@st.composite
def lines(draw):
    currency = draw(st.sampled_from(CURRENCIES))
    paid = draw(st.integers(0, 10_000_000)) * smallest_unit(currency)
    return currency, paid, draw(st.integers(1, 200))


@given(lines(), st.data())
def test_parts_of_a_line_add_up_to_what_was_paid_for_it(line, data):
    currency, paid, pieces = line
    left, rest, parts = paid, pieces, []

    while rest:
        count = data.draw(st.integers(1, rest))
        parts.append(part_of(left, rest, count, currency))
        left, rest = left - parts[-1], rest - count

    assert sum(parts) == paid
    assert all(part >= 0 for part in parts)


@given(lines(), st.data())
def test_a_refund_that_failed_between_them_changes_nothing(line, data):
    currency, paid, pieces = line
    first = data.draw(st.integers(0, pieces))
    given_back = part_of(paid, pieces, first, currency)
    # The same pieces are asked for, refused, and asked for again by another road.
    tried = data.draw(st.integers(0, pieces - first))
    part_of(paid - given_back, pieces - first, tried, currency)

    rest = part_of(paid - given_back, pieces - first, pieces - first, currency)

    assert given_back + rest == paid


@given(lines(), st.data())
def test_no_refund_at_full_cost_is_below_the_least_whatever_failed_before_it(line, data):
    currency, paid, pieces = line
    held: list[tuple[int, Decimal]] = []
    for _step in range(data.draw(st.integers(1, 6))):
        rest = pieces - sum(count for count, _part in held)
        if held and (not rest or data.draw(st.booleans())):
            held.pop(data.draw(st.integers(0, len(held) - 1)))
            continue
        count = data.draw(st.integers(1, rest))
        left = paid - sum(part for _count, part in held)
        held.append((count, part_of(left, rest, count, currency)))

    assert all(part >= least_of(paid, pieces, count, currency) for count, part in held)


@given(lines(), st.data())
def test_no_piece_differs_from_another_by_more_than_the_smallest_unit(line, data):
    currency, paid, pieces = line
    count = data.draw(st.integers(0, pieces))

    part = part_of(paid, pieces, count, currency)

    assert abs(part - paid * count / pieces) < max(count, 1) * smallest_unit(currency)


@pytest.mark.parametrize(
    ("left", "pieces", "count", "part"),
    [
        ("10.00", 3, 1, "3.34"),
        ("6.66", 2, 1, "3.33"),
        ("3.33", 1, 1, "3.33"),
        ("0.01", 3, 2, "0.01"),
        ("10.00", 3, 0, "0"),
    ],
)
def test_what_pieces_come_to(left, pieces, count, part):
    assert part_of(Decimal(left), pieces, count, "EUR") == Decimal(part)


@pytest.mark.parametrize("count", [-1, 4])
def test_more_pieces_than_there_are_come_to_nothing_at_all(count):
    with pytest.raises(ValueError, match="of 3 pieces"):
        part_of(Decimal(10), 3, count, "EUR")


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=9), st.integers(0, 1_000_000))
def test_a_chosen_amount_is_shared_out_and_leaves_no_part_below_nought(cents, chosen):
    parts = [Decimal(cent) / 100 for cent in cents]
    amount = Decimal(chosen) / 100

    shares = shared(amount, parts, "EUR")

    assert sum(shares) == min(amount, sum(parts))
    assert all(0 <= share <= part for share, part in zip(shares, parts, strict=True))
