"""Products on many shelves, with all that a product's page and a card can show."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count
from wagtail.models import Collection, Page
from wagtail.rich_text import RichText

from bench.big_shop_rows import Rows
from catalog import listing
from catalog.models import (
    Attribute,
    AttributeChoice,
    CategoryPage,
    Picture,
    PictureRendition,
    Product,
    ProductAttribute,
    ProductOption,
    ProductPicture,
    RelatedProduct,
)
from catalog.picture_sizes import filter_of
from catalog.rendition_files import wanted
from social.models import Review

# Every twentieth product is as large as a product gets: the one that ``bench.pages`` asks for.
RICH, RICH_IS = 20, 19
PICTURES, SIZES, COLOURS, RELATED, REVIEWS = 5, 4, 3, 4, 8
NEAR = 40
SHARED_PICTURES = 60
PICTURE_SIZE = 1600, 1200
COLOUR_NAMES = ("Ash", "Blue", "Coral", "Green", "Ink", "Oak", "Sand", "White")
MATERIALS = ("Brass", "Cotton", "Glass", "Linen", "Oak", "Steel")
MANY = 1_000_000


def is_rich(number: int) -> bool:
    return number % RICH == RICH_IS


class ShownRows(Rows):
    """As ``Rows``, and with pictures in all sizes, options, attributes, reviews and relations."""

    def __init__(
        self, sizes: Mapping[CategoryPage, int], chance: random.Random, members: list[int]
    ) -> None:
        """``sizes``: how many products stand on each shelf."""
        self.sizes, self.members = sizes, members
        # By the product's number.
        self.places = [shelf for shelf, size in sizes.items() for _product in range(size)]
        super().__init__(self.places[0], chance)
        self.questions = list(_questions())

    def fill(self, count: int) -> None:
        super().fill(count)
        for shelf, size in self.sizes.items():
            Page.objects.filter(pk=shelf.pk).update(numchild=size)
        listing.refresh(Product.objects.values_list("pk", flat=True))

    def _pictures(self) -> list[Any]:
        return pictures()

    def _variants(self, number: int) -> int:
        return SIZES * COLOURS if is_rich(number) else self.chance.choice((1, 1, 2, 4))

    def _facts(self, number: int) -> list[Any]:
        facts = super()._facts(number)
        # Bought again and again by whoever measures.
        return [replace(one, on_hand=MANY) for one in facts] if is_rich(number) else facts

    def _options(self, variant: int) -> dict[str, str]:
        size, colour = divmod(variant, COLOURS)
        return {"option1": f"Size {size + 1}", "option2": COLOUR_NAMES[colour]}

    def _product(self, number: int, skus: list[Any]) -> Any:
        self.shelf = self.places[number]
        return super()._product(number, skus)

    def _page(self, number: int, product: Any) -> Any:
        self.shelf = self.places[number]
        page = super()._page(number, product)
        if is_rich(number) and not page.live:
            moment = page.latest_revision_created_at
            page.live, page.first_published_at, page.last_published_at = True, moment, moment
        page.description = [("text", RichText(f"<p>{'Made slowly, and meant to stay. ' * 12}</p>"))]
        return page

    def _story(self, pages: list[Any], numbers: range) -> None:
        both = list(zip(numbers, pages, strict=True))
        super()._story(pages, numbers)
        ProductPicture.objects.bulk_create(
            ProductPicture(page_id=page.pk, image=picture, sort_order=place)
            for number, page in both
            for place, picture in enumerate(self._more_pictures(number), 1)
        )
        ProductOption.objects.bulk_create(
            ProductOption(page_id=page.pk, name=name, sort_order=place)
            for page in pages
            for place, name in enumerate(("Size", "Colour"))
        )
        ProductAttribute.objects.bulk_create(
            answer for page in pages for answer in self._answers(page.pk)
        )
        RelatedProduct.objects.bulk_create(
            RelatedProduct(page_id=page.pk, product_page_id=other.pk, sort_order=place)
            for at, (number, page) in enumerate(both)
            for place, other in enumerate(self._related(number, pages[max(0, at - NEAR) : at]))
        )
        self._reviews([(number, page.product_id) for number, page in both])

    def _more_pictures(self, number: int) -> list[Any]:
        count = PICTURES - 1 if is_rich(number) else self.chance.choice((0, 0, 1, 2))
        return self.chance.sample(self.pictures, count)

    def _related(self, number: int, earlier: list[Any]) -> list[Any]:
        shown = [page for page in earlier if page.live]
        count = RELATED if is_rich(number) else self.chance.choice((0, 0, 2))
        return self.chance.sample(shown, min(count, len(shown)))

    def _answers(self, page: int) -> Iterator[ProductAttribute]:
        width = self.chance.randint(5, 200)
        values = {
            "Colour": self.chance.choice(COLOUR_NAMES),
            "Material": self.chance.choice(MATERIALS),
            "Width": str(width),
            "Washable": self.chance.choice(("yes", "no")),
        }
        for place, question in enumerate(self.questions):
            yield ProductAttribute(
                page_id=page,
                attribute=question,
                value=values[question.name],
                number=Decimal(width) if question.name == "Width" else None,
                sort_order=place,
            )

    def _reviews(self, products: list[tuple[int, int]]) -> None:
        Review.objects.bulk_create(
            Review(
                user_id=member,
                product_id=product,
                stars=self.chance.choice((3, 4, 4, 5, 5)),
                title="As I hoped",
                text="It came soon, well packed, and looks better than on the screen. " * 2,
                language="en",
                state=Review.State.APPROVED,
                created=self._ago(300),
            )
            for number, product in products
            for member in self.chance.sample(
                self.members, REVIEWS if is_rich(number) else self.chance.choice((0, 0, 1, 3))
            )
        )
        keys = [product for _number, product in products]
        found = Review.objects.filter(product__in=keys).order_by().values("product")
        rated = found.annotate(count=Count("pk"), average=Avg("stars"))
        Product.objects.bulk_update(
            [
                Product(
                    pk=row["product"],
                    total_reviews=row["count"],
                    rating=round(Decimal(row["average"]), 2),
                    total_likes=self.chance.randint(0, 300),
                )
                for row in rated
            ],
            ["total_reviews", "rating", "total_likes"],
            batch_size=500,
        )


def _questions() -> Iterator[Attribute]:
    kinds = Attribute.Kind
    for place, (name, kind) in enumerate(
        (
            ("Colour", kinds.CHOICE),
            ("Material", kinds.TEXT),
            ("Width", kinds.NUMBER),
            ("Washable", kinds.YES_NO),
        )
    ):
        choices = COLOUR_NAMES if kind == kinds.CHOICE else ()
        yield Attribute.objects.create(
            name=name,
            kind=kind,
            unit="cm" if kind == kinds.NUMBER else "",
            is_facet=True,
            position=place,
            choices=[AttributeChoice(name=one, sort_order=at) for at, one in enumerate(choices)],
        )


def pictures() -> list[Picture]:
    """Pictures with rows for all their sizes, and no files: pages only name these."""
    width, height = PICTURE_SIZE
    made = Picture.objects.bulk_create(
        Picture(
            title=f"Thing {number}",
            description=f"A thing, seen from its side {number}",
            file=f"original_images/thing-{number}.jpg",
            width=width,
            height=height,
            collection=Collection.get_first_root_node(),
        )
        for number in range(SHARED_PICTURES)
    )
    sizes = list(_sizes(made[0]))
    PictureRendition.objects.bulk_create(
        PictureRendition(
            image=picture,
            filter_spec=spec,
            focal_point_key=key,
            file=f"images/thing-{number}.{spec.partition('|')[2]}.{file_format}",
            width=wide,
            height=high,
        )
        for number, picture in enumerate(made)
        for spec, file_format, key, wide, high in sizes
    )
    return made


def _sizes(picture: Picture) -> Iterator[tuple[str, str, str, int, int]]:
    """Of each rendition that a picture of the shop has: what its row says."""
    for spec in wanted(picture, with_cuts=True):
        wide, high = filter_of(spec).get_transform(picture).size
        file_format = spec.partition("|")[0].removeprefix("format-")
        yield spec, file_format, filter_of(spec).get_cache_key(picture), round(wide), round(high)
