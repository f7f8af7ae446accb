"""The products of rows: picked by hand, of a collection, of a ranking, or the newest."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from wagtail.models import Page

from catalog import gathering, moment
from catalog.browsing import Listing
from catalog.models import CollectionPage, ProductPage
from home.blocks.products import MOST, Source
from home.blocks.visible import Reader
from social.rankings import RANKINGS

# As long as rankings: what a collection holds changes little, and is several queries to find.
CACHE_SECONDS = 60


class Shelves:
    """All product pages that the blocks of one page may show: two queries, however many rows."""

    def __init__(
        self,
        reader: Reader,
        chosen: Iterable[int],
        sources: Iterable[str],
        collections: Mapping[int, Page],
    ) -> None:
        self._ranked = {name: RANKINGS[name].first() for name in sources if name in RANKINGS}
        self._gathered = gathered({page.pk: page for page in collections.values()})
        self._newest: list[int] = []
        if Source.NEWEST in sources:
            everything = gathering.everything(reader.locale, reader.home_path)
            self._newest = Listing(everything, Source.NEWEST).first(MOST)
        rows = self._read(reader, set(chosen))
        self._by_key = reader.by_key(rows)
        self._by_product: dict[int, ProductPage] = {}
        for row in rows:
            if row.locale_id == reader.locale and row.path.startswith(reader.home_path):
                self._by_product.setdefault(row.product_id, row)

    def _read(self, reader: Reader, chosen: set[int]) -> list[ProductPage]:
        ranked = {product for products in self._ranked.values() for product in products[:MOST]}
        listed = {key for keys in (*self._gathered.values(), self._newest) for key in keys}
        if not ranked | listed | chosen:
            return []
        shown = Q(product__in=ranked) | Q(pk__in=listed | chosen)
        rows = list(reader.meeting(ProductPage, shown))
        # Asked for by themselves: along with the others every page of the shop would be read.
        foreign = [
            row.translation_key
            for row in rows
            if row.pk in chosen and row.locale_id != reader.locale
        ]
        if foreign:
            same = Q(translation_key__in=foreign, locale=reader.locale)
            rows += reader.meeting(ProductPage, same)
        return rows

    @property
    def by_key(self) -> dict[int, ProductPage]:
        """The pages that editors picked, by the key of what they picked."""
        return self._by_key

    def of(self, row: Mapping[str, Any]) -> list[ProductPage]:
        """The pages of a row of products, in its order."""
        source, pages = row["source"], []
        if source == Source.HAND:
            picked = [self._by_key.get(page.pk) for page in row.get("products") or () if page]
            return list(dict.fromkeys(page for page in picked if page))
        if source == Source.COLLECTION and row.get("collection"):
            keys = self._gathered.get(row["collection"].pk, ())
            pages = [self._by_key[key] for key in keys if key in self._by_key]
        elif source == Source.NEWEST:
            pages = [self._by_key[key] for key in self._newest if key in self._by_key]
        elif source in self._ranked:
            ranked = self._ranked[source]
            pages = [self._by_product[key] for key in ranked if key in self._by_product]
        return pages[: row.get("number") or MOST]


def gathered(collections: Mapping[int, Page]) -> dict[int, list[int]]:
    """By the key of each collection its first product pages, as of the last minute.

    One that was published since is worked out anew. A preview asks for itself, and leaves
    nothing behind: it may be of another moment.
    """
    if not collections:
        return {}
    names = {key: _name(page) for key, page in collections.items()}
    kept = {} if moment.is_preview() else cache.get_many(names.values())
    found = {key: kept[name] for key, name in names.items() if name in kept}
    missing = [key for key in names if key not in found]
    for collection in CollectionPage.objects.filter(pk__in=missing) if missing else ():
        first = collection.listing().first(MOST)
        found[collection.pk] = first
        if not moment.is_preview():
            cache.set(names[collection.pk], first, CACHE_SECONDS)
    return found


def _name(collection: Page) -> str:
    published = collection.last_published_at
    return f"shelf:{collection.pk}:{published.timestamp() if published else 0}"
