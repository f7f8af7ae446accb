"""A page with the rows that belong to it: asked for together, and written where they changed.

modelcluster asks for each row of a revision whether what it refers to is still there, reading all
of it, and writes each row anew: for five pictures, four answers and four related products that
was a hundred queries of each publication.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db.models import ManyToOneRel, Model, Value
from modelcluster.models import ClusterableModel, get_all_child_relations

# Nobody types these: the database holds them to be there, or to be there once.
NOT_TYPED = frozenset(
    {
        *("alias_of", "content_type", "latest_revision", "live_revision", "locale", "locked_by"),
        *("owner", "path", "product", "translation_key"),
    }
)


class ClusterMixin:
    """Asks a few times for what all rows of a page refer to, and leaves equal rows alone."""

    @classmethod
    def from_serializable_data(
        cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False
    ) -> Any:
        # Where something is gone, modelcluster finds out what that means for each row.
        check_fks = check_fks and not _is_all_there(cls, data)
        return super().from_serializable_data(data, check_fks=check_fks, strict_fks=strict_fks)

    def full_clean(self, exclude: Iterable[str] | None = None, **kwargs: Any) -> None:
        if self.pk:
            exclude = {*(exclude or ()), *NOT_TYPED}
        super().full_clean(exclude=exclude, **kwargs)


class ReadMixin:
    """A row whose choices were just read, by the form in which they were made."""

    def clean_fields(self, exclude: Iterable[str] | None = None) -> None:
        """What is at hand need not be asked for again; the database holds it to be there."""
        at_hand = {field.name for field in self._meta.concrete_fields if _is_at_hand(self, field)}
        super().clean_fields(exclude={*(exclude or ()), *at_hand})


def _is_at_hand(row: Model, field: Any) -> bool:
    if not field.is_relation or not field.is_cached(row):
        return False
    found = field.get_cached_value(row)
    # Set by its key alone, it may be another one.
    return (
        found is not None
        and not found._state.adding
        and getattr(row, field.attname) == getattr(found, field.target_field.attname)
    )


def _is_all_there(model: type[Model], data: Mapping[str, Any]) -> bool:
    wanted: dict[tuple[type[Model], str], set[Any]] = {}
    _collect(model, data, wanted)
    if not wanted:
        return True
    there = [
        target._default_manager.filter(**{f"{name}__in": values}).order_by().values_list(Value(1))
        for (target, name), values in wanted.items()
    ]
    found = there[0].union(*there[1:], all=True) if there[1:] else there[0]
    return found.count() == sum(map(len, wanted.values()))


def _collect(
    model: type[Model],
    data: Mapping[str, Any],
    wanted: dict[tuple[type[Model], str], set[Any]],
) -> None:
    """What a page or row of a revision refers to, and all rows below it."""
    for field in model._meta.concrete_fields:
        value = data.get(field.name)
        if value is not None and isinstance(field.remote_field, ManyToOneRel):
            target, name = field.remote_field.model, field.remote_field.field_name
            value = target._meta.get_field(name).to_python(value)
            wanted.setdefault((target, name), set()).add(value)
    for relation in get_all_child_relations(model) if issubclass(model, ClusterableModel) else ():
        for row in data.get(relation.get_accessor_name()) or ():
            _collect(relation.related_model, row, wanted)


def leave_equal_rows(page: ClusterableModel) -> dict[str, list[Model]]:
    """Let saving the page write only rows of kinds in which one has changed.

    Part of the transaction that saves it, so that the stored ones stay as they are compared.
    Returns the rows that are left alone, by the name of their relation.
    """
    left: dict[str, list[Model]] = {}
    for relation in get_all_child_relations(page):
        name = relation.get_accessor_name()
        manager = getattr(page, name)
        if not manager.is_deferring:
            continue
        rows = manager.get_object_list()
        # Some, such as comments, have rows of their own; where there are none, there are none.
        is_plain = not issubclass(relation.related_model, ClusterableModel)
        if (is_plain or not rows) and _are_stored(manager):
            left[name] = rows
            # The manager then reads what is stored, as it does after it has written.
            page._cluster_related_objects.pop(name)
    return left


@contextmanager
def at_hand(page: ClusterableModel, rows: Mapping[str, list[Model]]) -> Iterator[None]:
    """Within this, rows that are known to be stored like that are not read."""
    for name, found in rows.items():
        getattr(page, name).set(found)
    try:
        yield
    finally:
        for name in rows:
            page._cluster_related_objects.pop(name, None)


def _are_stored(manager: Any) -> bool:
    """Whether the rows at hand are those that are stored.

    A row without a key that says what a stored one says is that one, such as a tag, which a form
    sets anew each time.
    """
    rows = manager.get_object_list()
    stored = {row.pk: _values(row) for row in manager.get_live_queryset()}
    free = {key: stored[key] for key in stored.keys() - {row.pk for row in rows}}
    for row in rows:
        if row.pk is None:
            row.pk = next((key for key, values in free.items() if values == _values(row)), None)
            free.pop(row.pk, None)
            row._state.adding = row.pk is None
    return len(rows) == len(stored) and {row.pk: _values(row) for row in rows} == stored


def _values(row: Model) -> list[Any]:
    """All that is stored of a row but its key."""
    fields = row._meta.concrete_fields
    return [getattr(row, field.attname) for field in fields if not field.primary_key]
