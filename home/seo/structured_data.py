"""What pages tell search engines as schema.org has it: only what a reader sees too.

Products tell of themselves (``social.structured_data``). All that is here stands in one script
for a page, as a graph. https://developers.google.com/search/docs/appearance/structured-data
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from wagtail.models import Page

from catalog.models import CategoryPage, CollectionPage
from home.models import ArticlePage, HomePage
from home.seo import trail
from home.seo.head import Head
from social.structured_data import SCHEMA, absolute

# The placeholder by which SearchAction says where the words go, as Google has it.
QUERY = "search_term_string"


def graph(
    request: HttpRequest, page: Page, shop: Any, head: Head, context: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Everything the page tells; None where it has nothing to tell."""
    nodes = list(_nodes(request, page, shop, head, context))
    return {"@context": SCHEMA, "@graph": nodes} if nodes else None


def _nodes(
    request: HttpRequest, page: Page, shop: Any, head: Head, context: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    if isinstance(page, HomePage):
        yield organization(shop)
        yield website(shop, page, head)
    elif crumbs := breadcrumbs(request, page):
        yield crumbs
    if isinstance(page, CategoryPage | CollectionPage):
        yield listing(request, page, head, context.get("cards") or ())
    if isinstance(page, ArticlePage):
        yield article(page, shop, head)


def organization(shop: Any) -> dict[str, Any]:
    """The shop, with what its settings say of it and its footer shows."""
    data = {
        "@type": "OnlineStore",
        "@id": _shop(),
        "name": shop.name,
        "url": f"{settings.BASE_URL}/",
        "description": shop.words.tagline,
        "logo": _logo(),
        "email": shop.contact_email,
        "telephone": shop.phone,
        "sameAs": [link["url"] for link in shop.elsewhere],
    }
    return _without_nothing(data)


def website(shop: Any, page: Page, head: Head) -> dict[str, Any]:
    """The site in the language of its home page, and how to search it."""
    search = absolute(reverse("search:results"))
    return {
        "@type": "WebSite",
        "@id": f"{head.canonical}#website",
        "url": head.canonical,
        "name": shop.name,
        "inLanguage": page.locale.language_code,
        "publisher": {"@id": _shop()},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{{QUERY}}}"},
            "query-input": f"required name={QUERY}",
        },
    }


def breadcrumbs(request: HttpRequest, page: Page) -> dict[str, Any] | None:
    """The way from the home page, as the page shows it."""
    places = trail.trail(request, page)
    items = [
        {"@type": "ListItem", "position": number, "name": place.title, "item": absolute(place.url)}
        for number, place in enumerate(places, start=1)
        if place.url
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items} if len(items) > 1 else None


def listing(request: HttpRequest, page: Page, head: Head, cards: Iterable[Any]) -> dict[str, Any]:
    """What a category or collection lists on this page, in its order."""
    items = [
        {"@type": "ListItem", "position": number, "url": absolute(url)}
        for number, card in enumerate(cards, start=1)
        if (url := card.page.get_url(request))
    ]
    data = {
        "@type": "CollectionPage",
        "@id": head.canonical,
        "url": head.canonical,
        "name": page.title,
        "description": head.description,
        "inLanguage": page.locale.language_code,
        "mainEntity": {"@type": "ItemList", "itemListElement": items} if items else None,
    }
    return _without_nothing(data)


def article(page: ArticlePage, shop: Any, head: Head) -> dict[str, Any]:
    """An article of the journal."""
    changed = page.last_published_at
    data = {
        "@type": "Article",
        "@id": f"{head.canonical}#article",
        "mainEntityOfPage": head.canonical,
        "headline": page.title,
        "description": head.description,
        "image": [head.image.url] if head.image else None,
        "datePublished": page.published_on.isoformat(),
        "dateModified": changed.isoformat(timespec="seconds") if changed else None,
        "author": {"@type": "Person", "name": page.author} if page.author else _organization(shop),
        "publisher": {**_organization(shop), "logo": {"@type": "ImageObject", "url": _logo()}},
        "inLanguage": page.locale.language_code,
    }
    return _without_nothing(data)


def _organization(shop: Any) -> dict[str, str]:
    return {"@type": "Organization", "name": shop.name, "url": f"{settings.BASE_URL}/"}


def _logo() -> str:
    return absolute(static("img/mark.svg"))


def _shop() -> str:
    return f"{settings.BASE_URL}/#shop"


def _without_nothing(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
