from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cart.cart import Cart


def cart(request: HttpRequest) -> dict[str, object]:
    """The shopper's cart, read only where a template asks: public pages must not.

    (Reading the session makes a response vary by cookie.)
    """
    return {"cart": SimpleLazyObject(lambda: Cart.of(request))}
