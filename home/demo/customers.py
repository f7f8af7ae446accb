"""Who orders in the demo shop, and where it goes. All of them are invented, and so are streets."""

from dataclasses import dataclass
from random import Random

from home.demo.members import PEOPLE

# How often an order goes to which country, and what addresses look like there.
COUNTRIES = {
    "DE": 52,
    "AT": 9,
    "NL": 9,
    "FR": 8,
    "BE": 5,
    "IT": 4,
    "CH": 5,
    "GB": 4,
    "US": 3,
    "JP": 1,
}
_CITIES = {
    "DE": (("10437", "Berlin"), ("20357", "Hamburg"), ("04229", "Leipzig"), ("50823", "Köln"),
           ("79098", "Freiburg"), ("28203", "Bremen")),
    "AT": (("1070", "Wien"), ("8010", "Graz"), ("6020", "Innsbruck")),
    "NL": (("1054 GK", "Amsterdam"), ("3512 JC", "Utrecht"), ("9712 HM", "Groningen")),
    "FR": (("75011", "Paris"), ("69004", "Lyon"), ("44000", "Nantes")),
    "BE": (("9000", "Gent"), ("2060", "Antwerpen")),
    "IT": (("40121", "Bologna"), ("10124", "Torino")),
    "CH": (("8004", "Zürich"), ("3011", "Bern")),
    "GB": (("BS6 5QA", "Bristol"), ("EH3 6QG", "Edinburgh")),
    "US": (("97214", "Portland"), ("04101", "Portland")),
    "JP": (("606-8267", "Kyoto"),),
}  # fmt: skip
_REGIONS = {("US", "97214"): "OR", ("US", "04101"): "ME", ("JP", "606-8267"): "Kyoto"}
_STREETS = {
    "DE": "Lindenstraße {}",
    "AT": "Rosengasse {}",
    "NL": "Wilgenlaan {}",
    "FR": "{} rue des Tilleuls",
    "BE": "Molenstraat {}",
    "IT": "Via dei Gelsi {}",
    "CH": "Brunnenweg {}",
    "GB": "{} Chandlers Row",
    "US": "{} Alder Street",
    "JP": "Kitashirakawa {}",
}
_FIRST = [
    "Ada",
    "Ben",
    "Carla",
    "Dilan",
    "Elsa",
    "Femke",
    "Georg",
    "Helin",
    "Ivo",
    "Jule",
    "Kofi",
    "Lotte",
    "Marek",
    "Nadia",
    "Otto",
    "Paula",
    "Quentin",
    "Rosa",
    "Sami",
    "Tilda",
    "Ugo",
    "Vera",
    "Willem",
    "Xenia",
    "Yann",
    "Zoë",
]
_LAST = [
    "Albrecht",
    "Bakker",
    "Castel",
    "Dvořák",
    "Engel",
    "Fontaine",
    "Gruber",
    "Haas",
    "Ilić",
    "Jansen",
    "Keller",
    "Lemaire",
    "Moser",
    "Novak",
    "Ortiz",
    "Peeters",
    "Quast",
    "Rossi",
    "Stern",
    "Torres",
    "Ulrich",
    "Visser",
    "Weber",
    "Yıldız",
    "Zimmer",
]
GUESTS = 90


@dataclass(frozen=True)
class Customer:
    """Somebody who orders; a member by ``username``, a guest without."""

    first_name: str
    last_name: str
    email: str
    address: str
    postal_code: str
    city: str
    region: str
    country: str
    username: str = ""
    # Days since they joined; guests were never asked.
    days: int = 10_000


def customers() -> list[Customer]:
    """Members first, then guests; the same each time."""
    rng = Random("customers")  # noqa: S311 - the same people every time
    found = []
    for person in PEOPLE:
        first, _space, last = person.name.partition(" ")
        email = f"{person.username}@example.com"
        found.append(_at_home(rng, first, last, email, person.username, person.days))
    for number in range(GUESTS):
        first, last = _FIRST[number % len(_FIRST)], _LAST[number * 7 % len(_LAST)]
        found.append(_at_home(rng, first, last, f"guest{number + 1}@example.com"))
    return found


def _at_home(
    rng: Random, first: str, last: str, email: str, username: str = "", days: int = 10_000
) -> Customer:
    country = rng.choices([*COUNTRIES], [*COUNTRIES.values()])[0]
    code, city = rng.choice(_CITIES[country])
    return Customer(
        first_name=first,
        last_name=last,
        email=email,
        address=_STREETS[country].format(rng.randint(2, 98)),
        postal_code=code,
        city=city,
        region=_REGIONS.get((country, code), ""),
        country=country,
        username=username,
        days=days,
    )
