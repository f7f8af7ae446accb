"""What a session says is read with suspicion: nonsense is left out, and nothing breaks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from cart.entries import Entry, dump, load

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def stored(**changes):
    return {"DUNE": {"quantity": 2, "added": NOON.isoformat(), **changes}}


def test_what_is_dumped_is_loaded_again():
    entries = {"DUNE": Entry(2, NOON), "MOON": Entry(1, NOON + timedelta(seconds=1))}

    assert load(dump(entries)) == entries


def test_lines_come_in_the_order_they_were_put_in_whatever_the_database_made_of_it():
    entries = {"B": Entry(1, NOON + timedelta(hours=1)), "A": Entry(1, NOON)}

    assert list(load(dump(entries))) == ["A", "B"]


@pytest.mark.parametrize(
    "quantity", [0, -1, 1000, 10**30, 2.0, True, "2", None, [], {}, float("nan")]
)
def test_a_line_with_a_hostile_quantity_is_left_out(quantity):
    assert load(stored(quantity=quantity)) == {}


@pytest.mark.parametrize("code", ["", "x" * 65, "a\x00b", 7, None])
def test_a_line_with_a_hostile_code_is_left_out(code):
    assert load({code: {"quantity": 1, "added": NOON.isoformat()}}) == {}


@pytest.mark.parametrize("raw", [None, [], "cart", 7, {"DUNE": None}, {"DUNE": 3}, {"DUNE": {}}])
def test_what_is_no_cart_is_an_empty_cart(raw):
    assert load(raw) == {}


@pytest.mark.parametrize("added", [None, "", "yesterday", 0, "2026-11-25T12:00:00", "\x00"])
def test_a_line_whose_moment_cannot_be_read_is_taken_for_put_in_now(added):
    before = timezone.now()

    assert load(stored(added=added))["DUNE"].added >= before


def test_a_moment_to_come_counts_as_now():
    soon = (timezone.now() + timedelta(days=2)).isoformat()

    assert load(stored(added=soon))["DUNE"].added <= timezone.now()
