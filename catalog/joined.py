"""Instances of several models from the rows of one statement that is written by hand.

For the few questions that nearly every request asks: Django takes longer to write such a
statement than the database takes to answer it.
"""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from django.db import connection
from django.db.models import Field, Model


class Joined:
    """What such a statement selects: all columns of some models, by their aliases, then values.

    Of the values that are selected after the columns, ``values`` are fields of the same kind,
    so that they are read as such; those beyond come as the database says them.
    """

    def __init__(self, models: Mapping[str, type[Model]], *values: Field) -> None:
        self._models = models
        self._values = values

    @cached_property
    def columns(self) -> str:
        quote = connection.ops.quote_name
        return ", ".join(
            f"{alias}.{quote(field.column)}"
            for alias, model in self._models.items()
            for field in model._meta.concrete_fields
        )

    def read(self, sql: str, parameters: Mapping[str, Any]) -> list[list[Any]]:
        """For each row an instance of each model, None where it has none; and the values."""
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return [self._made(list(row)) for row in cursor.fetchall()]

    def _made(self, row: list[Any]) -> list[Any]:
        for place, convert in self._converters:
            row[place] = convert(row[place])
        made: list[Any] = []
        for model, names, part, key in self._parts:
            is_there = row[key] is not None
            made.append(model.from_db(connection.alias, names, row[part]) if is_there else None)
        return made + row[self._parts[-1][2].stop :]

    @cached_property
    def _parts(self) -> list[tuple[type[Model], list[str], slice, int]]:
        """Which values of a row are whose, and where its key is."""
        found, begin = [], 0
        for model in self._models.values():
            fields = model._meta.concrete_fields
            end = begin + len(fields)
            names = [field.attname for field in fields]
            found.append((model, names, slice(begin, end), begin + fields.index(model._meta.pk)))
            begin = end
        return found

    @cached_property
    def _converters(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """What makes of the database's own values what fields hold, by their places in a row."""
        fields: list[Field] = []
        for model in self._models.values():
            fields += model._meta.concrete_fields
        found = []
        for place, field in enumerate((*fields, *self._values)):
            column = field.cached_col
            own = connection.ops.get_db_converters(column)
            for convert in (*own, *column.get_db_converters(connection)):
                found.append((place, partial(_converted, convert, column)))
        return found


def _converted(convert: Callable[..., Any], column: Any, value: Any) -> Any:
    return convert(value, column, connection)


def adapted(moment: Any) -> Any:
    """A moment as a parameter of such a statement."""
    return connection.ops.adapt_datetimefield_value(moment)


def join(instance: Model, **others: Model | None) -> None:
    """Let an instance know those that were read along, by the names under which it finds them."""
    instance._state.fields_cache.update(others)
