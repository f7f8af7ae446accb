"""Wagtail's search in the database, ranked once on SQLite.

Wagtail's own asks SQLite for the rank of each page found, one after the other, and each
time SQLite goes through all that was found: a word that stands on 6,600 of 100,000 pages
kept a search in the admin busy for two minutes. Here all ranks come from one pass, and the
pages of the part that is shown are read after that. Can be imported on SQLite only.
"""

from typing import Any

from django.db.models import Case, FloatField, QuerySet, Value, When
from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks


class RankedOnce:
    """Before a query compiler of the SQLite backend."""

    def search(
        self, config: Any, start: int | None, stop: int | None, score_field: str | None = None
    ) -> QuerySet:
        query = normalize(self.query)
        # Without an end, all would be read; and these two know no ranks.
        whole = stop is None or isinstance(query, MatchAll | Not)
        if whole or score_field is not None or not self.order_by_relevance:
            return super().search(config, start, stop, score_field)
        found = self._unranked(config)
        allowed = set(found.values_list("pk", flat=True))
        ranked = self._ranks(query, config)
        # The better the smaller; among equals the newest, as in Wagtail's own.
        ranked = sorted((score, -key) for key, score in ranked if key in allowed)
        shown = {-key: score for score, key in ranked[start:stop]}
        scores = [When(pk=key, then=Value(score)) for key, score in shown.items()]
        score = Case(*scores, default=Value(0.0), output_field=FloatField())
        pages = self.queryset.filter(pk__in=shown)
        return pages.annotate(_score=score).order_by("_score", "-pk")

    def _unranked(self, config: Any) -> QuerySet:
        self.order_by_relevance = False
        try:
            return super().search(config, None, None)
        finally:
            self.order_by_relevance = True

    def _ranks(self, query: Any, config: Any) -> list[tuple[int, float]]:
        """The key and the rank of everything that the index finds."""
        matches = MatchExpression(
            self.fields or self.FTS_TABLE_FIELDS, self.build_search_query(query, config=config)
        )
        entries = SQLiteFTSIndexEntry.objects.filter(
            matches,
            index_entry__content_type__in=get_descendants_content_types_pks(self.queryset.model),
        ).annotate(score=self._build_rank_expression(self.get_search_vectors(), config))
        rows = entries.values_list("index_entry__object_id", "score")
        key = self.queryset.model._meta.pk.to_python
        return [(key(object_id), score) for object_id, score in rows]


class SearchCompiler(RankedOnce, SQLiteSearchQueryCompiler):
    pass


class AutocompleteCompiler(RankedOnce, SQLiteAutocompleteQueryCompiler):
    pass


class SQLiteBackend(SQLiteSearchBackend):
    query_compiler_class = SearchCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler
