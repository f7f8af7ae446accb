"""What somebody wanted to like before they logged in is liked once they have.

Kept in the session by a form of the shop's own, never in an address, which others could write.
"""

import time
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from cart.lines import shown_pages
from catalog.models import ProductPage
from social import likes

SESSION_KEY = "like after login"
# Whoever logs in here later may be somebody else.
SECONDS = 15 * 60


def connect() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="social.after_login")


def remember(request: HttpRequest, page: ProductPage) -> None:
    """Like the page's product when this visitor logs in."""
    request.session[SESSION_KEY] = [page.product_id, int(time.time())]


def _logged_in(sender: Any, request: HttpRequest | None, user: Any, **_kwargs: Any) -> None:
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session:
        return
    product_id, moment = session.pop(SESSION_KEY)
    if time.time() - moment > SECONDS:
        return
    page = shown_pages({product_id}).get(product_id)
    if page is not None:
        likes.like(user, page.product)
