"""Find products by the words of a shopper: in title, summary, brand, tag or SKU code."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from wagtail.models import Page

from catalog.models import ProductPage, ProductTag, Sku

# More words than this narrow nothing down and only cost time.
MOST_WORDS = 8


def find(query: str, home: Page) -> QuerySet[ProductPage]:
    """Live products below ``home`` in which every word occurs; none for an empty query.

    Each language has a home page and a tree of its own, so that a product comes once.
    """
    words = query.replace("\x00", " ").split()[:MOST_WORDS]
    pages = ProductPage.objects.live().public().descendant_of(home)
    # An alias in the same tree shows the same product at another address.
    pages = pages.exclude(alias_of__isnull=False, alias_of__locale=F("locale"))
    if not words:
        return pages.none()
    for word in words:
        tags = ProductTag.objects.filter(content_object=OuterRef("pk"), tag__name__icontains=word)
        skus = Sku.objects.filter(product=OuterRef("product"), is_active=True, code__icontains=word)
        pages = pages.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(brand__name__icontains=word)
            | Exists(tags)
            | Exists(skus)
        )
    return pages.order_by("title", "pk")
