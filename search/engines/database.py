"""Searching in the shop's own database: all but the one condition in which databases differ."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from wagtail.models import Page

from catalog.models import ProductPage
from catalog.visibility import public_of_many
from search import indexing, spelling, words
from search.models.index import OTHER_KINDS, PRODUCT, scope

from .base import Engine, Found, Suggestions
from .ranking import rank, rank_of_any

# Of all that an unfinished word finds, so many are looked at, whether they may be shown, and
# the newest of those are compared: that bounds the time of suggestions.
MOST_LOOKED_AT = 500
MOST_SUGGESTED = 300
# Shorter beginnings say nothing yet; of Chinese and Korean one character does.
LEAST_LETTERS = 2


class DatabaseEngine(Engine):
    """The words come from ``Entry``; whether a page may be shown, from the page itself."""

    @abstractmethod
    def keys(
        self,
        terms: Sequence[words.Term],
        scopes: Sequence[str],
        *,
        any_of: bool = False,
        near: bool = False,
        most: int | None = None,
    ) -> RawSQL:
        """A sub-select of the keys of pages of these scopes that have all the terms, or one.

        ``near`` leaves texts out: only titles, codes and labels are looked at. With ``most``
        it ends after so many, which on SQLite are the newest.
        """

    def products(self, query: str, home: Page) -> Found:
        return self._found(query, home, any_of=False)

    def nearest(self, query: str, home: Page) -> Found:
        return self._found(query, home, any_of=True)

    def _found(self, query: str, home: Page, *, any_of: bool) -> Found:
        terms = words.asked(query)
        if not terms:
            return Found(ProductPage.objects.none(), ("-pk",))
        indexing.catch_up()
        found = self.keys(terms, [scope(PRODUCT, home.locale_id)], any_of=any_of)
        pages = public(ProductPage.objects.filter(pk__in=found), home)
        best = rank_of_any(terms) if any_of else rank(terms)
        return Found(pages, (best.desc(), "-pk"))

    def others(self, query: str, home: Page, limit: int = 8) -> list[Page]:
        terms = words.asked(query)
        if not terms:
            return []
        indexing.catch_up()
        return self._others(terms, home, limit, near=False)

    def _others(
        self, terms: Sequence[words.Term], home: Page, limit: int, *, near: bool
    ) -> list[Page]:
        found = self.keys(terms, other_scopes(home), near=near)
        pages = public(Page.objects.filter(pk__in=found), home)
        return list(pages.order_by(rank(terms).desc(), "-pk").specific()[:limit])

    def suggest(self, text: str, home: Page, limit: int = 6) -> Suggestions:
        terms = words.asked(text)
        written = words.split(text)[: words.MOST_WORDS]
        if not terms or (len(written[-1]) < LEAST_LETTERS and written[-1].isascii()):
            return Suggestions()
        indexing.catch_up()
        found = _read(
            self.keys(terms, [scope(PRODUCT, home.locale_id)], near=True, most=MOST_LOOKED_AT)
        )
        pages = public(ProductPage.objects.filter(pk__in=found), home).order_by("-pk")
        newest = pages.annotate(fit=rank(terms), views=F("product__views"))
        rows = list(newest.values_list("fit", "views", "pk", "title")[:MOST_SUGGESTED])
        best = [row[2] for row in sorted(rows, reverse=True)[:limit]]
        shown = ProductPage.objects.in_bulk(best)
        return Suggestions(
            products=[(shown[key].title, shown[key]) for key in best if key in shown],
            pages=self._others(terms, home, limit, near=True),
            words=_finished(written, [row[3] for row in rows], limit),
        )

    def did_you_mean(self, query: str, home: Page) -> str | None:
        written = words.split(query)[: words.MOST_WORDS]
        if not written:
            return None
        indexing.catch_up()
        meant = [self._meant(word, home) for word in written]
        if None in meant or meant == written:
            return None
        corrected = " ".join(word for word in meant if word)
        return corrected if self._finds(corrected, home) else None

    def _meant(self, word: str, home: Page) -> str | None:
        """The word itself where it is written anywhere, else the likeliest that finds anything."""
        if self._is_written(word, home):
            return word
        for other in spelling.similar(word, home.locale_id)[:4]:
            if self._finds(other, home):
                return other
        return None

    def _is_written(self, word: str, home: Page) -> bool:
        return bool(_read(self._everywhere(word, home)))

    def _finds(self, query: str, home: Page) -> bool:
        """Whether anybody may see a page that the query finds."""
        found = _read(self._everywhere(query, home))
        return public(Page.objects.filter(pk__in=found), home).exists()

    def _everywhere(self, query: str, home: Page) -> RawSQL:
        scopes = [scope(PRODUCT, home.locale_id), *other_scopes(home)]
        return self.keys(words.asked(query), scopes, most=MOST_LOOKED_AT)


def _read(keys: RawSQL) -> list[int]:
    """Few enough to be read first: else PostgreSQL may look for them once for each page."""
    with connection.cursor() as cursor:
        cursor.execute(keys.sql, keys.params)
        return [key for (key,) in cursor.fetchall()]


def public(pages: QuerySet, home: Page) -> Any:
    return public_of_many(pages).descendant_of(home)


def other_scopes(home: Page) -> list[str]:
    return [scope(kind, home.locale_id) for kind in OTHER_KINDS]


def _finished(written: list[str], titles: list[str], limit: int) -> list[str]:
    """What was written, its last word finished as in the titles that have the others too."""
    *before, last = written
    counted: Counter[str] = Counter()
    for title in titles:
        counted.update({word for word in words.split(title) if word.startswith(last)} - {last})
    best = sorted(counted, key=lambda word: (-counted[word], word))[:limit]
    return [" ".join([*before, word]) for word in best if not word.isdecimal()]
