"""Facts as JSON and back, so that a document stays as it was written. Pure."""

import types
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def freeze(facts: Any) -> dict[str, Any]:
    return _plain(asdict(facts))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal | date) else value


def thaw(kind: type[T], data: dict[str, Any]) -> T:
    """The facts again. What was added since to the class has its default."""
    hints = get_type_hints(kind)
    return kind(
        **{
            entry.name: _typed(hints[entry.name], data[entry.name])
            for entry in fields(kind)  # type: ignore[arg-type]
            if entry.name in data
        }
    )


def _typed(hint: Any, value: Any) -> Any:
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = next(option for option in get_args(hint) if option is not types.NoneType)
    if get_origin(hint) is tuple:
        return tuple(_typed(get_args(hint)[0], item) for item in value)
    if is_dataclass(hint):
        return thaw(hint, value)
    if hint is Decimal:
        return Decimal(value)
    return date.fromisoformat(value) if hint is date else value
