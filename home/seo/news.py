"""What is new, for feed readers: products and the articles of the journal, as RSS and as Atom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import uuid5

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from catalog import cards, sorts
from catalog.models import ProductPage
from home.models import ArticlePage, ShopSettings
from home.seo import freshness, pictures, words
from home.seo.pages import Tree, public_pages, tree_of
from home.seo.xml import allowed
from social.structured_data import absolute

SHOWN = 30
SECONDS_KEPT = 900
LONGEST = 1000
MEDIA = "http://search.yahoo.com/mrss/"


@dataclass(frozen=True)
class New:
    page: Page
    url: str
    published: datetime | None
    author: str
    image: str
    alt_text: str


class _Pictures:
    """The picture of an item, for readers that show one beside the words (Media RSS)."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["picture"]:
            handler.addQuickElement(
                "media:content", None, {"url": item["picture"], "medium": "image"}
            )


class Rss(_Pictures, Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:media": MEDIA}


class Atom(_Pictures, Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:media": MEDIA}


@require_safe
@freshness.kept_for(SECONDS_KEPT, freshness.state_of_pages)
def products(request: HttpRequest, kind: type[SyndicationFeed]) -> HttpResponse:
    tree = _tree(request)
    # What has no price yet cannot be bought.
    pages = public_pages([tree], ProductPage).filter(product__lowest_price__isnull=False)
    newest = pages.order_by(*sorts.SORTS["newest"][1])[:SHOWN]
    shown = cards.cards(newest)
    images = pictures.addresses(card.picture for card in shown if card.picture)
    found = [
        New(
            page=card.page,
            url=tree.address(card.page.url_path),
            published=card.page.first_published_at,
            author="",
            image=images.get(card.picture.pk, "") if card.picture else "",
            alt_text=card.alt_text,
        )
        for card in shown
    ]
    return _written(request, kind, tree, _("New products"), found)


@require_safe
@freshness.kept_for(SECONDS_KEPT, freshness.state_of_pages)
def journal(request: HttpRequest, kind: type[SyndicationFeed]) -> HttpResponse:
    tree = _tree(request)
    articles = public_pages([tree], ArticlePage)
    articles = articles.select_related("picture").order_by("-published_on", "-pk")[:SHOWN]
    images = pictures.addresses(one.picture for one in articles if one.picture)
    found = [
        New(
            page=page,
            url=tree.address(page.url_path),
            published=_at_noon(page.published_on),
            author=page.author,
            image=images.get(page.picture_id, ""),
            alt_text=page.picture.description if page.picture else "",
        )
        for page in articles
    ]
    return _written(request, kind, tree, _("Journal"), found)


def _tree(request: HttpRequest) -> Tree:
    tree = tree_of(request, translation.get_language())
    if tree is None:
        raise Http404
    return tree


def _at_noon(day: Any) -> datetime | None:
    """A day without an hour is the same day nearly everywhere at noon of Greenwich."""
    return datetime.combine(day, time(12), UTC) if day else None


def _written(
    request: HttpRequest,
    kind: type[SyndicationFeed],
    tree: Tree,
    name: str,
    found: Iterable[New],
) -> HttpResponse:
    shop = ShopSettings.for_request(request)
    feed = kind(
        title=allowed(f"{shop.name}: {name}"),
        link=tree.url,
        description=allowed(shop.words.tagline or name),
        language=tree.language,
        feed_url=absolute(request.path),
        author_name=allowed(shop.name),
        author_link=tree.url,
        feed_guid=absolute(request.path),
    )
    for new in found:
        feed.add_item(**_item(new))
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _item(new: New) -> dict[str, Any]:
    page = new.page
    return {
        "title": allowed(page.title),
        "link": new.url,
        "description": allowed(_told(new)),
        "author_name": allowed(new.author),
        "pubdate": new.published,
        "updateddate": page.last_published_at or new.published,
        # Stays as it is when the page moves.
        "unique_id": f"urn:uuid:{uuid5(page.translation_key, str(page.locale_id))}",
        "unique_id_is_permalink": False,
        "picture": new.image,
    }


def _told(new: New) -> str:
    """Markup, as feeds have it in their descriptions: the picture, and what the page says first."""
    said = format_html("<p>{}</p>", words.description(new.page, LONGEST))
    if not new.image:
        return said
    return format_html('<p><img src="{}" alt="{}"></p>{}', new.image, new.alt_text, said)
