"""Opening hours, as an editor writes them and as they are read."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError

from home import hours

WORKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
TEN, NOON, TWO, SIX = time(10), time(12), time(14), time(18)


def row(days, opens=TEN, closes=SIX):
    return {"days": days, "opens": opens, "closes": closes}


def other(first, last=None, opens=None, closes=None, why=""):
    return {"first": first, "last": last, "opens": opens, "closes": closes, "why": why}


def read(days):
    return [(each.name, each.hours) for each in days]


def test_days_in_a_row_with_the_same_hours_are_one_line():
    assert read(hours.week([row(["Saturday"], TEN, TWO), row(WORKDAYS)])) == [
        ("Monday – Friday", "10 a.m.–6 p.m."),
        ("Saturday", "10 a.m.–2 p.m."),
        ("Sunday", "closed"),
    ]


def test_two_rows_for_a_day_are_a_break_and_one_written_twice_counts_once():
    rows = [row(["Monday"], TWO, SIX), row(["Monday"], TEN, NOON), row(["Monday"], TEN, NOON)]

    assert read(hours.week(rows))[0] == ("Monday", "10 a.m.–noon, 2 p.m.–6 p.m.")


def test_a_shop_that_says_nothing_is_not_closed_all_week():
    assert hours.week([]) == []
    assert hours.week([row([])]) == []


def test_holidays_are_told_three_weeks_before_and_until_they_are_over():
    christmas = other(date(2026, 12, 24), date(2026, 12, 26), why="Christmas")
    late = other(date(2026, 12, 23), opens=TEN, closes=NOON)

    def told(today):
        return [each.name for each in hours.soon([christmas, late], today)]

    assert told(date(2026, 12, 1)) == []
    assert told(date(2026, 12, 2)) == ["Dec. 23, 2026"]
    assert told(date(2026, 12, 3)) == ["Dec. 23, 2026", "Dec. 24, 2026 – Dec. 26, 2026"]
    assert told(date(2026, 12, 26)) == ["Dec. 24, 2026 – Dec. 26, 2026"]
    assert told(date(2026, 12, 27)) == []
    assert [each.hours for each in hours.soon([christmas, late], date(2026, 12, 20))] == [
        "10 a.m.–noon",
        "closed",
    ]


@pytest.mark.parametrize(
    ("block", "value", "wrong"),
    [
        (hours.HoursBlock(), row(["Monday"], TEN, TEN), "closes"),
        (hours.HoursBlock(), row([]), "days"),
        (hours.HoursBlock(), row(["Monday"], None, SIX), "opens"),
        (hours.OtherHoursBlock(), other(date(2026, 12, 3), date(2026, 12, 2)), "last"),
        (hours.OtherHoursBlock(), other(date(2026, 12, 3), opens=TEN), "closes"),
        (hours.OtherHoursBlock(), other(date(2026, 12, 3), closes=SIX), "opens"),
        (hours.OtherHoursBlock(), other(date(2026, 12, 3), opens=TEN, closes=TEN), "closes"),
        (hours.OtherHoursBlock(), other(None), "first"),
    ],
)
def test_what_makes_no_sense_is_said_next_to_its_field(block, value, wrong):
    with pytest.raises(ValidationError) as refused:
        block.clean(block.normalize(value))

    assert list(refused.value.block_errors) == [wrong]


def test_a_shop_may_close_after_midnight():
    value = hours.HoursBlock().normalize(row(["Friday"], SIX, time(2)))

    assert read(hours.week([hours.HoursBlock().clean(value)]))[1] == ("Friday", "6 p.m.–2 a.m.")
