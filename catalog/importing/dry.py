"""A dry run makes what is missing in memory only, with keys that no row has."""

from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)
_keys = count(-1, -1)


@dataclass(frozen=True)
class Difference:
    """What a dry run would have written to a category or an attribute.

    An empty ``field`` says that the ``instance`` itself would be made.
    """

    line: int
    instance: Model
    field: str = ""
    before: Any = ""
    after: Any = ""


def pretend(instance: M) -> M:
    """The instance as if it were saved: with a key, by which it can be told from others."""
    instance.pk = next(_keys)
    return instance


def is_pretended(instance: Model) -> bool:
    return instance.pk is not None and instance.pk < 0
