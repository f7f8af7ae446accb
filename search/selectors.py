"""Find products by the words of a shopper, or by the code of one of their SKUs."""

from django.db.models import F, QuerySet
from wagtail.models import Page

from catalog.models import ProductPage, Sku
from catalog.visibility import public
from search.engines import engine

# Of a page and its aliases, the page.
PAGE_FIRST = (F("alias_of").asc(nulls_first=True), "pk")
LONGEST_CODE = Sku._meta.get_field("code").max_length


def find(query: str, home: Page) -> QuerySet[ProductPage]:
    """Live products below ``home`` in which every word occurs, the best first."""
    return engine().products(query, home).by_relevance()


def sku_hit(query: str, home: Page) -> ProductPage | None:
    """The page below ``home`` of the product that has a SKU of just this code, in any case."""
    code = query.replace("\x00", "").strip()
    if not code or len(code) > LONGEST_CODE:
        return None
    products = Sku.objects.with_codes([code]).filter(is_active=True).values("product")
    pages = ProductPage.objects.descendant_of(home).filter(product__in=products)
    return public(pages).order_by(*PAGE_FIRST).first()
