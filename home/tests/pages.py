"""Pages made of blocks, to test with."""

from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image
from wagtail.blocks import StreamValue
from wagtail.models import Page, Site

from catalog.models import Picture, ProductPage
from catalog.tests.factories import make_page, make_sku
from home.models import ArticlePage, HomePage, JournalPage


def make_picture(title: str = "Wall", size: tuple[int, int] = (40, 30)) -> Picture:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, "PNG")
    file.seek(0)
    return Picture.objects.create(title=title, file=ImageFile(file, name=f"{title}.png"))


def picture_value(picture: Picture, alt_text: str = "A wall") -> dict[str, Any]:
    return {"image": picture.pk, "alt_text": alt_text, "decorative": False}


def make_product(title: str, **fields: Any) -> ProductPage:
    """A product that is for sale."""
    page = make_page(title, **fields)
    make_sku(page, price="20.00")
    return page


def home_page() -> HomePage:
    return Site.objects.get(is_default_site=True).root_page.specific


def fill(page: Page, *blocks: tuple[str, Any]) -> Page:
    """Publish a page with these blocks, as they are stored."""
    raw = [{"type": kind, "value": value} for kind, value in blocks]
    page.body = StreamValue(page.body.stream_block, raw, is_lazy=True)
    page.save_revision().publish()
    return page


def row(source: str, title: str = "", number: int = 4, **values: Any) -> tuple[str, Any]:
    value = {"title": title, "source": source, "products": [], "collection": None, "number": number}
    return "product_row", value | values


def hero(headline: str = "Worth a nail", **values: Any) -> tuple[str, Any]:
    value = {"headline": headline, "words": "", "picture": None, "buttons": [], "layout": "end"}
    return "hero", value | values


def button(text: str, page: Page | None = None, address: str = "") -> dict[str, Any]:
    return {"text": text, "page": page.pk if page else None, "address": address}


def countdown(at: str, **values: Any) -> tuple[str, Any]:
    value = {
        "at": at,
        "title": "The winter edition opens in",
        "words": "",
        "buttons": [],
        "title_after": "The winter edition is here",
        "words_after": "",
        "buttons_after": [],
    }
    return "countdown", value | values


def make_journal(**values: Any) -> JournalPage:
    return home_page().add_child(instance=JournalPage(title="Journal", **values))


def make_article(journal: JournalPage, title: str, *tags: str, **values: Any) -> ArticlePage:
    article = journal.add_child(instance=ArticlePage(title=title, **values))
    article.tags.add(*tags)
    article.save_revision().publish()
    return article
