"""What each page is found by: its title, codes, labels and text, as they are published."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F, prefetch_related_objects
from django.utils import timezone
from wagtail.models import Page
from wagtail.search.index import SearchField

from catalog.models import ProductPage, Sku
from search import words
from search.models.index import KINDS, Entry, scope

# A text of more different words than this is cut off.
MOST_OF_A_TEXT = 2_000
# The root and the home pages, which every word of the shop leads to anyway.
LEAST_DEPTH = 3


def entries(keys: Sequence[int]) -> Iterator[tuple[Entry, int, set[str]]]:
    """For each of the pages that is live: its entry, its locale, and its words as they are spelt.

    Read from the database, so that drafts say nothing. The number of queries does not depend
    on how many pages of the same kind there are.
    """
    products = list(_listed(ProductPage, keys))
    found = {page.pk for page in products}
    left = [key for key in keys if key not in found]
    others = _listed(Page, left).not_type(ProductPage).specific() if left else ()
    codes = _prepare(products)
    now = timezone.now()
    for page in (*products, *others):
        is_product = isinstance(page, ProductPage)
        labels = _labels(page, codes[page.product_id]) if is_product else []
        skus = codes[page.product_id] if is_product else []
        yield (
            Entry(
                page_id=page.pk,
                scope=scope(KINDS.get(page._meta.label_lower, "page"), page.locale_id),
                title=words.text_of(words.written(page.title)),
                codes=words.text_of(_codes(skus)),
                labels=words.text_of(word for label in labels for word in words.written(label)),
                body=words.text_of(words.written(_text(page)), MOST_OF_A_TEXT),
                written=now,
            ),
            page.locale_id,
            spelt([page.title, *labels]),
        )


def _listed(model: type[Page], keys: Sequence[int]) -> Any:
    pages = model.objects.live().filter(pk__in=keys, depth__gte=LEAST_DEPTH).order_by()
    # An alias in the same language shows the same at another address.
    return pages.exclude(alias_of__isnull=False, alias_of__locale=F("locale"))


def _prepare(products: Sequence[ProductPage]) -> dict[int, list[Sku]]:
    """Read along what products are labelled with; return their SKUs on sale by product."""
    prefetch_related_objects(products, "brand", "tagged_items__tag", "attributes")
    codes: dict[int, list[Sku]] = defaultdict(list)
    of_all = [page.product_id for page in products]
    for sku in Sku.objects.filter(product__in=of_all, is_active=True):
        codes[sku.product_id].append(sku)
    return codes


def _labels(page: ProductPage, skus: Iterable[Sku]) -> list[str]:
    labels = [page.brand.name] if page.brand else []
    labels += [item.tag.name for item in page.tagged_items.all()]
    labels += [answer.value for answer in page.attributes.all()]
    labels += [value for sku in skus for value in sku.option_values]
    return list(dict.fromkeys(labels))


def _codes(skus: Iterable[Sku]) -> Iterator[str]:
    for sku in skus:
        yield from words.written_code(sku.code)
        yield from words.written(sku.barcode)


def _text(page: Page) -> str:
    """All that the model of the page declares for searching, but for the title."""
    found = []
    for field in page.get_search_fields():
        if isinstance(field, SearchField) and field.field_name != "title":
            value = field.get_value(page)
            found += value if isinstance(value, list | tuple) else [value]
    return "\n".join(str(value) for value in found if value)


def spelt(texts: Iterable[str]) -> set[str]:
    """The words that a misspelt one may have meant."""
    return {
        word
        for text in texts
        for word in words.split(text)
        if len(word) > 1 and word.isalpha() and (len(word) > 2 or not word.isascii())
    }
