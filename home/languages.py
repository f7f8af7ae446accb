"""Which languages the shop is read in, and where a page is found in each of them.

The texts of the shop itself are there in every language of the settings; what editors write is
not. So a language is offered once its home page is published, and on every page alike: where a
page has no translation, the switch leads to the home page of that language.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page, Site

from catalog import kept, sites
from catalog.visibility import public


@dataclass(frozen=True)
class Translation:
    """A page in one language; ``name`` is what the language calls itself, ``url`` a path."""

    language: str
    name: str
    url: str
    is_current: bool = False
    # Whether it is the page itself, or else the home page of its language.
    is_same: bool = True


def names() -> list[tuple[str, str]]:
    """The languages of the shop's own texts, to choose from: code and name."""
    return list(settings.LANGUAGES)


def homes(request: HttpRequest) -> dict[str, Page]:
    """The home pages that shoppers may see, by language, the site's own first.

    One query for each request at most, none in a shop with one language. Empty where no site
    answers.
    """
    if not hasattr(request, "_homes"):
        site = sites.find(request)
        request._homes = kept.get(("homes", site.pk), lambda: _homes(site)) if site else {}
    return request._homes


def _homes(site: Site) -> dict[str, Page]:
    root = site.root_page
    kept.shows("frame")
    codes = {path.language_code for path in sites.root_paths() if path.site_id == site.pk}
    if len(codes) == 1:
        return dict.fromkeys(codes, root)
    found = public(Page.objects.filter(translation_key=root.translation_key))
    by_language = {page.locale.language_code: page for page in found.select_related("locale")}
    order = [code for code, _name in settings.LANGUAGES if code in by_language]
    order.sort(key=lambda code: by_language[code] != root)
    return {code: by_language[code] for code in order}


def home(request: HttpRequest) -> Page | None:
    """The home page in the language of the request, or the site's own, as Wagtail serves it."""
    if found := homes(request).get(get_language() or ""):
        return found
    site = sites.find(request)
    return site.root_page if site else None


def translations_of(request: HttpRequest, page: object) -> list[Translation]:
    """The page in all languages it is published in, itself included, for ``hreflang``.

    None where the shop has but one language (no query), or the page has no translation. One that
    merely repeats another language's page (an alias) is not counted: that one is its address.
    """
    found = [one for one in _found(request, page).values() if not one.is_alias]
    return [_link(one.language, one.url) for one in found] if len(found) > 1 else []


def switch(request: HttpRequest, page: object = None) -> list[Translation]:
    """Where each language of the shop is found from here; empty where there is but one."""
    there_are = homes(request)
    if len(there_are) < 2:
        return []
    pages = _found(request, page)
    links = []
    for language, start in there_are.items():
        if found := pages.get(language):
            links.append(_link(language, found.url))
        elif url := _same_view(request, language):
            links.append(_link(language, url))
        else:
            links.append(_link(language, start.get_url(request) or "/", is_same=False))
    return links


@dataclass(frozen=True)
class _Found:
    language: str
    url: str
    is_alias: bool


def _found(request: HttpRequest, page: object) -> dict[str, _Found]:
    """Where the page is, by language: one query at most, none in a shop with one language."""
    # What a template calls "page" may be something else altogether.
    if not isinstance(page, Page) or page.pk is None or len(homes(request)) < 2:
        return {}
    found = vars(request).setdefault("_translations", {})
    if page.pk not in found:
        site = sites.find(request)
        key = "translations", page.pk, site.pk if site else None
        found[page.pk] = kept.get(key, lambda: _read(request, page))
    return found[page.pk]


def _read(request: HttpRequest, page: Page) -> dict[str, _Found]:
    found = public(Page.objects.filter(translation_key=page.translation_key))
    by_language = {other.locale.language_code: other for other in found.select_related("locale")}
    kept.shows("frame")
    if product := getattr(page, "product_id", None):
        # Told of by any of its pages, also by one that is published in another language; what
        # concerns the addresses of other pages is told of as what stands around all of them.
        kept.shows(f"card:{product}", *(f"page:{one.pk}" for one in (page, *found)))
    return {
        language: _Found(language, one.get_url(request) or "/", bool(one.alias_of_id))
        for language in homes(request)
        if (one := by_language.get(language))
    }


def _same_view(request: HttpRequest, language: str) -> str:
    """Where the shop's own view that is shown (a cart, a search) is in the language."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.url_name == "wagtail_serve":
        return ""
    url = translate_url(request.get_full_path(), language)
    return url if language == get_language() or url != request.get_full_path() else ""


def _link(language: str, url: str, *, is_same: bool = True) -> Translation:
    name = get_language_info(language)["name_local"]
    return Translation(language, name, url, language == get_language(), is_same)
