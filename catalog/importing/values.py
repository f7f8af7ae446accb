"""Cells to typed values. Each parser answers, or raises ValueError with the reason. Pure."""

import re
import sys
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision, get_currency_symbol
from django.utils.text import slugify

from catalog.money import DECIMAL_PLACES, MAX_DIGITS, quantize

# Files say the same things again and again: what they say of late is read, and kept, once.
REMEMBERED = 4_096
# The largest number that the columns for stock and weight hold.
MOST = 2_147_483_647
# A number with more is not worth reading: Python itself refuses some thousand digits.
MOST_DIGITS = 20
HIGHEST_PRICE = Decimal(10) ** (MAX_DIGITS - DECIMAL_PLACES)

# Also as Excel writes them in other languages; "si" with and without accent.
# fmt: off
YES = {
    "true", "yes", "y", "1", "t", "x", "on", "ja", "wahr", "oui", "vrai", "sí", "si", "sì",
    "verdadero", "vero", "sim", "verdadeiro", "waar", "tak", "prawda", "sand", "sant",
}
NO = {
    "false", "no", "n", "0", "f", "off", "nein", "falsch", "non", "faux",
    "falso", "não", "nao", "nee", "onwaar", "nie", "fałsz", "falsk", "falskt", "nej",
}
# fmt: on
# Digits and signs as Chinese and Japanese keyboards write them.
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋（）　", "0123456789.,-+() ")
# Grams in each unit.
UNITS = {
    "": 1,
    "g": 1,
    "kg": 1000,
    "lbs": Decimal("453.59237"),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
TAG_LENGTH = 100
SUMMARY_LENGTH = 500

# Digits in groups of three behind commas, points, spaces or apostrophes; then the decimals.
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?:(?P<group>[,.'’ ])[0-9]{3})+)(?P<rest>[,.][0-9]+)?"
)
_SIMPLE = re.compile(r"(?P<whole>[0-9]+)(?P<rest>[,.][0-9]*)?|(?P<only>[,.][0-9]+)")


def quoted(text: str) -> str:
    """A cell as a report cites it: on one line, and not at full length."""
    text = " ".join(text.split())
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def cost(text: str, currency: str) -> tuple[Decimal, str]:
    """The same for what a merchant pays, which may be parts of the smallest coin."""
    number, sign = _without_currency(text.translate(FULL_WIDTH), currency)
    found = _SIMPLE.fullmatch(number)
    decimals = (found["rest"] or "")[1:] if found else ""
    # Three decimals may be thousands; with a nought behind them they are not.
    if len(decimals) > DECIMAL_PLACES and not decimals[DECIMAL_PLACES:].strip("0"):
        amount = Decimal(number.replace(",", "."))
        if amount < HIGHEST_PRICE:
            return amount.quantize(Decimal(1).scaleb(-DECIMAL_PLACES)), sign
    return money(text, currency)


@lru_cache(REMEMBERED)
def money(text: str, currency: str) -> tuple[Decimal, str]:
    """An amount, and the sign that stood with it if that is not one of the currency."""
    number, sign = _without_currency(text.translate(FULL_WIDTH), currency)
    if number.startswith(("-", "−", "(")):
        raise ValueError(f"{quoted(text)} is below zero")
    if re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", number) and get_currency_precision(currency) < 3:
        raise ValueError(f"{quoted(text)} may mean thousands or decimals")
    if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", number) and get_currency_precision(currency) > 2:
        raise ValueError(f"{quoted(text)} may mean thousands or decimals")
    amount = _number(number)
    if amount is None:
        raise ValueError(f"{quoted(text)} is not a price")
    if amount >= HIGHEST_PRICE:
        raise ValueError(f"{quoted(text)} is too much")
    if amount != quantize(amount, currency):
        raise ValueError(f"{quoted(text)} has more decimals than {currency} has")
    return amount, sign


def _without_currency(text: str, currency: str) -> tuple[str, str]:
    """The digits of a price, once its sign ("$") or code ("EUR") is taken off."""
    code = re.match(r"([A-Z]{3})\s*(?=[-0-9])|.*[0-9]\s*([A-Z]{3})$", text)
    if code:
        written = code[1] or code[2]
        if written != currency:
            raise ValueError(f"{quoted(text)} is not in {currency}, the currency of the shop")
        text = text.replace(written, "")
    signs = {sign for sign in text if unicodedata.category(sign) == "Sc"}
    own = get_currency_symbol(currency, locale="en")
    for sign in signs:
        text = text.replace(sign, "", 1)
    # Narrow and unbreakable spaces group digits too.
    return " ".join(text.split()), "".join(sorted(sign for sign in signs if sign not in own))


def _number(text: str) -> Decimal | None:
    if found := _GROUPED.fullmatch(text):
        group, rest = found["group"], found["rest"]
        separators = set(re.findall(r"[^0-9]", found["whole"]))
        if len(separators) > 1 or (rest and rest[0] == group):
            return None
        if group == "." and not rest and found["whole"].count(".") == 1:
            return Decimal(text)
        digits = found["whole"].replace(group, "")
        return Decimal(digits + (rest or "").replace(",", "."))
    if _SIMPLE.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return None


def whole(text: str) -> int:
    """A count of things; Shopify sells below zero, so it may be negative."""
    text = text.translate(FULL_WIDTH)
    if not re.fullmatch(r"[-+]?[0-9]+(\.0*)?", text):
        raise ValueError(f"{quoted(text)} is not a whole number")
    digits = text.partition(".")[0]
    if len(digits) > MOST_DIGITS or abs(int(digits)) > MOST:
        raise ValueError(f"{quoted(text)} is too much")
    return int(digits)


def grams(text: str) -> int:
    return weight(text, "g")


def weight(text: str, unit: str) -> int:
    """Grams, rounded half up, of a weight in a unit of ``UNITS``."""
    number = text.translate(FULL_WIDTH)
    if not re.fullmatch(r"[0-9]*[.,]?[0-9]+|[0-9]+[.,]", number):
        name = "grams" if unit in ("", "g") else unit
        raise ValueError(f"{quoted(text)} is not a weight in {name}")
    if len(re.split("[.,]", number)[0]) > MOST_DIGITS:
        raise ValueError(f"{quoted(text)} is too much")
    found = int(Decimal(number.replace(",", ".")) * UNITS[unit] + Decimal("0.5"))
    if found > MOST:
        raise ValueError(f"{quoted(text)} is too much")
    return found


def position(text: str) -> int:
    """A place in an order; what is none comes first, as an empty cell does."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def flag(text: str) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise ValueError(f"{quoted(text)} is neither true nor false")
    return word in YES


def is_active(text: str) -> bool:
    """A product's status: only an active one is for shoppers to find."""
    word = text.casefold()
    if word not in {"active", "draft", "archived", "unlisted"}:
        raise ValueError(f"{quoted(text)} is none of active, draft, archived")
    return word == "active"


def sells_on(text: str) -> bool:
    """The policy once nothing is left: continue selling, or deny."""
    word = text.casefold()
    if word in {"continue", "deny"}:
        return word == "continue"
    try:
        return flag(text)
    except ValueError:
        raise ValueError(f"{quoted(text)} is neither deny nor continue") from None


@lru_cache(REMEMBERED)
def line_of_text(text: str, limit: int = 255) -> str:
    """Text for one line: white space of any kind becomes single spaces."""
    text = " ".join(text.split())
    if len(text) > limit:
        raise ValueError(f"{quoted(text)} is longer than {limit} characters")
    return text


def text(text: str, limit: int = 255) -> str:
    """Text as it is written, for the shop's own format."""
    if len(text) > limit:
        raise ValueError(f"{quoted(text)} is longer than {limit} characters")
    return text


def one_of(text: str, *words: str) -> str:
    """One of a few words, however it is capitalized."""
    found = next((word for word in words if word == " ".join(text.casefold().split())), None)
    if found is None:
        raise ValueError(f"{quoted(text)} is none of {', '.join(words)}")
    return found


def category(text: str) -> tuple[str, ...]:
    """Titles from the top ("Clothing > Tops"), or an address under it ("/clothing/tops/")."""
    if text.startswith("/"):
        return (f"/{text.strip('/')}/",)
    path = tuple(title.strip() for title in text.split(">"))
    if not all(path) or any(len(title) > 255 for title in path):
        raise ValueError(f"{quoted(text)} is no category such as Clothing > Tops")
    return path


def end_of_path(text: str) -> str:
    """The last part of a taxonomy's path: "Home > Garden > Pots" is "Pots"."""
    return line_of_text(text.rpartition(">")[2])


def handle(text: str) -> str:
    name = text.lower()
    if not re.fullmatch(r"[-\w]+", name):
        raise ValueError(f"{quoted(text)} has other than letters, digits, hyphens and underscores")
    return line_of_text(name)


def code(text: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError(f"{quoted(text)} has control characters")
    return line_of_text(_without_marker(text), 64)


def barcode(text: str) -> str:
    return line_of_text(_without_marker(text), 64)


def _without_marker(text: str) -> str:
    """Spreadsheets mark digits as text with an apostrophe, or write them as a formula."""
    formula = re.fullmatch(r'="(.*)"', text)
    if formula:
        return formula[1]
    return text[1:] if re.match(r"'[0-9]", text) else text


def tags(text: str) -> list[str]:
    """Tags between commas, each once without regard to case; too long a one is cut."""
    found: dict[str, str] = {}
    for tag in text.split(","):
        name = " ".join(tag.split())[:TAG_LENGTH].strip()
        if name:
            # The same few tags stand on thousands of products.
            found.setdefault(name.casefold(), sys.intern(name))
    return list(found.values())


def handle_from(text: str) -> str:
    """A handle made of a name or code; empty where it has neither letters nor digits."""
    return slugify(re.sub(r"[^\w\s]+", "-", text), allow_unicode=True)[:255].strip("-_")


def cut(text: str, length: int) -> str:
    """The text, or as many of its first words as fit."""
    if len(text) <= length:
        return text
    words = text[: length - 1].rpartition(" ")[0] or text[: length - 1]
    return f"{words.rstrip()}…"
