"""What may be answered to an attribute, and the one spelling in which an answer is kept."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

# What the column ``ProductAttribute.number`` holds.
MOST_BEFORE_POINT = 12
MOST_AFTER_POINT = 6
# A list of more choices than this helps nobody who reads an error.
MOST_NAMED = 20

YES = "yes"
NO = "no"
YES_WORDS = {"yes", "y", "true", "1", "on"}
NO_WORDS = {"no", "n", "false", "0", "off"}

_CANONICAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
_PLAIN = re.compile(r"[-+]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}(([.,'’])[0-9]{3})(\2[0-9]{3})*([.,][0-9]+)?", re.ASCII)


class Kind(models.TextChoices):
    """What an answer may be; ``Attribute.Kind`` is this."""

    TEXT = "text", pgettext_lazy("kind of attribute", "text")
    NUMBER = "number", pgettext_lazy("kind of attribute", "number")
    CHOICE = "choice", pgettext_lazy("kind of attribute", "choice")
    YES_NO = "yes_no", pgettext_lazy("kind of attribute", "yes or no")


def understood(
    text: str, kind: str, *, unit: str = "", choices: Iterable[tuple[str, Iterable[str]]] = ()
) -> str:
    """The answer in its one spelling; ``ValidationError`` says what could have been written.

    ``choices`` are names, each with the names it had before.
    """
    text = " ".join(text.split())
    if kind == Kind.NUMBER:
        return _number(text, unit)
    if kind == Kind.CHOICE:
        return _choice(text, choices)
    if kind == Kind.YES_NO:
        return _yes_or_no(text)
    return text


def number(value: str) -> Decimal | None:
    """The number that an answer in its one spelling is, whatever its attribute's kind."""
    return Decimal(value) if _CANONICAL.fullmatch(value) else None


def shown(value: str, kind: str, unit: str = "") -> str:
    """An answer as a shopper reads it, in the active language."""
    if kind == Kind.NUMBER and (amount := number(value)) is not None:
        written = number_format(amount, use_l10n=True)
        return f"{written} {unit}" if unit else written
    if kind == Kind.YES_NO:
        return {YES: _("Yes"), NO: _("No")}.get(value, value)
    return value


def _number(text: str, unit: str) -> str:
    digits = text.replace("−", "-")
    if unit and digits.casefold().endswith(unit.casefold()):
        digits = digits[: -len(unit)]
    digits = re.sub(r"\s", "", digits)
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}", digits) and "," in digits:
        message = _("“%(text)s” can be read in two ways. Write %(one)s or %(other)s.")
        one, other = digits.replace(",", ""), digits.replace(",", ".").rstrip("0").rstrip(".")
        raise ValidationError(message % {"text": text, "one": one, "other": other})
    if _PLAIN.fullmatch(digits):
        digits = digits.replace(",", ".")
    elif found := _GROUPED.fullmatch(digits):
        digits = _without_groups(digits, found[2], found[4])
    else:
        digits = ""
    try:
        amount = Decimal(digits)
    except InvalidOperation:
        message = _("“%(text)s” is not a number. Write one such as 12 or 12.5.")
        raise ValidationError(message % {"text": text}) from None
    return _spelled(amount, text)


def _without_groups(digits: str, separator: str, decimals: str | None) -> str:
    """ "1.299,50" and "1,299.50" as 1299.50; empty where one sign stands for both."""
    if decimals and decimals[0] == separator:
        return ""
    end = len(digits) - len(decimals or "")
    return digits[:end].replace(separator, "") + (decimals or "").replace(",", ".")


def _spelled(amount: Decimal, text: str) -> str:
    if abs(amount) >= Decimal(10) ** MOST_BEFORE_POINT:
        raise ValidationError(_("“%(text)s” is too large.") % {"text": text})
    if amount != (rounded := amount.quantize(Decimal(1).scaleb(-MOST_AFTER_POINT))):
        message = _("“%(text)s” has too many decimals; at most %(count)d are kept.")
        raise ValidationError(message % {"text": text, "count": MOST_AFTER_POINT})
    spelled = format(rounded, "f").rstrip("0").rstrip(".")
    return "0" if spelled in ("-0", "") else spelled


def _choice(text: str, choices: Iterable[tuple[str, Iterable[str]]]) -> str:
    choices = list(choices)
    asked = text.casefold()
    for name, _former in choices:
        if asked == name.casefold():
            return name
    for name, former in choices:
        if asked in {old.casefold() for old in former}:
            return name
    if not choices:
        raise ValidationError(_("This attribute has no choices yet. Add some to it first."))
    names = ", ".join(name for name, _former in choices[:MOST_NAMED])
    if len(choices) > MOST_NAMED:
        names += ", …"
    message = _("“%(text)s” is not one of the choices: %(names)s.")
    raise ValidationError(message % {"text": text, "names": names})


def _yes_or_no(text: str) -> str:
    word = text.casefold()
    if word in YES_WORDS | {_("Yes").casefold()}:
        return YES
    if word in NO_WORDS | {_("No").casefold()}:
        return NO
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": text})
