"""What the facets count over the same pages, in as few queries as there are different pages."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Aggregate, QuerySet

from catalog.asked import Asked

# What each facet wants to know of the pages that meet all but its own choice, by name.
Wanted = Mapping[str, Mapping[str, Aggregate]]


def figures(pages: QuerySet, asked: Asked, wanted: Wanted) -> dict[str, dict[str, Any]]:
    """By facet: one query for all that nothing is asked of, and one for each other."""
    together = {key: names for key, names in wanted.items() if key not in asked.facets}
    found = _of(pages.filter(*asked.conditions()), together)
    for key in asked.facets:
        if key in wanted:
            found |= _of(pages.filter(*asked.conditions(but=key)), {key: wanted[key]})
    return found


def _of(pages: QuerySet, wanted: Wanted) -> dict[str, dict[str, Any]]:
    # A slug is no name for a column.
    places = [(key, name) for key, names in wanted.items() for name in names]
    columns = {f"n{number}": wanted[key][name] for number, (key, name) in enumerate(places)}
    found: dict[str, dict[str, Any]] = {key: {} for key in wanted}
    for (key, name), value in zip(places, pages.aggregate(**columns).values(), strict=True):
        found[key][name] = value
    return found
