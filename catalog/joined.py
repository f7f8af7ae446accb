"""Instances of several models from the rows of one statement that is written by hand.

For the few questions that nearly every request asks: Django takes longer to write such a
statement than the database takes to answer it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from django.db import connection
from django.db.models import Field, Model

NOT_ALL: Mapping[str, Collection[str]] = {}
# A place in a row, and what makes of the value there what a field holds.
Converter = tuple[int, Callable[[Any], Any]]
# Of a model: its fields' names, their places in a row, that of its key, and their converters.
Part = tuple[type[Model], list[str], slice, int, list[Converter]]


class Joined:
    """What such a statement selects: all columns of some models, by their aliases, then values.

    Of the values that are selected after the columns, ``values`` are fields of the same kind,
    so that they are read as such; those beyond come as the database says them. ``only`` names
    the fields of a model, by its alias, where not all of them are wanted. What a model has from
    the table of another one is selected from ``<alias>_base``.
    """

    def __init__(
        self,
        models: Mapping[str, type[Model]],
        *values: Field,
        only: Mapping[str, Collection[str]] = NOT_ALL,
    ) -> None:
        self._models = models
        self._values = values
        self._only = only

    @cached_property
    def columns(self) -> str:
        quote = connection.ops.quote_name
        return ", ".join(
            f"{alias if field.model is self._models[alias] else f'{alias}_base'}"
            f".{quote(field.column)}"
            for alias, fields in self._fields.items()
            for field in fields
        )

    def read(self, sql: str, parameters: Mapping[str, Any]) -> list[list[Any]]:
        """For each row an instance of each model, None where it has none; and the values.

        Rows that name the same thing share its instance.
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            known: dict[tuple[type[Model], Any], Model] = {}
            return [self._made(list(row), known) for row in cursor.fetchall()]

    def _made(self, row: list[Any], known: dict[tuple[type[Model], Any], Model]) -> list[Any]:
        made: list[Any] = []
        for model, names, part, key, converters in self._parts:
            name = model, row[key]
            if row[key] is not None and name not in known:
                _convert(row, converters)
                known[name] = model.from_db(connection.alias, names, row[part])
            made.append(known.get(name))
        _convert(row, self._value_converters)
        return made + row[self._parts[-1][2].stop :]

    @cached_property
    def _fields(self) -> dict[str, list[Field]]:
        """Those that are selected, by the aliases of the models."""
        return {
            alias: [
                field
                for field in model._meta.concrete_fields
                if alias not in self._only or field.name in self._only[alias]
            ]
            for alias, model in self._models.items()
        }

    @cached_property
    def _parts(self) -> list[Part]:
        """Which values of a row are whose, where its key is, and what has to be converted."""
        found, begin = [], 0
        for alias, model in self._models.items():
            fields = self._fields[alias]
            end = begin + len(fields)
            names = [field.attname for field in fields]
            key = begin + fields.index(model._meta.pk)
            converters = list(_converters(fields, begin))
            found.append((model, names, slice(begin, end), key, converters))
            begin = end
        return found

    @cached_property
    def _value_converters(self) -> list[Converter]:
        return list(_converters(self._values, self._parts[-1][2].stop))


def _converters(fields: Iterable[Field], begin: int) -> Iterator[Converter]:
    """What makes of the database's own values what fields hold, by their places in a row."""
    for place, field in enumerate(fields, begin):
        column = field.cached_col
        own = connection.ops.get_db_converters(column)
        for convert in (*own, *column.get_db_converters(connection)):
            yield place, partial(_converted, convert, column)


def _convert(row: list[Any], converters: Iterable[Converter]) -> None:
    for place, convert in converters:
        row[place] = convert(row[place])


def _converted(convert: Callable[..., Any], column: Any, value: Any) -> Any:
    return convert(value, column, connection)


def adapted(moment: Any) -> Any:
    """A moment as a parameter of such a statement."""
    return connection.ops.adapt_datetimefield_value(moment)


def join(instance: Model, **others: Model | None) -> None:
    """Let an instance know those that were read along, by the names under which it finds them."""
    instance._state.fields_cache.update(others)
