"""What editors write as mails can show it: inline styles and whole addresses, or plain text."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

# Mail programs know no style sheets. Classes are for the dark (orders/mail/parts/dark.html).
STYLES = {
    "h2": ("", "margin: 0 0 8px; font: 500 24px/1.25 Palatino, Georgia, serif"),
    "h3": ("", "margin: 0 0 6px; font: 600 18px/1.3 Palatino, Georgia, serif"),
    "p": ("", "margin: 0 0 14px"),
    "ul": ("", "margin: 0 0 14px; padding: 0 0 0 22px"),
    "ol": ("", "margin: 0 0 14px; padding: 0 0 0 22px"),
    "li": ("", "margin: 0 0 6px"),
    "a": ("link", "color: #a8391a"),
    "hr": ("rule", "margin: 20px 0; border: 0; border-top: 1px solid #ded6c8"),
}
SCHEMES = {"http", "https", "mailto", "tel"}


def whole(url: str) -> str:
    """An address that leads there from a mail too; empty where none does."""
    if url.startswith("/") and not url.startswith("//"):
        return settings.BASE_URL + url
    try:
        return url if urlsplit(url).scheme in SCHEMES else ""
    except ValueError:
        return ""


def as_html(source: str) -> SafeString:
    soup = _soup(source)
    for tag in soup.find_all(list(STYLES)):
        kept = {"href": tag["href"]} if tag.name == "a" else {}
        name, style = STYLES[tag.name]
        tag.attrs = {**kept, **({"class": name} if name else {}), "style": style}
    # Wagtail lets editors write nothing that is not on its list.
    return mark_safe(str(soup))  # noqa: S308


def as_text(source: str) -> str:
    return "\n\n".join(filter(None, map(_block, _soup(source).children)))


def _soup(source: str) -> BeautifulSoup:
    soup = BeautifulSoup(expand_db_html(source), "html.parser")
    for link in soup.find_all("a"):
        if url := whole(link.get("href") or ""):
            link["href"] = url
        else:
            # To a page that is gone, or to a place on a page that a mail is not.
            link.unwrap()
    return soup


def _block(node: Tag | NavigableString) -> str:
    if not isinstance(node, Tag):
        return str(node).strip()
    if node.name in ("ul", "ol"):
        return "\n".join(_list(node))
    if node.name == "hr":
        return "-" * 20
    return _inline(node).strip()


def _list(node: Tag, indent: str = "") -> Iterator[str]:
    for number, item in enumerate(node.find_all("li", recursive=False), start=1):
        mark = f"{number}." if node.name == "ol" else "-"
        yield f"{indent}{mark} {_inline(item).strip()}"
        for inner in item.find_all(["ul", "ol"], recursive=False):
            yield from _list(inner, indent + "   ")


def _inline(node: Tag) -> str:
    return "".join(map(_run, node.children))


def _run(node: Tag | NavigableString) -> str:
    if not isinstance(node, Tag):
        return " ".join(str(node).split("\n"))
    if node.name == "br":
        return "\n"
    if node.name in ("ul", "ol"):
        return ""
    text = _inline(node)
    if node.name != "a":
        return text
    url = node["href"]
    is_same = url.removeprefix("mailto:").removeprefix("tel:") == text
    return text if is_same else f"{text} ({url})"
