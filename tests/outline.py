"""What tests ask of a page's HTML."""

from html.parser import HTMLParser


class Outline(HTMLParser):
    """A page's tags with their attributes, and what it loads from where."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def ids(self) -> list[str | None]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    @property
    def loaded(self) -> list[str]:
        # These name addresses, and no browser asks for them.
        named = {"canonical", "alternate"}
        links = [link for link in self.all("link") if link["rel"] not in named]
        found = [link["href"] for link in links]
        for tag in ("script", "img", "source"):
            found += [item.get("src") or item.get("srcset") for item in self.all(tag)]
        return [address for address in found if address]
