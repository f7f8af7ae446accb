"""What a page says of itself to those who list it, link to it or show it elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from catalog import kept, renditions
from catalog.models import Picture, ProductPage
from home import languages
from home.models import ArticlePage, HomePage, JournalPage
from home.seo import words
from social.structured_data import absolute, original_url

# For a language that no other one in the list is for.
ANY_LANGUAGE = "x-default"
# Pages to which the journal's news belong.
OF_THE_JOURNAL = (HomePage, JournalPage, ArticlePage)


@dataclass(frozen=True)
class Image:
    url: str
    width: int
    height: int
    alt_text: str


@dataclass(frozen=True)
class Head:
    title: str
    # The title for where the shop's name stands beside it.
    name: str
    description: str
    canonical: str
    # Empty where everybody may list the page and follow its links.
    robots: str
    # As Open Graph has it: website, product or article.
    kind: str
    image: Image | None
    # Language and whole address.
    alternates: list[tuple[str, str]]
    has_journal: bool


def head(request: HttpRequest, page: Page, shop: Any, context: Mapping[str, Any]) -> Head:
    """Of a page that is shown with a context; asks for nothing that its template has read.

    In a preview a page may have no place yet, and nobody lists it: then it is words alone.
    """
    number = getattr(context.get("page_obj"), "number", 1)
    # Of a listing what few ask for has no name (``catalog.browsing``).
    listing = context.get("facets_name", ())
    is_of_few = listing is None or bool(context.get("tag") or context.get("year"))
    if is_of_few or not kept.has_begun():
        return _head(request, page, shop, context, number)
    site = Site.find_for_request(request)
    # A sort that is named is another address, also where it is the usual one.
    is_sorted = _is_sorted(context)
    key = "head", page.pk, number, listing, is_sorted, site.pk if site else None, get_language()
    return kept.get(key, lambda: _head(request, page, shop, context, number))


def _head(
    request: HttpRequest, page: Page, shop: Any, context: Mapping[str, Any], number: int
) -> Head:
    kept.shows("frame", f"page:{page.pk}")
    is_preview = getattr(request, "is_preview", False)
    return Head(
        title=title(page, shop, number),
        name=page.seo_title or (shop.name if _is_home(page) else page.title),
        description=words.description(page) or (shop.words.tagline if _is_home(page) else ""),
        canonical="" if is_preview else canonical(request, page, 1 if is_part(context) else number),
        robots=robots(context),
        kind=_kind(page),
        image=None if is_preview else image(page, context),
        alternates=[] if is_preview else alternates(request, page, number),
        has_journal=isinstance(page, OF_THE_JOURNAL),
    )


def title(page: Page, shop: Any, number: int = 1) -> str:
    """An editor's own, or the page's with what tells it from others; the shop's name last."""
    said = page.seo_title
    if not said and _is_home(page):
        return f"{shop.name} · {shop.words.tagline}" if shop.words.tagline else shop.name
    if not said:
        said = page.title
        brand = getattr(page, "brand", None)
        if brand and brand.name.casefold() not in said.casefold():
            longer = f"{said} – {brand.name}"
            said = longer if len(f"{longer} · {shop.name}") <= words.TITLE else said
    if number > 1:
        said = _("%(title)s, page %(number)d") % {"title": said, "number": number}
    return f"{said} · {shop.name}"


def canonical(request: HttpRequest, page: Page, number: int = 1) -> str:
    """The one address of what is shown: the plain page, whatever facets and sort were asked for.

    An alias is its source's page at another address, which counts if it has one.
    """
    source = page.alias_of if page.alias_of_id else None
    if source:
        kept.shows(f"page:{source.pk}")
    url = (source and source.get_url(request)) or page.get_url(request) or ""
    return f"{absolute(url)}?page={number}" if number > 1 else absolute(url)


def robots(context: Mapping[str, Any]) -> str:
    """Listings in another order, or narrowed down twice, are the same again without end."""
    if settings.NOINDEX:
        return "noindex, nofollow"
    if is_part(context) and (_is_sorted(context) or len(context.get("chosen") or ()) > 1):
        return "noindex, follow"
    return ""


def is_part(context: Mapping[str, Any]) -> bool:
    """Whether a listing or a journal is shown in another order, or narrowed down."""
    if "sorts" in context:
        return _is_sorted(context) or bool(context.get("chosen"))
    return bool(context.get("tag") or context.get("year"))


def _is_sorted(context: Mapping[str, Any]) -> bool:
    return "sorts" in context and "sort" in context["request"].GET


def alternates(request: HttpRequest, page: Page, number: int = 1) -> list[tuple[str, str]]:
    """The page in all languages it is there in; none where that is one, or of a later page.

    What stands on the second page of a listing is another thing in each language.
    """
    if number > 1 or page.alias_of_id:
        return []
    found = [(one.language, absolute(one.url)) for one in languages.translations_of(request, page)]
    return [*found, (ANY_LANGUAGE, found[0][1])] if found else []


def image(page: Page, context: Mapping[str, Any]) -> Image | None:
    """The page's own picture, or the first one of what it lists."""
    for picture, alt_text in _pictures(page, context):
        if picture is None:
            continue
        if one := renditions.jpeg(picture, "product"):
            return Image(absolute(one.url), one.width, one.height, alt_text)
        if url := original_url(picture):
            return Image(url, picture.width, picture.height, alt_text)
    return None


def _pictures(page: Page, context: Mapping[str, Any]) -> Iterator[tuple[Picture | None, str]]:
    if isinstance(page, ProductPage):
        for shown in context["pictures"]() if "pictures" in context else ():
            yield shown.image, shown.alt_text or shown.image.description or page.title
    picture = getattr(page, "picture", None)
    if isinstance(picture, Picture):
        yield picture, picture.description or page.title
    if "lead_picture" in context and (lead := context["lead_picture"]()):
        yield lead, lead.contextual_alt_text or page.title
    for card in context.get("cards") or ():
        kept.shows(*card.notes.tags)
        yield card.picture, card.alt_text


def _kind(page: Page) -> str:
    if isinstance(page, ProductPage):
        return "product"
    return "article" if isinstance(page, ArticlePage) else "website"


def _is_home(page: Page) -> bool:
    return isinstance(page, HomePage)
