"""Product descriptions: HTML from anywhere becomes the HTML that the shop's editor writes. Pure."""

import re
from collections import Counter
from html import escape, unescape
from html.parser import HTMLParser

import nh3

INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "a": "a"}
# The editor offers h2 to h4 (blocks.RICH_TEXT_FEATURES).
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
LISTS = {"ul", "ol"}
# What starts a line of its own in a browser becomes a paragraph of its own.
# fmt: off
OTHER_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "main",
    "aside", "nav", "blockquote", "pre", "address", "center", "figure",
    "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr",
    "dl", "dt", "dd", "details", "summary", "form", "fieldset",
}
# fmt: on
CELLS = {"td", "th"}
KEPT = {*INLINE, *HEADINGS, *LISTS, *OTHER_BLOCKS, *CELLS, "li", "br", "hr"}
DROPPED_WITH_CONTENT = {"script", "style", "title", "noscript", "template", "textarea", "select"}
# White space, and ends of inline tags, at the end of a line. A run of them is tried from its
# first character only and never given back: a hundred thousand spaces are read once.
BEFORE_AN_END = re.compile(
    r"(?<!\s)(?<!</[bia]>)(?:\s|</[bia]>)++(?=</(?:p|h[2-4]|li)>|<br/>|<[uo]l>)"
)
LINKS_TO = {"http", "https", "mailto", "tel"}


def clean(body: str) -> str:
    """Safe HTML with nothing but the editor's features; cleaning it again changes nothing."""
    if not re.search(r"<[a-zA-Z/!]", body):
        # Plain text: an empty line ends a paragraph, a line end stays one.
        paragraphs = re.split(r"\n\s*\n", body.replace("\r\n", "\n").replace("\r", "\n"))
        body = "".join(f"<p>{'<br>'.join(text.splitlines())}</p>" for text in paragraphs)
    safe = nh3.clean(
        body,
        tags=KEPT,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes={"a": {"href"}},
        url_schemes=LINKS_TO,
        link_rel=None,
    )
    writer = _Writer()
    writer.feed(safe)
    writer.close()
    return writer.html()


def plain(body: str) -> str:
    """The text of HTML, without its tags; an end of a paragraph stays the end of a line."""
    if not body:
        return ""
    text = re.sub(r"<br/>|</(?:p|h[2-4]|li)>|<hr/>", "\n", clean(body))
    return unescape(re.sub(r"<[^>]*>", "", text)).strip()


class _Writer(HTMLParser):
    """Writes blocks of inline text. Every tag waits for the first text in it: no empty ones."""

    def __init__(self) -> None:
        super().__init__()
        self._out: list[str] = []
        self._block = ""  # the tag that is open and holds text: p, h2 to h4, or li
        self._next = "p"  # the tag that the next text opens
        self._lists: list[str] = []  # end tags of the open lists
        self._inline: list[tuple[str, str]] = []  # name and start tag, each once
        self._depth: Counter[str] = Counter()  # how many of each inline tag are open
        self._written = 0  # how many of these stand in the open block
        self._breaks = 0
        self._spaced = False  # whether the last text ended with a space

    def html(self) -> str:
        self._close_block()
        html = "".join(self._out)
        html = BEFORE_AN_END.sub(lambda found: re.sub(r"\s+", "", found[0]), html)
        return re.sub(r"<(ul|ol)></\1>", "", html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in INLINE:
            self._start_inline(INLINE[tag], dict(attrs).get("href"))
        elif tag == "br":
            self._breaks += bool(self._block)
        elif tag in LISTS:
            self._open_list(tag)
        elif tag == "li":
            self._close_block()
            self._next = "li" if self._lists else "p"
        elif tag == "hr" and not self._lists:
            self._close_block()
            self._out.append("<hr/>")
        elif tag in CELLS:
            self._space()
        else:
            self._start_block(HEADINGS.get(tag, "p"))

    def handle_endtag(self, tag: str) -> None:
        if tag in INLINE:
            self._end_inline(INLINE[tag])
        elif tag in LISTS:
            self._close_block()
            self._out.append(self._lists.pop())
            self._next = "li" if self._lists else "p"
        elif tag in HEADINGS or tag in OTHER_BLOCKS:
            self._start_block("p")
        elif tag == "li":
            self._close_block()

    def handle_data(self, data: str) -> None:
        text = re.sub(r"[ \t\r\n\f\v]+", " ", data)
        if not self._block:
            text = text.lstrip()
            if not text:
                return
            self._block = self._next
            self._out.append(f"<{self._block}>")
        elif self._breaks:
            text = text.lstrip()
            if not text:
                return
            self._out.append("<br/>" * self._breaks)
        elif self._spaced:
            text = text.lstrip(" ")
            if not text:
                return
        self._breaks = 0
        self._spaced = text.endswith(" ")
        if text.strip(" ") or self._written == len(self._inline):
            self._out += [start for _name, start in self._inline[self._written :]]
            self._written = len(self._inline)
        self._out.append(escape(text, quote=False))

    def _start_inline(self, name: str, href: str | None) -> None:
        """A tag says nothing inside another of its kind, nor an anchor without address."""
        self._depth[name] += 1
        if self._depth[name] == 1:
            start = f'<a href="{escape(href)}">' if href else f"<{name}>"
            self._inline.append((name, start if href or name != "a" else ""))

    def _end_inline(self, name: str) -> None:
        self._depth[name] -= 1
        if self._depth[name]:
            return
        _name, start = self._inline.pop()
        if len(self._inline) < self._written:
            self._written -= 1
            self._out.append(f"</{name}>" if start else "")

    def _space(self) -> None:
        if self._block and not self._spaced:
            self._out.append(" ")
            self._spaced = True

    def _start_block(self, tag: str) -> None:
        """A block inside a list item is a new line there: an item holds no paragraphs."""
        if self._lists:
            self._breaks = max(self._breaks, 1) if self._block else 0
            return
        self._close_block()
        self._next = tag

    def _open_list(self, tag: str) -> None:
        """A list in a list belongs to the item above it, which ends with it."""
        if not self._lists:
            self._close_block()
            end = f"</{tag}>"
        elif self._block:
            self._close_inline()
            self._block = ""
            end = f"</{tag}></li>"
        else:
            end = ""
        if end:
            self._out.append(f"<{tag}>")
        self._lists.append(end)
        self._next = "li"

    def _close_inline(self) -> None:
        names = [name for name, start in self._inline[: self._written] if start]
        self._out += [f"</{name}>" for name in reversed(names)]
        self._written = 0
        self._breaks = 0

    def _close_block(self) -> None:
        if self._block:
            self._close_inline()
            self._out.append(f"</{self._block}>")
        self._block = ""
        self._next = "li" if self._lists else "p"
