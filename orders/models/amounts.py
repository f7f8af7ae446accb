"""How the books keep amounts: one kind of column for sums, one for rates."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from catalog.money import DECIMAL_PLACES, MAX_DIGITS

# Two hundred lines of 999 pieces at the highest price still fit.
TOTAL_DIGITS = MAX_DIGITS + 6


def sum_field(label: Any = None, **options: Any) -> models.DecimalField:
    """A column for a sum of money, nought unless told otherwise."""
    options = {"default": Decimal(0), **options}
    return models.DecimalField(
        label, max_digits=TOTAL_DIGITS, decimal_places=DECIMAL_PLACES, **options
    )


def price_field(label: Any = None, **options: Any) -> models.DecimalField:
    """A column for an amount that somebody types; never below nought."""
    return models.DecimalField(
        label,
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        validators=[MinValueValidator(Decimal(0))],
        **options,
    )


def rate_field(label: Any, **options: Any) -> models.DecimalField:
    """A column for a rate in percent, 0 to 100."""
    return models.DecimalField(
        label,
        max_digits=6,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        **options,
    )
