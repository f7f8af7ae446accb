"""Rows of one table in bulk, from whatever has their values."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model


def inserted(
    model: type[Model],
    columns: Sequence[Field],
    objects: Sequence[Any],
    *,
    is_numbered: bool = False,
) -> list[Any]:
    """As ``bulk_create``, but also for models of two tables, one by one, and for any objects.

    They have the attributes that the columns are kept in (``attname``), with values and no
    expressions. Making an instance of a model takes longer than writing its row, and so does
    asking of each value whether it is SQL. Returns the keys that the database gave the rows, in
    their order, if it numbers them.
    """
    connection = connections[router.db_for_write(model)]
    quote, table, key = connection.ops.quote_name, model._meta.db_table, model._meta.pk
    names = ", ".join(quote(field.column) for field in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    ending = f" RETURNING {quote(key.column)}" if is_numbered else ""
    size = max(connection.ops.bulk_batch_size(columns, objects), 1)
    keys: list[Any] = []
    with connection.cursor() as cursor:
        for start in range(0, len(objects), size):
            some = objects[start : start + size]
            values = (
                [
                    field.get_db_prep_save(field.pre_save(each, True), connection)
                    for field in columns
                ]
                for each in some
            )
            rows = ", ".join([row] * len(some))
            cursor.execute(
                f"INSERT INTO {quote(table)} ({names}) VALUES {rows}{ending}",  # noqa: S608 - names of the model's
                list(chain.from_iterable(values)),
            )
            if is_numbered:
                keys += [found for (found,) in cursor.fetchall()]
    return keys


def create(rows: Sequence[Model]) -> None:
    """As ``bulk_create``, for rows of one table that the database numbers.

    Those they refer to must have been written by then, and be set once more after that.
    """
    if not rows:
        return
    model = type(rows[0])
    columns = [field for field in model._meta.concrete_fields if not field.primary_key]
    for row, key in zip(rows, inserted(model, columns, rows, is_numbered=True), strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, router.db_for_write(model)
