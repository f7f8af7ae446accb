"""How well a page fits what was asked, in SQL that every database counts alike.

A word counts by the best place in which it stands: the title over SKU codes, those over brand,
tags and options, those over the text; a whole word over the beginning of one. Of titles that
fit alike, one that begins with the first word and has few others comes first.
"""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.functions import Cast, Length, StrIndex
from django.db.models.lookups import GreaterThan

from search.words import Term

# Place: what a whole word and the beginning of one count there.
WEIGHTS = {"title": (12.0, 9.0), "codes": (8.0, 6.0), "labels": (4.0, 3.0)}
IN_THE_TEXT = 1.0
BEGINS_ALIKE = 2.0
# Divided by the letters of the title.
SHORT_TITLE = 20.0
# Where words may be missing, one more that is there counts more than any place it could have.
PRESENT = 100.0


def rank(terms: Sequence[Term], path: str = "search_entry__") -> Any:
    """The more, the better, where every term occurs. ``path`` leads to the ``Entry``."""
    return reduce(
        add, [_place(term, path, Value(IN_THE_TEXT)) for term in terms], _title(terms, path)
    )


def rank_of_any(terms: Sequence[Term], path: str = "search_entry__") -> Any:
    """The same where some of the terms may be missing."""
    scores = []
    for term in terms:
        text = _case([When(_stands(path + "body", term), then=Value(IN_THE_TEXT))], Value(0.0))
        place = _place(term, path, text)
        present = [When(_stands(path + name, term), then=Value(PRESENT)) for name in WEIGHTS]
        present.append(When(_stands(path + "body", term), then=Value(PRESENT)))
        scores += [place, _case(present, Value(0.0))]
    return reduce(add, scores, _title(terms, path))


def _place(term: Term, path: str, otherwise: Any) -> Case:
    cases = []
    for name, (whole, beginning) in WEIGHTS.items():
        if term.whole:
            cases.append((whole, _has(path + name, f" {term.whole} ")))
        if term.beginning:
            cases.append((beginning, _has(path + name, f" {term.beginning}")))
    cases.sort(key=lambda case: -case[0])
    return _case([When(stands, then=Value(score)) for score, stands in cases], otherwise)


def _title(terms: Sequence[Term], path: str) -> Any:
    title, first = path + "title", terms[0]
    begins = Q()
    if first.whole:
        begins |= Q(**{f"{title}__startswith": f" {first.whole} "})
    if first.beginning:
        begins |= Q(**{f"{title}__startswith": f" {first.beginning}"})
    length = Cast(Length(F(title)), FloatField())
    return _case([When(begins, then=Value(BEGINS_ALIKE))], Value(0.0)) + (
        Value(SHORT_TITLE) / (length + Value(10.0))
    )


def _stands(name: str, term: Term) -> Q:
    found = Q()
    if term.whole:
        found |= _has(name, f" {term.whole} ")
    if term.beginning:
        found |= _has(name, f" {term.beginning}")
    return found


def _has(name: str, text: str) -> Q:
    # Not LIKE, which SQLite compares letter by letter without regard to case.
    return Q(GreaterThan(StrIndex(F(name), Value(text)), Value(0)))


def _case(cases: list[When], otherwise: Any) -> Case:
    return Case(*cases, default=otherwise, output_field=FloatField())
