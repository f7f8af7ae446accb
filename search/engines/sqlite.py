"""Words by the full-text table of SQLite (FTS5), which triggers keep beside ``Entry``."""

from collections.abc import Sequence

from django.db.models.expressions import RawSQL

from search.words import Term

from .database import DatabaseEngine

NEAR = "{title codes labels}"
ALL = "{title codes labels body}"


class SQLiteEngine(DatabaseEngine):
    def keys(
        self,
        terms: Sequence[Term],
        scopes: Sequence[str],
        *,
        any_of: bool = False,
        near: bool = False,
        most: int | None = None,
    ) -> RawSQL:
        here = " OR ".join(f'"{one}"' for one in scopes)
        what = (" OR " if any_of else " AND ").join(map(_either, terms))
        match = f"{{scope}} : ({here}) AND {NEAR if near else ALL} : ({what})"
        sql = "SELECT rowid FROM search_fulltext WHERE search_fulltext MATCH %s"
        if most is None:
            return RawSQL(sql, [match])  # noqa: S611 - what is asked is a parameter
        return RawSQL(f"{sql} ORDER BY rowid DESC LIMIT %s", [match, most])  # noqa: S611


def _either(term: Term) -> str:
    # Terms are made of letters and digits alone, so that none can end its quotes.
    either = [f'"{term.beginning}" *'] if term.beginning else []
    if term.whole and not (term.beginning and term.whole.startswith(term.beginning)):
        either.append(f'"{term.whole}"')
    return f"({' OR '.join(either)})"
