"""The rows of a big shop's products, made piece by piece, so that memory stays small."""

import io
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils import timezone
from PIL import Image
from taggit.models import Tag
from wagtail.models import Page

from bench.page_rows import insert_pages
from catalog.models import (
    Brand,
    CategoryPage,
    Picture,
    Price,
    Product,
    ProductPage,
    ProductPicture,
    ProductTag,
    Sku,
    Stock,
)
from orders.models import Order, OrderItem

BRANDS = 40
TAGS = 60
PICTURES = 24
ORDERS = 300
ROWS_AT_ONCE = 2_000
WORDS = (
    "amber",
    "birch",
    "cedar",
    "dawn",
    "ember",
    "field",
    "grove",
    "harbour",
    "iris",
    "jade",
    "kettle",
    "lamp",
    "mirror",
    "north",
    "oak",
    "paper",
)


@dataclass(frozen=True)
class SkuFacts:
    regular: Decimal
    sale: Decimal | None
    on_hand: int


class Rows:
    """Makes the rows of products piece by piece, so that memory stays small."""

    def __init__(self, shelf: CategoryPage, chance: random.Random) -> None:
        self.shelf, self.chance, self.now = shelf, chance, timezone.now()
        self.content_type = ContentType.objects.get_for_model(ProductPage)
        self.brands = _made(Brand, [f"Brand {number}" for number in range(BRANDS)])
        names = [f"tag-{number}" for number in range(TAGS)]
        self.tags = _made(Tag, names, slugs=True)
        self.pictures = self._pictures()

    def _pictures(self) -> list[Any]:
        """The pictures that products choose from."""
        return list(_pictures(self.chance))

    def fill(self, count: int) -> None:
        for start in range(0, count, ROWS_AT_ONCE):
            self._piece(range(start, min(start + ROWS_AT_ONCE, count)))
        Page.objects.filter(pk=self.shelf.pk).update(numchild=count)
        self._orders()

    def _piece(self, numbers: range) -> None:
        facts = [self._facts(number) for number in numbers]
        products = Product.objects.bulk_create(
            self._product(number, skus) for number, skus in zip(numbers, facts, strict=True)
        )
        pages = [
            self._page(number, product) for number, product in zip(numbers, products, strict=True)
        ]
        insert_pages(pages)
        self._story(pages, numbers)
        self._skus(products, facts)

    def _story(self, pages: list[Any], _numbers: range) -> None:
        """What hangs on the pages."""
        ProductTag.objects.bulk_create(
            ProductTag(content_object_id=page.pk, tag=tag)
            for page in pages
            for tag in self.chance.sample(self.tags, 2)
        )
        ProductPicture.objects.bulk_create(
            ProductPicture(page_id=page.pk, image=self.chance.choice(self.pictures), sort_order=0)
            for page in pages
        )

    def _facts(self, number: int) -> list[SkuFacts]:
        """One to three SKUs of a product; one product in ten is reduced to half."""
        is_reduced = self.chance.random() < 0.1
        return [
            SkuFacts(
                regular=(regular := Decimal(self.chance.randint(100, 99_999)) / 100),
                sale=(regular / 2).quantize(Decimal("0.01")) if is_reduced else None,
                on_hand=self.chance.choice((0, 0, 2, 5, 20, 100, 400)),
            )
            for _variant in range(self._variants(number))
        ]

    def _variants(self, _number: int) -> int:
        return self.chance.choice((1, 1, 2, 3))

    def _product(self, number: int, skus: list[SkuFacts]) -> Model:
        """With the columns that ``catalog.listing.refresh`` would write."""
        shown = [sku for sku in skus if sku.on_hand] or skus
        return Product(
            handle=f"{self.shelf.slug}-{number}",
            created=self._ago(400),
            on_sale=skus[0].sale is not None,
            lowest_price=min(sku.sale or sku.regular for sku in shown),
            in_stock=any(sku.on_hand for sku in skus),
            sold_30_days=self.chance.choice((0, 0, 0, 1, 2, 5, 20)),
            views=self.chance.randint(0, 5_000),
        )

    def _page(self, number: int, product: Model) -> Model:
        title = f"{' '.join(self.chance.sample(WORDS, 2)).title()} {number}"
        edited = self._ago(300)
        live = self.chance.random() < 0.9
        return ProductPage(
            title=title,
            draft_title=title,
            slug=f"p-{number}",
            path=ProductPage._get_path(self.shelf.path, self.shelf.depth + 1, number + 1),
            depth=self.shelf.depth + 1,
            url_path=f"{self.shelf.url_path}p-{number}/",
            content_type=self.content_type,
            locale_id=self.shelf.locale_id,
            translation_key=uuid.uuid4(),
            live=live,
            has_unpublished_changes=not live or self.chance.random() < 0.05,
            first_published_at=edited if live else None,
            last_published_at=edited if live else None,
            latest_revision_created_at=edited,
            product=product,
            summary="A thing among many.",
            brand=self.chance.choice(self.brands),
        )

    def _skus(self, products: list[Any], facts: list[list[SkuFacts]]) -> None:
        skus = Sku.objects.bulk_create(
            Sku(
                product=product,
                code=f"{product.handle}-{variant}".upper(),
                **self._options(variant),
                barcode=f"4{product.pk:011d}{variant}",
                position=variant,
            )
            for product, own in zip(products, facts, strict=True)
            for variant in range(len(own))
        )
        each = [one for own in facts for one in own]
        Stock.objects.bulk_create(
            Stock(sku=sku, on_hand=one.on_hand) for sku, one in zip(skus, each, strict=True)
        )
        Price.objects.bulk_create(
            self._price(sku, kind, amount)
            for sku, one in zip(skus, each, strict=True)
            for kind, amount in (("regular", one.regular), ("sale", one.sale))
            if amount is not None
        )

    def _options(self, variant: int) -> dict[str, str]:
        return {"option1": "" if variant == 0 else f"Size {variant}"}

    def _price(self, sku: Model, kind: str, amount: Decimal) -> Model:
        return Price(
            sku=sku,
            kind=kind,
            amount=amount,
            currency=settings.SHOP_CURRENCY,
            valid_from=self.now - timedelta(days=10),
        )

    def _orders(self) -> None:
        skus = list(Sku.objects.filter(product__pages__path__startswith=self.shelf.path)[:5_000])
        orders = Order.objects.bulk_create(
            Order(
                checkout_token=uuid.uuid4(),
                created=self._ago(30),
                language="en",
                first_name="Ada",
                last_name="Lovelace",
                email="ada@example.com",
                country="GB",
                currency=settings.SHOP_CURRENCY,
                total=10,
            )
            for _number in range(ORDERS)
        )
        OrderItem.objects.bulk_create(
            OrderItem(
                order=order, sku=sku, title="A thing", sku_code=sku.code, unit_price=10, quantity=1
            )
            for order in orders
            for sku in self.chance.sample(skus, min(3, len(skus)))
        )

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(seconds=self.chance.randint(0, days * 86_400))


def _made(model: Any, names: list[str], *, slugs: bool = False) -> list[Any]:
    known = set(model.objects.filter(name__in=names).values_list("name", flat=True))
    model.objects.bulk_create(
        model(name=name, **({"slug": name} if slugs else {})) for name in names if name not in known
    )
    return list(model.objects.filter(name__in=names))


def _pictures(chance: random.Random) -> Iterator[Any]:
    for number in range(PICTURES):
        file = io.BytesIO()
        colour = tuple(chance.randint(60, 220) for _channel in range(3))
        Image.new("RGB", (640, 480), colour).save(file, "PNG")
        name = f"big-{number}.png"
        yield Picture.objects.create(
            title=name, description="A thing", file=ContentFile(file.getvalue(), name)
        )
