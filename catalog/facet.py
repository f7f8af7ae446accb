"""A facet as it is shown: what can be chosen, how much each choice would find. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class Band:
    """A part of a range, to follow."""

    label: str
    count: int
    query: str


@dataclass(frozen=True)
class Facet:
    """One question to narrow a listing down by: options to tick, or a range from and to."""

    key: str
    heading: str
    options: list[Option] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    lowest: Decimal | None = None
    highest: Decimal | None = None
    asked_from: Decimal | None = None
    asked_to: Decimal | None = None
    unit: str = ""
    is_asked: bool = False
    # One of the options at most.
    is_single: bool = False
    # Whether even an option alone would leave some products out.
    narrows: bool = False

    @property
    def is_range(self) -> bool:
        return self.lowest is not None

    @property
    def is_offered(self) -> bool:
        """Whether it leaves something to choose, or was chosen."""
        is_choice = self.narrows or len(self.options) > 1
        return self.is_asked or is_choice or self.lowest != self.highest

    @property
    def text_lowest(self) -> str:
        return _written(self.lowest)

    @property
    def text_highest(self) -> str:
        return _written(self.highest)

    @property
    def text_from(self) -> str:
        return _written(self.asked_from)

    @property
    def text_to(self) -> str:
        return _written(self.asked_to)


@dataclass(frozen=True)
class Chosen:
    """Something the listing is narrowed down by, and the address without it."""

    heading: str
    label: str
    without: str


def between(low: str | None, high: str | None) -> str:
    """A range in words, where either end may be open."""
    if low is None:
        return _("up to %(high)s") % {"high": high}
    if high is None:
        return _("from %(low)s") % {"low": low}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _written(amount: Decimal | None) -> str:
    """As a shopper of the active language would write it into a field."""
    if amount is None:
        return ""
    plain = format(amount, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return number_format(Decimal(plain), use_l10n=True, force_grouping=False)
