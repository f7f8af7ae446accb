"""What a shopper looked at last: product numbers in a small signed cookie of their own.

Public pages set no cookie and are the same for everybody, so the private badge fragment
that each of them asks for takes this down; a mere visitor leaves no row in the database.
"""

from collections.abc import Iterable

from django.core import signing
from django.http import HttpRequest, HttpResponseBase

COOKIE = "recently_viewed"
SALT = "cart.recent"
MOST = 12
MAX_AGE = 30 * 24 * 3600
# The largest key that the databases know.
MAX_KEY = 2**63 - 1
# Before login, and whenever nobody is logged in.
NOBODY = 0


def viewed(request: HttpRequest) -> list[int]:
    """The products looked at last, the last first; nothing of another member's."""
    try:
        owner, *products = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE
        )
    except (signing.BadSignature, ValueError, TypeError):
        return []
    return products[:MOST] if owner in (NOBODY, _owner(request)) else []


def note(request: HttpRequest, response: HttpResponseBase, product: object) -> None:
    """Let the response's cookie say that a product was looked at; nonsense changes nothing."""
    key = product_key(product)
    if key is None:
        return
    before = viewed(request)
    products = list(dict.fromkeys([key, *before]))[:MOST]
    _write(request, response, products)


def forget(response: HttpResponseBase) -> None:
    """Leave nothing on the device, as after a logout."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _write(request: HttpRequest, response: HttpResponseBase, products: Iterable[int]) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps([_owner(request), *products], salt=SALT),
        max_age=MAX_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _owner(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else NOBODY


def product_key(product: object) -> int | None:
    """A product's key as a request names it; None where no product can have it."""
    text = str(product)
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_KEY))):
        return None
    key = int(text)
    return key if 0 < key <= MAX_KEY else None
