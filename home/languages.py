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

    One query for each request, none in a shop with one language. Empty where no site answers.
    """
    if not hasattr(request, "_homes"):
        request._homes = _homes(Site.find_for_request(request))
    return request._homes


def _homes(site: Site | None) -> dict[str, Page]:
    if site is None:
        return {}
    root = site.root_page
    # Wagtail keeps these in the cache, because it needs them for every address.
    codes = {path.language_code for path in Site.get_site_root_paths() if path.site_id == site.pk}
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
    site = Site.find_for_request(request)
    return site.root_page if site else None


def translations_of(request: HttpRequest, page: object) -> list[Translation]:
    """The page in all languages it is published in, itself included, for ``hreflang``.

    None where the shop has but one language (no query), or the page has no translation. One that
    merely repeats another language's page (an alias) is not counted: that one is its address.
    """
    pages = _pages(request, page)
    found = [_translation(request, found) for found in pages.values() if not found.alias_of_id]
    return found if len(found) > 1 else []


def switch(request: HttpRequest, page: object = None) -> list[Translation]:
    """Where each language of the shop is found from here; empty where there is but one."""
    there_are = homes(request)
    if len(there_are) < 2:
        return []
    pages = _pages(request, page)
    links = []
    for language, start in there_are.items():
        if found := pages.get(language):
            links.append(_translation(request, found))
        elif url := _same_view(request, language):
            links.append(_link(language, url))
        else:
            links.append(_link(language, start.get_url(request) or "/", is_same=False))
    return links


def _pages(request: HttpRequest, page: object) -> dict[str, Page]:
    """The page by language: one query, none in a shop with one language."""
    # What a template calls "page" may be something else altogether.
    if not isinstance(page, Page) or page.pk is None or len(homes(request)) < 2:
        return {}
    found = public(Page.objects.filter(translation_key=page.translation_key))
    by_language = {other.locale.language_code: other for other in found.select_related("locale")}
    return {
        language: by_language[language] for language in homes(request) if language in by_language
    }


def _same_view(request: HttpRequest, language: str) -> str:
    """Where the shop's own view that is shown (a cart, a search) is in the language."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.url_name == "wagtail_serve":
        return ""
    url = translate_url(request.get_full_path(), language)
    return url if language == get_language() or url != request.get_full_path() else ""


def _translation(request: HttpRequest, page: Page) -> Translation:
    return _link(page.locale.language_code, page.get_url(request) or "/")


def _link(language: str, url: str, *, is_same: bool = True) -> Translation:
    name = get_language_info(language)["name_local"]
    return Translation(language, name, url, language == get_language(), is_same)
