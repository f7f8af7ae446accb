"""Dates and times as people write them, in the shop's time zone. Pure."""

import re
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from .values import FULL_WIDTH, quoted


def moment(text: str) -> datetime:
    """A date, with or without time, in the shop's time zone if it names none; a day begins at 0:00.

    Written as 2026-11-27 or 27.11.2026: 11/27 may be read in two ways, so it is refused.
    """
    return _moment(text)[0]


def last_moment(text: str) -> datetime:
    """The moment at which something is over: a day without a time counts to its end."""
    found, is_day = _moment(text)
    if not is_day:
        return found
    day = timezone.localtime(found, timezone.get_default_timezone()).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())


def _moment(text: str) -> tuple[datetime, bool]:
    german = re.sub(r"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", _turned, text.translate(FULL_WIDTH))
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", german):
            found = datetime.combine(date.fromisoformat(german), time())
            return timezone.make_aware(found, timezone.get_default_timezone()), True
        if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]+[0-9]", german):
            raise ValueError
        found = datetime.fromisoformat(re.sub(r"^(\S+?)[T ]+", r"\1 ", german))
        if timezone.is_naive(found):
            found = timezone.make_aware(found, timezone.get_default_timezone())
        # What no database could say in UTC.
        found.astimezone(timezone.get_default_timezone())
    except (ValueError, OverflowError) as error:
        message = f"{quoted(text)} is not a date such as 2026-11-27 or 2026-11-27 09:00"
        raise ValueError(message) from error
    return found, False


def _turned(found: re.Match[str]) -> str:
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"


def written(found: datetime) -> str:
    """The moment as ``moment`` reads it, in the shop's time zone."""
    local = timezone.localtime(found, timezone.get_default_timezone())
    naive = timezone.make_naive(local, timezone.get_default_timezone())
    if timezone.make_aware(naive, timezone.get_default_timezone()) != found:
        # The hour that comes twice when summer time ends.
        return local.isoformat(sep=" ")
    if naive.second or naive.microsecond:
        return naive.isoformat(sep=" ")
    return naive.isoformat(sep=" ", timespec="minutes")
