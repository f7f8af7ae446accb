"""Fill an empty shop with the demo, in one transaction, while its pictures are being drawn."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page, Site
from wagtail.rich_text import RichText

from catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    CategoryPage,
    CategoryProduct,
    CollectionPage,
    CollectionProduct,
    Product,
    ProductAttribute,
    ProductCategory,
    ProductOption,
    ProductPage,
    ProductPicture,
    RelatedProduct,
)
from home.demo import (
    books,
    catalogue,
    desk,
    frame,
    goods,
    indexes,
    news,
    people,
    placing,
    searches,
    selling,
    visits,
)
from home.demo.album import Album
from home.demo.clock import Clock, turned_back
from home.demo.front import Front
from home.demo.kinds import OPENED, Article, Shelf, Words
from home.demo.korean import Korean
from home.demo.pictures import Drawn, draw_all
from home.demo.stories import JOURNAL
from home.models import ContentPage, HomePage

PICTURE_HEIGHT = 1600


class NotEmptyError(Exception):
    """The shop has a life of its own, which the demo must not touch."""


def load(
    picture_height: int = PICTURE_HEIGHT,
    progress: Callable[[Iterable[Drawn]], Iterable[Drawn]] = iter,
) -> int:
    """Load the demo shop; return how many products it has. Raises ``NotEmptyError``."""
    _empty_home()
    faces = people.faces(min(picture_height, people.FACE))
    with transaction.atomic(), indexes.written_once(), turned_back() as clock:
        pictures = Album(progress(draw_all(picture_height)))
        return _Loader(_empty_home(), pictures, faces, clock).run()


def _empty_home() -> HomePage:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    home = site.root_page.specific if site else None
    if not isinstance(home, HomePage):
        raise NotEmptyError(
            "The default site has no home page of this shop, so the demo was not loaded."
        )
    if ProductPage.objects.exists():
        raise NotEmptyError("This shop already has products, so the demo was not loaded.")
    parts = (*catalogue.SHELVES, *placing.GATHERINGS, *catalogue.PAGES)
    titles = [*(part.title for part in parts), news.FORM, news.NEWSLETTER, JOURNAL]
    slugs = [slugify(title) for title in titles]
    if taken := home.get_children().filter(slug__in=slugs).first():
        raise NotEmptyError(f"There already is a page “{taken.title}”, so the demo was not loaded.")
    if user := people.known():
        raise NotEmptyError(f"There already is a member “{user}”, so the demo was not loaded.")
    return home


class _Loader:
    """One run: remembers the pages it made."""

    def __init__(
        self, home: HomePage, pictures: Album, faces: dict[str, bytes], clock: Clock
    ) -> None:
        self.home = home
        self.clock = clock
        self.now = timezone.now()
        self.pictures = pictures
        self.faces = faces
        self.products: dict[Product, Article] = {}
        self.pages: dict[str, ProductPage] = {}
        self.shelves: dict[str, CategoryPage] = {}
        self.gatherings: dict[str, CollectionPage] = {}
        self.brands: dict[str, Brand] = {}
        self.attributes: dict[str, Attribute] = {}

    def run(self) -> int:
        for position, question in enumerate(placing.QUESTIONS):
            self._add_attribute(question, position)
        self.clock.moment = self.now - OPENED
        for shelf in catalogue.SHELVES:
            self._add_shelf(self.home, shelf, in_menu=True)
        self.clock.moment = None
        self.employee = desk.employ()
        goods.fill(self.products, self.employee, self.clock)
        self._relate()
        for gathering in placing.GATHERINGS:
            self._add_gathering(gathering)
        self._add_pages()
        selling.set_up(self.shelves, self.products)
        self._fill_with_people()
        return len(self.products)

    def _fill_with_people(self) -> None:
        products = {
            article.code: self.pages[article.code].product for article in catalogue.articles()
        }
        users = people.move_in(products, self.faces, partial(books.keep, self.clock))
        news.subscribe(users)
        visits.count(products)

    def _add_shelf(self, parent: Page, shelf: Shelf, *, in_menu: bool = False) -> None:
        page = CategoryPage(
            title=shelf.title,
            intro=shelf.intro,
            picture=self.pictures[shelf.face][0],
            show_in_menus=in_menu,
        )
        _publish(parent, page)
        self.shelves[shelf.title] = page
        for below in shelf.shelves:
            self._add_shelf(page, below)
        for article in reversed(shelf.articles):
            self._add_article(page, article)

    def _add_article(self, parent: Page, article: Article) -> None:
        # A second apart, so that the newest comes first also among those of one day.
        self.clock.moment = self.now - timedelta(days=article.launched, seconds=-len(self.pages))
        product = Product.objects.create(handle=slugify(article.title))
        page = ProductPage(
            title=article.title,
            product=product,
            summary=article.summary,
            description=[("text", RichText(catalogue.description(article)))],
            brand=self._brand(article.brand),
            # With the page, never after it: publishing would delete rows written beside it.
            gallery=[
                ProductPicture(image=picture, alt_text=picture.description)
                for picture in self.pictures[article.code]
            ],
            options=[
                ProductOption(name=name)
                for name, values in (("Size", article.sizes), ("Frame", article.frames))
                if values
            ],
            attributes=[
                ProductAttribute(attribute=self.attributes[name], value=value)
                for name, value in placing.answers(article).items()
            ],
        )
        page.tags.add(*article.tags)
        _publish(parent, page)
        self.products[product] = article
        self.pages[article.code] = page

    def _add_attribute(self, question: placing.Question, position: int) -> None:
        self.attributes[question.name] = Attribute.objects.create(
            name=question.name,
            kind=question.kind,
            unit=question.unit,
            is_facet=question.is_facet,
            position=position,
            choices=[
                AttributeChoice(name=name, sort_order=order)
                for order, name in enumerate(question.choices)
            ],
        )

    def _relate(self) -> None:
        """What speaks of other pages is written once all of them are there."""
        for code in {**placing.RELATED, **placing.FURTHER}:
            page = self.pages[code]
            page.related_products = [
                RelatedProduct(product_page=other, sort_order=order)
                for order, other in enumerate(self._found(placing.RELATED.get(code, ())))
            ]
            page.further_categories = [
                ProductCategory(category=self.shelves[title], sort_order=order)
                for order, title in enumerate(placing.FURTHER.get(code, ()))
            ]
            page.save_revision().publish()
        for title, codes in placing.FIRST.items():
            shelf = self.shelves[title]
            shelf.first_products = [
                CategoryProduct(product_page=page, sort_order=order)
                for order, page in enumerate(self._found(codes))
            ]
            shelf.save_revision().publish()

    def _add_gathering(self, gathering: placing.Gathering) -> None:
        by_hand = bool(gathering.only)
        page = CollectionPage(
            title=gathering.title,
            intro=gathering.intro,
            picture=self.pictures[gathering.face][0],
            gathered=CollectionPage.Gathered.BY_HAND
            if by_hand
            else CollectionPage.Gathered.BY_RULE,
            only_on_sale=gathering.reduced,
            sort=gathering.sort,
            most=gathering.most,
            show_in_menus=gathering.in_menu,
            picked=[
                CollectionProduct(product_page=other, sort_order=order)
                for order, other in enumerate(self._found(gathering.only or gathering.pinned))
            ],
        )
        _publish(self.home, page)
        self.gatherings[gathering.title] = page

    def _found(self, codes: Iterable[str]) -> list[ProductPage]:
        return [self.pages[code] for code in codes]

    def _brand(self, name: str) -> Brand:
        if name not in self.brands:
            self.brands[name], _created = Brand.objects.get_or_create(name=name)
        return self.brands[name]

    def _add_words(self, words: Words) -> ContentPage:
        body = [("text", RichText("".join(words.body)))]
        if words is catalogue.ABOUT:
            body.append(("contact", None))
        page = ContentPage(title=words.title, body=body)
        _publish(self.home, page)
        return page

    def _add_pages(self) -> None:
        """Pages of words, the journal, the front, and what stands around all of them."""
        self.clock.moment = self.now - OPENED
        about, delivery = (self._add_words(words) for words in catalogue.PAGES)
        self.clock.moment = None
        form = news.add_form(self.home, _publish)
        newsletter = news.publish_issues(self.home, self.pages, _publish)
        built = Front(self.pictures, self.pages, self.shelves, self.gatherings)
        journal = built.journal(self.home, _publish)
        self.home.refresh_from_db()
        built.furnish(self.home, about, journal)
        desk.plan(
            self.employee, journal, about, self.shelves["Stationery"], self.pictures["QUARTER"][1]
        )
        tops = [self.shelves[shelf.title] for shelf in catalogue.SHELVES]
        columns = {
            "The shop": [*tops, self.gatherings["Sale"], self.gatherings["Best sellers"]],
            "Service": [delivery, form],
            "About us": [about, journal, newsletter],
        }
        frame.stand_up([*tops, self.gatherings["Sale"], journal], columns, delivery)
        Korean(built, self.clock).translate(HomePage.objects.get(pk=self.home.pk))
        searches.remember({"christmas": self.gatherings["The first wall"], "frame": delivery})


def _publish(parent: Page, page: Page) -> None:
    """As an editor would: a draft under its parent, then its first revision published."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
