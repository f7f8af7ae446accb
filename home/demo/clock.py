"""A clock that can be turned back, so that the shop's own functions write the demo's past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.apps import apps
from django.db.models import Field
from django.utils import timezone


class Clock:
    """Tells the time: the real one, or ``moment`` where one is set."""

    def __init__(self) -> None:
        self.moment: datetime | None = None
        self._real = timezone.now

    def __call__(self) -> datetime:
        return self.moment or self._real()


@contextmanager
def turned_back() -> Iterator[Clock]:
    """A clock that the whole process goes by until the end of the block.

    For a command that has the process to itself: it also changes what others in it read. Columns
    have taken hold of ``timezone.now`` as their default long ago, so they are given the clock too.
    """
    clock, real = Clock(), timezone.now
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.fields
        if field.default is real
    ]
    try:
        timezone.now = clock
        _set_defaults(fields, clock)
        yield clock
    finally:
        timezone.now = real
        _set_defaults(fields, real)


def _set_defaults(fields: list[Field], default: object) -> None:
    for field in fields:
        field.default = default
        # Django keeps what it made of the default.
        field.__dict__.pop("_get_default", None)
