"""Payments: the gateways by their slugs, and which of them a shopper is offered."""

from django.conf import settings
from django.utils.module_loading import import_string

from .base import Gateway


def gateways() -> dict[str, Gateway]:
    """All gateways by slug, in the order in which shoppers see them."""
    return {gateway.slug: gateway for gateway in map(_made, settings.PAYMENT_GATEWAYS)}


def _made(path: str) -> Gateway:
    return import_string(path)()


def gateway(slug: str) -> Gateway:
    """The gateway of that name; KeyError if there is none."""
    return gateways()[slug]


def offered(currency: str) -> list[Gateway]:
    """Those that a shopper can choose now: set up, and taking this currency."""
    return [one for one in gateways().values() if one.is_offered(currency)]
