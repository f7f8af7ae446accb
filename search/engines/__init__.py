"""The search engine of the shop: ``engine()`` answers, whichever it is."""

from functools import cache

from django.conf import settings
from django.db import connection

from .base import Engine, Found, Suggestions

__all__ = ["Engine", "Found", "Suggestions", "engine"]


def engine() -> Engine:
    """The one that ``SEARCH_URL`` names, else that of the shop's database."""
    return _of(connection.vendor, settings.SEARCH_URL)


@cache
def _of(vendor: str, url: str) -> Engine:
    if vendor == "sqlite":
        from .sqlite import SQLiteEngine as DatabaseEngine
    else:
        from .postgresql import PostgreSQLEngine as DatabaseEngine
    if not url:
        return DatabaseEngine()
    from .opensearch import OpenSearchEngine

    return OpenSearchEngine(url, DatabaseEngine())
