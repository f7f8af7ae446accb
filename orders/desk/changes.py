"""What has changed, as the timeline says it: each field with old and new."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst


def values_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """The present values of these fields."""
    return {name: getattr(row, name) for name in names}


def differences(
    model: type[Model], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[str]:
    """A line for each field of the model that is not the same; what is missing is empty."""
    for name in {**old, **new}:
        before, after = str(old.get(name, "")), str(new.get(name, ""))
        if before != after:
            label = capfirst(str(model._meta.get_field(name).verbose_name))
            yield f"{label}: {before or '–'} → {after or '–'}"
