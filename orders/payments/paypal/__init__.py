"""PayPal: the client knows its REST interface, the gateway what that means for an order."""

from .gateway import PayPal

__all__ = ["PayPal"]
