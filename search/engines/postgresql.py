"""Words by two columns of PostgreSQL's full-text search, which it computes from ``Entry``."""

from collections.abc import Sequence

from django.db.models.expressions import RawSQL

from search.words import Term

from .database import DatabaseEngine


class PostgreSQLEngine(DatabaseEngine):
    def keys(
        self,
        terms: Sequence[Term],
        scopes: Sequence[str],
        *,
        any_of: bool = False,
        near: bool = False,
        most: int | None = None,
    ) -> RawSQL:
        here = " | ".join(f"'{one}'" for one in scopes)
        what = (" | " if any_of else " & ").join(map(_either, terms))
        column = "near" if near else "words"
        sql = f"SELECT page_id FROM search_entry WHERE {column} @@ %s::tsquery"  # noqa: S608
        match = f"({here}) & ({what})"
        if most is None:
            return RawSQL(sql, [match])  # noqa: S611 - what is asked is a parameter
        # In no order: the one of the keys would have all rows read where nothing is found.
        return RawSQL(f"{sql} LIMIT %s", [match, most])  # noqa: S611


def _either(term: Term) -> str:
    # Terms are made of letters and digits alone, so that none can end its quotes.
    either = [f"'{term.whole}'"] if term.whole else []
    if term.beginning:
        either.append(f"'{term.beginning}':*")
    return f"({' | '.join(either)})"
