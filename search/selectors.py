"""Find products by the words of a shopper: in title, summary, brand, tag or SKU code."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import ProductPage, ProductTag, Sku

# More words than this narrow nothing down and only cost time.
MOST_WORDS = 8


def find(query: str) -> QuerySet[ProductPage]:
    """Live products in which every word occurs somewhere; none for an empty query."""
    words = query.replace("\x00", " ").split()[:MOST_WORDS]
    pages = ProductPage.objects.live().public()
    if not words:
        return pages.none()
    for word in words:
        tags = ProductTag.objects.filter(content_object=OuterRef("pk"), tag__name__icontains=word)
        skus = Sku.objects.filter(product=OuterRef("product"), code__icontains=word)
        pages = pages.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(brand__name__icontains=word)
            | Exists(tags)
            | Exists(skus)
        )
    return pages.order_by("title", "pk")
