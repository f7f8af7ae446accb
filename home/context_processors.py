from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Page, Site

from catalog.models import CategoryPage, CollectionPage
from home.models import ShopSettings


def shop(request: HttpRequest) -> dict[str, object]:
    """The shop's name and what its menu leads to, read only where a template asks for them."""
    return {
        "base_url": settings.BASE_URL,
        "shop": SimpleLazyObject(lambda: ShopSettings.for_request(request)),
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
    }


def _navigation(request: HttpRequest) -> list[Page]:
    site = Site.find_for_request(request)
    if site is None:
        return []
    home = site.root_page.localized
    pages = Page.objects.child_of(home).type((CategoryPage, CollectionPage))
    return list(pages.live().public().in_menu())
