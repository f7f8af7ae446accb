"""The search engine of the shop: ``engine()`` answers, whichever it is."""

from functools import cache

from django.db import connection

from .base import Engine, Found, Suggestions

__all__ = ["Engine", "Found", "Suggestions", "engine"]


def engine() -> Engine:
    """The one that the settings choose."""
    return _of(connection.vendor)


@cache
def _of(vendor: str) -> Engine:
    if vendor == "sqlite":
        from .sqlite import SQLiteEngine

        return SQLiteEngine()
    from .postgresql import PostgreSQLEngine

    return PostgreSQLEngine()
