"""Rows of one table in bulk, from whatever has their values."""

from collections.abc import Sequence
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery


def inserted(
    model: type[Model],
    columns: Sequence[Field],
    objects: Sequence[Any],
    returning: Sequence[Field] = (),
) -> list[tuple]:
    """As ``bulk_create``, but also for models of two tables, one by one, and for any objects.

    They have the attributes that the columns are kept in (``attname``). Making an instance of a
    model takes longer than writing its row.
    """
    using = router.db_for_write(model)
    size = max(connections[using].ops.bulk_batch_size(columns, objects), 1)
    found: list[tuple] = []
    for start in range(0, len(objects), size):
        query = InsertQuery(model)
        query.insert_values(columns, objects[start : start + size])
        found += query.get_compiler(using=using).execute_sql(list(returning) or None)
    return found
