"""All that the shop knows of a member, as one JSON document (docs/people.md says its shape).

Moments are ISO 8601 in UTC, amounts are texts with their currency. Each part is one query, or a
few, however much there is of it; what is long is written piece by piece.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from social.account.export_orders import orders
from social.account.export_people import people_parts
from social.account.export_shop import shop_parts
from social.models import User

FORMAT = "storefront-member-data"
VERSION = 1

Part = Callable[[User], Any]
PARTS: dict[str, Part] = {**people_parts, "orders": orders, **shop_parts}


def written(user: User) -> Iterator[str]:
    """The document, piece by piece."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "shop": settings.BASE_URL,
        "written": timezone.now(),
    }
    yield _json(head).removesuffix("}")
    for name, part in PARTS.items():
        yield f",\n{json.dumps(name)}: "
        value = part(user)
        if isinstance(value, Iterator):
            yield from _list(value)
        else:
            yield _json(value)
    yield "\n}\n"


def _list(values: Iterable[Any]) -> Iterator[str]:
    yield "["
    for number, value in enumerate(values):
        yield (",\n  " if number else "\n  ") + _json(value)
    yield "]"


def _json(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        raise TypeError("an amount without its currency")
    if isinstance(value, Model):
        raise TypeError("a row is no text")
    return str(value)
