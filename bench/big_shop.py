"""Fill an empty shop with one category of many products, fast: rows, not pages saved one by one.

    DATA_DIR=/tmp/big python -m bench.big_shop --products 100000

fills the shop that the settings name (``DATABASE_URL`` or ``DATA_DIR``), which must have no
products. What comes of it is a shop as imports and years leave it: live and draft pages,
brands, tags, pictures, one to three SKUs with stock and prices (one in ten reduced), and
orders of the last month. ``bench.explorer`` uses the same to measure.
"""

import argparse
import io
import os
import random
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

    from catalog.models import CategoryPage

CATEGORY = "Everything"
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


def fill(products: int, *, category: str = CATEGORY, seed: int = 1) -> "CategoryPage":
    """Make a category below the home page with so many products; return it."""
    from django.core.management import call_command
    from django.db import transaction
    from wagtail.models import Site
    from wagtail.signal_handlers import disable_reference_index_auto_update

    from catalog.models import CategoryPage

    home = Site.objects.get(is_default_site=True).root_page
    with transaction.atomic(), disable_reference_index_auto_update():
        shelf = home.add_child(instance=CategoryPage(title=category, show_in_menus=True))
        _Filler(shelf, random.Random(seed)).fill(products)  # noqa: S311 - not a secret
    # What is inserted as rows is not in the index of the search yet.
    call_command("update_index", chunk_size=ROWS_AT_ONCE, verbosity=0)
    _analyse()
    shelf.refresh_from_db()
    return shelf


class _Filler:
    """Makes the rows of products piece by piece, so that memory stays small."""

    def __init__(self, shelf: "CategoryPage", chance: random.Random) -> None:
        from django.contrib.contenttypes.models import ContentType
        from django.utils import timezone
        from taggit.models import Tag

        from catalog.models import Brand, ProductPage

        self.shelf, self.chance, self.now = shelf, chance, timezone.now()
        self.content_type = ContentType.objects.get_for_model(ProductPage)
        self.brands = _made(Brand, [f"Brand {number}" for number in range(BRANDS)])
        names = [f"tag-{number}" for number in range(TAGS)]
        self.tags = _made(Tag, names, slugs=True)
        self.pictures = list(_pictures(chance))

    def fill(self, count: int) -> None:
        from wagtail.models import Page

        for start in range(0, count, ROWS_AT_ONCE):
            self._piece(range(start, min(start + ROWS_AT_ONCE, count)))
        Page.objects.filter(pk=self.shelf.pk).update(numchild=count)
        self._orders()

    def _piece(self, numbers: range) -> None:
        from catalog.models import Product, ProductPicture, ProductTag

        facts = [self._facts() for _number in numbers]
        products = Product.objects.bulk_create(
            self._product(number, skus) for number, skus in zip(numbers, facts, strict=True)
        )
        pages = [
            self._page(number, product) for number, product in zip(numbers, products, strict=True)
        ]
        _insert_pages(pages)
        ProductTag.objects.bulk_create(
            ProductTag(content_object_id=page.pk, tag=tag)
            for page in pages
            for tag in self.chance.sample(self.tags, 2)
        )
        ProductPicture.objects.bulk_create(
            ProductPicture(page_id=page.pk, image=self.chance.choice(self.pictures), sort_order=0)
            for page in pages
        )
        self._skus(products, facts)

    def _facts(self) -> list[SkuFacts]:
        """One to three SKUs of a product; one product in ten is reduced to half."""
        is_reduced = self.chance.random() < 0.1
        return [
            SkuFacts(
                regular=(regular := Decimal(self.chance.randint(100, 99_999)) / 100),
                sale=(regular / 2).quantize(Decimal("0.01")) if is_reduced else None,
                on_hand=self.chance.choice((0, 0, 2, 5, 20, 100, 400)),
            )
            for _variant in range(self.chance.choice((1, 1, 2, 3)))
        ]

    def _product(self, number: int, skus: list[SkuFacts]) -> "Model":
        """With the columns that ``catalog.listing.refresh`` would write."""
        from catalog.models import Product

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

    def _page(self, number: int, product: "Model") -> "Model":
        from catalog.models import ProductPage

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
        from catalog.models import Price, Sku, Stock

        skus = Sku.objects.bulk_create(
            Sku(
                product=product,
                code=f"{product.handle}-{variant}".upper(),
                option1="" if variant == 0 else f"Size {variant}",
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

    def _price(self, sku: "Model", kind: str, amount: Decimal) -> "Model":
        from django.conf import settings

        from catalog.models import Price

        return Price(
            sku=sku,
            kind=kind,
            amount=amount,
            currency=settings.SHOP_CURRENCY,
            valid_from=self.now - timedelta(days=10),
        )

    def _orders(self) -> None:
        from django.conf import settings

        from catalog.models import Sku
        from orders.models import Order, OrderItem

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


def _insert_pages(pages: list[Any]) -> None:
    """Insert rows of both tables; Django's bulk_create knows no models with a parent's table."""
    from wagtail.models import Page

    from catalog.models import ProductPage

    fields = [field for field in Page._meta.concrete_fields if not field.primary_key]
    parents = Page.objects.bulk_create(
        Page(**{field.attname: getattr(page, field.attname) for field in fields}) for page in pages
    )
    for page, parent in zip(pages, parents, strict=True):
        page.pk = page.page_ptr_id = parent.pk
    ProductPage._base_manager._insert(
        pages, fields=ProductPage._meta.local_concrete_fields, using="default", raw=True
    )


def _made(model: Any, names: list[str], *, slugs: bool = False) -> list[Any]:
    known = set(model.objects.filter(name__in=names).values_list("name", flat=True))
    model.objects.bulk_create(
        model(name=name, **({"slug": name} if slugs else {})) for name in names if name not in known
    )
    return list(model.objects.filter(name__in=names))


def _pictures(chance: random.Random) -> Iterator[Any]:
    from django.core.files.base import ContentFile
    from PIL import Image

    from catalog.models import Picture

    for number in range(PICTURES):
        file = io.BytesIO()
        colour = tuple(chance.randint(60, 220) for _channel in range(3))
        Image.new("RGB", (640, 480), colour).save(file, "PNG")
        name = f"big-{number}.png"
        yield Picture.objects.create(
            title=name, description="A thing", file=ContentFile(file.getvalue(), name)
        )


def _analyse() -> None:
    """Both databases choose plans by what they know of the tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, default=100_000)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")
    import django

    django.setup()
    from catalog.models import Product

    if Product.objects.exists():
        sys.stderr.write("This shop has products. Name an empty one by DATABASE_URL or DATA_DIR.\n")
        return 1
    start = time.perf_counter()
    shelf = fill(asked.products)
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{asked.products} products in “{shelf.title}” in {seconds:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
