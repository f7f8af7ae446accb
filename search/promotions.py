"""What editors want to be seen first for a query: Wagtail's promoted search results."""

from dataclasses import dataclass

from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page
from wagtail.search.utils import normalise_query_string

from catalog import kept
from catalog.visibility import public_of_many


@dataclass(frozen=True)
class Hit:
    """What a search leads to besides products: a page of the shop, or an address elsewhere."""

    title: str
    description: str
    page: Page | None = None
    address: str = ""


def of(query: str, home: Page) -> list[Hit]:
    """In the editors' order; pages in the language of ``home``, only those everybody may see."""
    asked = normalise_query_string(query)
    if asked not in _promoted():
        return []
    wanted = SearchPromotion.objects.filter(query__query_string=asked)
    picks = list(wanted.select_related("page"))
    keys = [pick.page.translation_key for pick in picks if pick.page]
    pages = public_of_many(Page.objects).descendant_of(home).filter(translation_key__in=keys)
    shown = {page.translation_key: page for page in pages.order_by("-pk").specific()}
    found = [_hit(pick, shown) for pick in picks]
    return [one for one in found if one]


def _promoted() -> frozenset[str]:
    """All queries for which editors have promoted anything; few of those that are asked."""
    return kept.get("promoted queries", _read_promoted)


def _read_promoted() -> frozenset[str]:
    kept.shows("promotions")
    found = SearchPromotion.objects.order_by().values_list("query__query_string", flat=True)
    return frozenset(found.distinct())


def _hit(pick: SearchPromotion, shown: dict[object, Page]) -> Hit | None:
    if pick.page is None:
        address = pick.external_link_url
        return Hit(pick.external_link_text or address, pick.description, address=address)
    page = shown.get(pick.page.translation_key)
    return Hit(page.title, pick.description, page) if page else None
