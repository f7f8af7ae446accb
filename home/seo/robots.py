"""What programs that walk through the shop are asked to leave alone."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from social.structured_data import absolute

# One shopper's own, or the staff's. The search says by itself that it is not to be listed.
PRIVATE = ("cart:detail", "account:home", "private:fragment", "newsletter:ask", "stream:list")
# Without a shopper it is an empty cart, which says how the shop sells; what is below it is not.
OPEN = "cart:detail"
STAFF = ("/admin/", "/django-admin/", "/payments/")


@require_safe
@cache_control(public=True, max_age=3600)
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _forbidden())]
    if not settings.NOINDEX:
        # The longest rule counts, and $ is the end of the address (RFC 9309, 2.2.2 and 2.2.3).
        lines += [f"Allow: {path}$" for path in _in_each_language(OPEN)]
        lines += ["", f"Sitemap: {absolute(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _forbidden() -> Iterator[str]:
    if settings.NOINDEX:
        yield "/"
        return
    yield from STAFF
    yield from _in_each_language(*PRIVATE)
    # Each order has an address of its own beside this one.
    yield from (path.removesuffix("mine/") for path in _in_each_language("orders:mine"))


def _in_each_language(*names: str) -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield from (reverse(name) for name in names)
