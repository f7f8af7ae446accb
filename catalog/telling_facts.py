"""Tell what is kept (``catalog.kept``) of changes to the facts of products.

Whoever writes facts says here what has changed: all of it is heard once the transaction is
committed.
"""

from collections.abc import Collection, Iterable

from catalog import kept


def facts_changed(products: Iterable[int]) -> None:
    """How many are left, or anything else that only the product's own page says."""
    kept.changed(*(f"product:{key}" for key in products))


def cards_changed(products: Iterable[int]) -> None:
    """What a listing shows of them: prices, or whether there is any."""
    kept.changed(*(f"{kind}:{key}" for key in products for kind in ("product", "card")))


def listed_changed(products: Collection[int]) -> None:
    """By what listings sort and filter them: they may stand elsewhere now. One query."""
    # Their models' listings know this module.
    from catalog.models import ProductPage
    from catalog.telling import branches

    if not products:
        return
    cards_changed(products)
    pages = ProductPage.objects.live().filter(product__in=products)
    tags = {"listed"}
    for path, further in pages.values_list("path", "further_categories__category__path"):
        tags.update(branches(path))
        if further:
            tags |= {f"in:{further}", *branches(further)}
    kept.changed(*tags)


def counts_changed(products: Collection[int]) -> None:
    """How often they were viewed or sold, which only sorts listings, and is never the latest."""
    if products:
        kept.changed(f"counted:{','.join(map(str, products))}")
