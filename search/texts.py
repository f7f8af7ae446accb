"""What each page is found by: its title, codes, labels and text, as they are published."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone
from wagtail.models import Page
from wagtail.search.index import SearchField

from catalog.models import ProductAttribute, ProductPage, ProductTag, Sku
from search import words
from search.models.index import KINDS, Entry, scope

# A text of more different words than this is cut off.
MOST_OF_A_TEXT = 2_000
# The root and the home pages, which every word of the shop leads to anyway.
LEAST_DEPTH = 3
OF_A_SKU = ("code", "barcode", "option1", "option2", "option3")


def entries(keys: Sequence[int]) -> Iterator[tuple[Entry, int, set[str]]]:
    """For each of the pages that is live: its entry, its locale, and its words as they are spelt.

    Read from the database, so that drafts say nothing. The number of queries does not depend
    on how many pages of the same kind there are.
    """
    products = list(_listed(ProductPage, keys).annotate(brand_name=F("brand__name")))
    found = {page.pk for page in products}
    left = [key for key in keys if key not in found]
    others = _listed(Page, left).not_type(ProductPage).specific() if left else ()
    told = _Told(products)
    now = timezone.now()
    for page in (*products, *others):
        is_product = isinstance(page, ProductPage)
        labels = told.labels(page) if is_product else []
        codes = told.codes[page.product_id] if is_product else []
        yield (
            Entry(
                page_id=page.pk,
                scope=scope(KINDS.get(page._meta.label_lower, "page"), page.locale_id),
                title=words.text_of(words.written(page.title)),
                codes=words.text_of(codes),
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


class _Told:
    """What products are labelled with beside their pages: a query for each kind of row."""

    def __init__(self, products: Sequence[ProductPage]) -> None:
        keys = [page.pk for page in products]
        tags = ProductTag.objects.filter(content_object__in=keys).order_by("pk")
        answers = ProductAttribute.objects.filter(page__in=keys).order_by("sort_order", "pk")
        self._tags = _grouped(tags.values_list("content_object", "tag__name"))
        self._answers = _grouped(answers.values_list("page", "value"))
        # By product: of its SKUs on sale.
        self.codes: dict[int, list[str]] = defaultdict(list)
        self._options: dict[int, list[str]] = defaultdict(list)
        skus = Sku.objects.filter(
            product__in=[page.product_id for page in products], is_active=True
        )
        for product, code, barcode, *options in skus.values_list("product", *OF_A_SKU):
            self.codes[product] += (*words.written_code(code), *words.written(barcode))
            self._options[product] += filter(None, options)

    def labels(self, page: ProductPage) -> list[str]:
        brand = [page.brand_name] if page.brand_name else []
        of_page = (*brand, *self._tags[page.pk], *self._answers[page.pk])
        return list(dict.fromkeys((*of_page, *self._options[page.product_id])))


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, text in rows:
        found[key].append(text)
    return found


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
