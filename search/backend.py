"""The search backend of the settings: Wagtail's own for the database, but for SQLite's ranking."""

from typing import Any

from django.db import connection
from wagtail.search.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail looks for
    backend = database.SearchBackend(params)
    if connection.vendor != "sqlite":
        return backend
    from search.ranked_once import SQLiteBackend

    # Where SQLite has no full-text search, Wagtail falls back on something simpler.
    return SQLiteBackend(params) if type(backend) in SQLiteBackend.__bases__ else backend
