"""How a file names what is in the shop: categories, pictures, products, pages in links."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from django.db import IntegrityError, transaction
from wagtail.models import Page

from catalog.importing import links, stories, values
from catalog.importing.library import address_of
from catalog.models import CategoryPage, Picture, Product, ProductPage


class CategoryNames:
    """Categories by their titles from the top, or by address where titles do not tell them apart.

    Reads all categories below the root once.
    """

    def __init__(self, root: Page) -> None:
        self.root = root

    @cached_property
    def _by_path(self) -> dict[str, tuple[int, str, str]]:
        found = CategoryPage.objects.descendant_of(self.root)
        return {path: (pk, title, slug) for path, pk, title, slug in _in_order(found)}

    @cached_property
    def _paths(self) -> dict[int, str]:
        return {pk: path for path, (pk, _title, _slug) in self._by_path.items()}

    @cached_property
    def _shared(self) -> set[tuple[str, str]]:
        """Titles, with the path of the page they are below, that several categories have."""
        step = CategoryPage.steplen
        counts = Counter(
            (path[:-step], title.casefold()) for path, (_pk, title, _slug) in self._by_path.items()
        )
        return {key for key, count in counts.items() if count > 1}

    def of(self, pk: int) -> str:
        """What a file calls this category; empty where it is not below the root."""
        return self.at(self._paths[pk]) if pk in self._paths else ""

    def at(self, path: str) -> str:
        """The same for the tree's path of a category."""
        step = CategoryPage.steplen
        ends = range(len(self.root.path) + step, len(path) + step, step)
        steps = [self._by_path.get(path[:end]) for end in ends]
        if not steps or None in steps:
            return ""
        above = [path[: end - step] for end in ends]
        titles = [found[1] for found in steps if found]
        is_plain = all(
            (parent, title.casefold()) not in self._shared and _can_be_named(title)
            for parent, title in zip(above, titles, strict=True)
        )
        if is_plain:
            return " > ".join(titles)
        return "/" + "".join(f"{found[2]}/" for found in steps if found)


def _in_order(categories: Iterable) -> Iterable[tuple[str, int, str, str]]:
    return categories.order_by("path").values_list("path", "pk", "title", "slug")


def _can_be_named(title: str) -> bool:
    return bool(title) and title == title.strip() and ">" not in title and title[0] != "/"


def picture_sources(keys: Iterable[int]) -> dict[int, str]:
    """The addresses of pictures by their keys: one query."""
    found = Picture.objects.filter(pk__in=set(keys)).values_list("pk", "file")
    return {pk: address_of(name) for pk, name in found}


def link_addresses(streams: Iterable[list[dict]], root: Page) -> dict[int, str]:
    """The addresses of the pages that stories link to: one query if there are links."""
    keys = {key for blocks in streams for key in links.pages_in(stories.text_of(blocks))}
    return links.addresses_of(keys, root) if keys else {}


def give_handles(pages: Iterable[ProductPage]) -> None:
    """Products without a handle get one, so that an import finds them again."""
    for page in pages:
        if page.product.handle is None:
            page.product.handle = _give_handle(page)


def _give_handle(page: ProductPage) -> str:
    plain = values.handle_from(page.slug) or f"product-{page.product_id}"
    product = Product.objects.filter(pk=page.product_id, handle=None)
    for handle in (plain, f"{plain[:240]}-{page.product_id}"):
        try:
            with transaction.atomic():
                if product.update(handle=handle):
                    return handle
        except IntegrityError:
            continue
    # Somebody else gave it one meanwhile, or has the name of both.
    return Product.objects.get(pk=page.product_id).handle or f"product-{page.product_id}"
