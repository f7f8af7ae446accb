"""Links between pages: by key in the shop, by address in a file."""

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape

from wagtail.models import Page

_TO_PAGE = re.compile(r"<a\b(?=[^>]*\blinktype=\"page\")(?=[^>]*\bid=\"([0-9]+)\")[^>]*>")
_TO_ADDRESS = re.compile(r"<a href=\"(/[^\"]*)\">")


def pages_in(html: str) -> set[int]:
    """The keys of the pages that the text links to."""
    return {int(key) for key in _TO_PAGE.findall(html)}


def addresses_in(html: str) -> set[str]:
    """The addresses in the shop that the text links to."""
    return {unescape(address) for address in _TO_ADDRESS.findall(html)}


def addresses_of(keys: Iterable[int], root: Page) -> dict[int, str]:
    """Where the pages are, seen from the root: one query."""
    found = Page.objects.filter(pk__in=set(keys), path__startswith=root.path)
    start = len(root.url_path) - 1
    return {key: path[start:] for key, path in found.values_list("pk", "url_path")}


def pages_at(addresses: Iterable[str], root: Page) -> dict[str, int]:
    """Which pages are at these addresses below the root: one query."""
    wanted = {f"{root.url_path[:-1]}{address}" for address in addresses}
    found = Page.objects.filter(url_path__in=wanted, path__startswith=root.path)
    start = len(root.url_path) - 1
    return {path[start:]: key for key, path in found.values_list("pk", "url_path")}


def outward(html: str, addresses: Mapping[int, str]) -> str:
    """The text with addresses in place of keys; a link to a page that is gone leads nowhere."""

    def link(found: re.Match[str]) -> str:
        address = addresses.get(int(found[1]))
        return f'<a href="{escape(address)}">' if address else "<a>"

    return _TO_PAGE.sub(link, html)


def inward(html: str, pages: Mapping[str, int]) -> str:
    """The text with the keys of pages in place of their addresses."""

    def link(found: re.Match[str]) -> str:
        key = pages.get(unescape(found[1]))
        return f'<a id="{key}" linktype="page">' if key else found[0]

    return _TO_ADDRESS.sub(link, html)
