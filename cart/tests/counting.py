"""How many questions a request asks of the database, as it does outside of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

# Tests run within a transaction, in which those of the shop are only parts.
PARTS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def questions() -> Iterator[list[str]]:
    """The statements that are sent within this, without those that begin and end transactions."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(PARTS):
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def as_committed() -> None:
    """Let what a test has changed so far be nobody's change any more (``catalog.kept``)."""
    connection.run_on_commit.clear()
