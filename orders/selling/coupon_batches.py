"""Make many coupons at once, each with a code that nobody can guess and one use."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from catalog.models import CategoryPage
from orders.models import NUMBER_ALPHABET, Coupon

# Ten letters of 32: 50 random bits.
LETTERS = 10
MOST = 5_000
LONGEST_PREFIX = 20
# As many rows as one statement may write on either database.
ROWS = 500
ATTEMPTS = 3


def make(
    terms: Coupon, categories: Iterable[CategoryPage], *, prefix: str, count: int, user: Any
) -> list[Coupon]:
    """So many coupons with the terms of an unsaved one, each for one order; all or none."""
    categories = list(categories)
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _write(terms, categories, new_codes(prefix, count), user)
        except IntegrityError:
            # Somebody has one of these codes; with 50 bits hardly ever, and never twice.
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def new_codes(prefix: str, count: int) -> list[str]:
    """Different codes like SPRING-7H3QM-0XK2V."""
    codes: dict[str, None] = {}
    while len(codes) < count:
        letters = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(LETTERS))
        parts = [prefix, letters[: LETTERS // 2], letters[LETTERS // 2 :]]
        codes["-".join(filter(None, parts))] = None
    return list(codes)


def _write(
    terms: Coupon, categories: list[CategoryPage], codes: list[str], user: Any
) -> list[Coupon]:
    names = [
        field.name
        for field in Coupon._meta.local_concrete_fields
        if field.name not in {"id", "code", "used", "created", "most_uses", "most_uses_each"}
    ]
    shared = {name: getattr(terms, name) for name in names}
    now = timezone.now()
    coupons = Coupon.objects.bulk_create(
        [Coupon(**shared, code=code, most_uses=1, created=now) for code in codes], ROWS
    )
    through = Coupon.categories.through
    through.objects.bulk_create(
        [
            through(coupon_id=coupon.pk, categorypage_id=category.pk)
            for coupon in coupons
            for category in categories
        ],
        ROWS,
    )
    _log(coupons, user, now)
    return coupons


def _log(coupons: list[Coupon], user: Any, now: Any) -> None:
    """The history of each says who made it, as if it had been made alone."""
    kind = ContentType.objects.get_for_model(Coupon)
    ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(
                content_type=kind,
                object_id=str(coupon.pk),
                label=coupon.code,
                action="wagtail.create",
                user=user,
                timestamp=now,
                content_changed=True,
            )
            for coupon in coupons
        ],
        ROWS,
    )
