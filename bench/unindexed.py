"""Fill many rows into tables fast: on PostgreSQL without their indexes, built again afterwards."""

from collections.abc import Iterable
from typing import Any

from django.db import connection


class Unindexed:
    """Tables without their indexes and references meanwhile; unique ones stay.

    For databases of a bench's own: where the block fails, they stay away.
    """

    def __init__(self, tables: Iterable[str]) -> None:
        self.tables = list(tables)
        self.statements: list[str] = []

    def __enter__(self) -> None:
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            # What is checked at the end of a transaction must not wait for it now.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in self.tables:
                self._drop(cursor, table)

    def _drop(self, cursor: Any, table: str) -> None:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            self.statements.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "WHERE i.indrelid = %s::regclass AND NOT i.indisunique",
            [table],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            self.statements.insert(0, definition)

    def __exit__(self, *error: object) -> None:
        with connection.cursor() as cursor:
            if self.statements and error[0] is None:
                cursor.execute("SET maintenance_work_mem = '256MB'")
            for statement in self.statements if error[0] is None else ():
                cursor.execute(statement)
