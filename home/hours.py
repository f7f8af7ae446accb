"""When the shop is open: rows of weekdays as an editor writes them, put together to be read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    DateBlock,
    MultipleChoiceBlock,
    StructBlock,
    StructBlockValidationError,
    TimeBlock,
)

# As schema.org names them, the week from Monday.
WEEKDAYS = [
    ("Monday", _("Monday")),
    ("Tuesday", _("Tuesday")),
    ("Wednesday", _("Wednesday")),
    ("Thursday", _("Thursday")),
    ("Friday", _("Friday")),
    ("Saturday", _("Saturday")),
    ("Sunday", _("Sunday")),
]
# Other hours are told so long before.
AHEAD = timedelta(days=21)

Span = tuple[time, time]


@dataclass(frozen=True)
class Days:
    """Weekdays in a row that have the same hours; no ``spans``: closed."""

    first: str
    last: str
    spans: tuple[Span, ...]

    @property
    def name(self) -> str:
        names = dict(WEEKDAYS)
        if self.first == self.last:
            return str(names[self.first])
        return gettext("%(first)s – %(last)s") % {
            "first": names[self.first],
            "last": names[self.last],
        }

    @property
    def hours(self) -> str:
        return _in_words(self.spans)


@dataclass(frozen=True)
class OtherDays:
    """Dates that have hours of their own, such as a holiday."""

    first: date
    last: date
    spans: tuple[Span, ...]
    why: str = ""

    @property
    def name(self) -> str:
        first = date_format(self.first, "DATE_FORMAT")
        if self.first == self.last:
            return first
        last = date_format(self.last, "DATE_FORMAT")
        return gettext("%(first)s – %(last)s") % {"first": first, "last": last}

    @property
    def hours(self) -> str:
        return _in_words(self.spans)


def _in_words(spans: Iterable[Span]) -> str:
    texts = [f"{_clock(opens)}–{_clock(closes)}" for opens, closes in spans]
    return ", ".join(texts) or gettext("closed")


def _clock(moment: time) -> str:
    return date_format(moment, "TIME_FORMAT")


def week(rows: Iterable[dict[str, Any]]) -> list[Days]:
    """Monday to Sunday, days in a row with the same hours together; empty without rows."""
    spans: dict[str, list[Span]] = {name: [] for name, _label in WEEKDAYS}
    for row in rows:
        for day in row["days"]:
            spans[day].append((row["opens"], row["closes"]))
    if not any(spans.values()):
        return []
    days = [(name, tuple(sorted(set(found)))) for name, found in spans.items()]
    groups = (list(group) for _spans, group in groupby(days, key=lambda day: day[1]))
    return [Days(group[0][0], group[-1][0], group[0][1]) for group in groups]


def soon(rows: Iterable[dict[str, Any]], today: date | None = None) -> list[OtherDays]:
    """What is different from today on and within three weeks, the earliest first."""
    today = today or timezone.localdate()
    days = [
        OtherDays(
            row["first"],
            row["last"] or row["first"],
            ((row["opens"], row["closes"]),) if row["opens"] else (),
            row["why"],
        )
        for row in rows
    ]
    near = [each for each in days if each.last >= today and each.first <= today + AHEAD]
    return sorted(near, key=lambda each: (each.first, each.last))


class HoursBlock(StructBlock):
    days = MultipleChoiceBlock(choices=WEEKDAYS, widget=CheckboxSelectMultiple, label=_("Days"))
    opens = TimeBlock(label=_("opens"))
    closes = TimeBlock(label=_("closes"), help_text=_("Earlier than it opens: after midnight."))

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if value["opens"] == value["closes"]:
            text = gettext("It would close when it opens.")
            raise StructBlockValidationError({"closes": ValidationError(text)})
        return value

    class Meta:
        label = _("Hours")
        icon = "time"


class OtherHoursBlock(StructBlock):
    first = DateBlock(label=_("from"))
    last = DateBlock(required=False, label=_("until"), help_text=_("Empty: that day only."))
    opens = TimeBlock(required=False, label=_("opens"), help_text=_("Empty: closed."))
    closes = TimeBlock(required=False, label=_("closes"))
    why = CharBlock(required=False, max_length=80, label=_("why"))

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors = {}
        if value["last"] and value["last"] < value["first"]:
            errors["last"] = gettext("It would be over before it begins.")
        if bool(value["opens"]) != bool(value["closes"]):
            name = "closes" if value["opens"] else "opens"
            errors[name] = gettext("Say when it opens and when it closes, or neither.")
        elif value["opens"] and value["opens"] == value["closes"]:
            errors["closes"] = gettext("It would close when it opens.")
        if errors:
            raise StructBlockValidationError(
                {name: ValidationError(text) for name, text in errors.items()}
            )
        return value

    class Meta:
        label = _("Other hours")
        icon = "date"
