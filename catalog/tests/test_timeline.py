"""What a ledger says of every moment, against the rules read one by one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from catalog.models.prices import PricePoint
from catalog.timeline import Entry, Timeline, is_lasting, times_of

START = datetime(2026, 11, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def entry(key, kind, amount, start, end=None) -> Entry:
    return Entry(
        key,
        kind,
        None if amount is None else Decimal(amount),
        day(start),
        None if end is None else day(end),
    )


def timeline(*entries) -> Timeline:
    return Timeline([entry(key, *rest) for key, rest in enumerate(entries, 1)], "EUR")


entries = st.lists(
    st.builds(
        entry,
        st.just(0),
        st.sampled_from(["regular", "sale"]),
        st.one_of(st.none(), st.integers(1, 6)),
        st.integers(0, 12),
        st.one_of(st.none(), st.integers(1, 14)),
    ),
    max_size=9,
).map(
    lambda found: [
        Entry(key, one.kind, one.amount, one.start, one.end) for key, one in enumerate(found, 1)
    ]
)


def by_the_rules(found: list[Entry], moment: datetime) -> PricePoint | None:
    """The rules as the ledger's model states them, with nothing clever."""
    amounts = {}
    for kind in ("regular", "sale"):
        in_force = [
            one
            for one in found
            if one.kind == kind and one.start <= moment and (one.end is None or moment < one.end)
        ]
        last = max(in_force, key=lambda one: (one.start, one.key), default=None)
        amounts[kind] = last.amount if last else None
    if amounts["regular"] is None:
        return None
    return PricePoint.of(amounts["regular"], amounts["sale"], "EUR")


@given(entries, st.integers(-2, 32).map(lambda half: day(half / 2)))
def test_the_price_of_a_moment_is_what_the_rules_say(found, moment):
    assert Timeline(found, "EUR").price_at(moment) == by_the_rules(found, moment)


@given(entries, st.integers(-2, 16).map(day))
def test_nothing_changes_before_the_next_change(found, moment):
    line = Timeline(found, "EUR")

    change = line.next_change(moment)

    later = [day(half / 2) for half in range(-2, 33) if day(half / 2) > moment]
    before = [at for at in later if change is None or at < change]
    assert all(line.price_at(at) == line.price_at(moment) for at in before)
    if change is not None:
        assert line.price_at(change) != line.price_at(moment)


@given(entries, st.integers(-2, 10).map(day), st.integers(1, 8))
def test_stretches_follow_each_other_without_gaps(found, start, days):
    end = start + timedelta(days=days)

    stretches = Timeline(found, "EUR").between(start, end)

    assert stretches[0].start == start
    assert stretches[-1].end == end
    assert all(one.end == two.start for one, two in pairwise(stretches))
    assert all(one.price == by_the_rules(found, one.start) for one in stretches)


@given(entries, st.integers(0, 30).map(lambda half: day(half / 2)))
def test_the_times_of_an_entry_are_those_at_which_it_is_the_one_that_counts(found, moment):
    for kind in ("regular", "sale"):
        same = [one for one in found if one.kind == kind]
        in_force = [one for one in same if one.is_in_force(moment)]
        last = max(in_force, key=lambda one: (one.start, one.key), default=None)

        counting = [
            key
            for key, times in times_of(same).items()
            if any(start <= moment and (end is None or moment < end) for start, end in times)
        ]

        assert counting == ([last.key] if last else [])


@given(entries, st.integers(0, 14).map(day))
def test_an_amount_is_lasting_if_nothing_that_has_begun_ever_says_another(found, moment):
    regular = [one for one in found if one.kind == "regular"]
    begun = [one for one in regular if one.start <= moment]
    amounts = set()
    for half in range(32):
        at = moment + timedelta(days=half / 2)
        in_force = [one for one in begun if one.is_in_force(at)]
        last = max(in_force, key=lambda one: (one.start, one.key), default=None)
        amounts.add(last.amount if last else None)

    for amount in {*amounts, Decimal(99)}:
        assert is_lasting(regular, amount, moment) is (amounts == {amount})


def test_a_sale_counts_only_below_the_regular_price():
    line = timeline(("regular", 10, 0), ("sale", 12, 1, 5), ("regular", 20, 3))

    assert line.price_at(day(2)) == PricePoint(Decimal(10), None, "EUR")
    assert line.price_at(day(4)) == PricePoint(Decimal(12), Decimal(20), "EUR")


class TestLowestPriceBeforeAReduction:
    """Directive 98/6/EC, article 6a."""

    def test_it_is_that_of_the_30_days_before_the_reduction_began_not_before_today(self):
        line = timeline(("regular", 8, 0), ("regular", 10, 20), ("sale", 9, 40))

        # On day 75 the 30 days before today would only know 9 itself.
        assert line.lowest_before_reduction(day(75)) == 8

    def test_a_price_of_31_days_before_counts_no_longer(self):
        line = timeline(("regular", 5, 0), ("regular", 10, 9), ("sale", 9, 40))

        assert line.lowest_before_reduction(day(41)) == 10

    def test_a_price_that_was_in_force_30_days_before_counts_even_if_it_ended_then(self):
        line = timeline(("regular", 5, 0), ("regular", 10, 10.5), ("sale", 9, 40))

        assert line.lowest_before_reduction(day(41)) == 5

    def test_an_earlier_sale_in_those_days_is_the_lowest(self):
        line = timeline(("regular", 10, 0), ("sale", 7, 30, 32), ("sale", 8, 40))

        assert line.lowest_before_reduction(day(41)) == 7

    def test_a_sale_that_is_made_longer_is_the_same_reduction(self):
        line = timeline(("regular", 10, 0), ("sale", 8, 40, 50), ("sale", 8, 50))

        assert line.reduction_began(day(60)) == day(40)
        assert line.lowest_before_reduction(day(60)) == 10

    def test_a_deeper_sale_is_another_reduction(self):
        line = timeline(("regular", 10, 0), ("sale", 8, 40), ("sale", 6, 50))

        assert line.reduction_began(day(60)) == day(50)
        assert line.lowest_before_reduction(day(60)) == 8

    def test_nothing_reduced_has_none(self):
        assert timeline(("regular", 10, 0)).lowest_before_reduction(day(5)) is None

    def test_what_was_reduced_from_its_first_day_has_none(self):
        line = timeline(("regular", 10, 0), ("sale", 8, 0))

        assert line.lowest_before_reduction(day(5)) is None
