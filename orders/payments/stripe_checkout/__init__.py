"""Cards and wallets by Stripe Checkout: the shopper pays on a page of Stripe's."""

from .gateway import Stripe

__all__ = ["Stripe"]
