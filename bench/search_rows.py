"""Make a shop big for a search: products made and indexed one way, then many more of each by SQL.

What is not asked by a search (pictures, prices, stock) is left out of the copies.
"""

import random
from typing import Any

from django.db import connection, transaction
from wagtail.models import Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from bench.big_shop_rows import Rows
from catalog.models import CategoryPage, Product, ProductPage, ProductTag, Sku
from search import indexing
from search.models import Entry

# So many are made by the shop's own code; each copy of them has a category of its own.
MADE = 2_000
# Further apart than any keys of what is copied.
STEP = 1_000_000


def fill(products: int) -> None:
    home = Site.objects.get(is_default_site=True).root_page
    with transaction.atomic(), disable_reference_index_auto_update():
        shelf = home.add_child(instance=CategoryPage(title="Everything lamp", slug="wares"))
        Rows(shelf, random.Random(1)).fill(min(MADE, products))  # noqa: S311 - not a secret
    indexing.rebuild()
    for number in range(1, products // MADE):
        with transaction.atomic(), disable_reference_index_auto_update():
            home.refresh_from_db()
            other = home.add_child(instance=CategoryPage(title=f"Shelf {number}"))
            _copy(shelf, other, number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    # As every night.
    indexing.tidy()


def _copy(shelf: CategoryPage, other: CategoryPage, number: int) -> None:
    step = number * STEP
    is_postgresql = connection.vendor == "postgresql"
    key = "gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))"
    inside = f"path LIKE '{shelf.path}____'"
    pages = f"SELECT id FROM wagtailcore_page WHERE {inside}"  # noqa: S608 - our own words
    own = f"SELECT product_id FROM catalog_productpage WHERE page_ptr_id IN ({pages})"  # noqa: S608
    _insert(Product, {"id": f"id + {step}", "handle": f"handle || '-{number}'"}, f"id IN ({own})")
    title = f"title || ' {number}n' || id"
    place = f"'{other.path}' || substr(path, {len(shelf.path) + 1})"
    url = f"'{other.url_path}' || slug || '/'"
    changed = {"id": f"id + {step}", "path": place, "url_path": url, "translation_key": key}
    _insert(Page, changed | {"title": title, "draft_title": title}, inside)
    moved = {"page_ptr_id": f"page_ptr_id + {step}", "product_id": f"product_id + {step}"}
    _insert(ProductPage, moved, f"page_ptr_id IN ({pages})")
    moved = {"id": f"id + {step}", "content_object_id": f"content_object_id + {step}"}
    _insert(ProductTag, moved, f"content_object_id IN ({pages})")
    moved = {"id": f"id + {step}", "product_id": f"product_id + {step}"}
    _insert(Sku, moved | {"code": f"code || '-{number}'"}, f"product_id IN ({own})")
    words = {"title": f"title || '{number}n' || page_id || ' '", "codes": f"codes || '{number}s '"}
    _insert(Entry, words | {"page_id": f"page_id + {step}"}, f"page_id IN ({pages})")


def _insert(model: Any, changed: dict[str, str], which: str) -> None:
    """Copies of the rows of a table, with other values in some columns."""
    meta = model._meta
    columns = [field.column for field in meta.local_concrete_fields]
    values = [changed.get(column, column) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({', '.join(columns)}) "  # noqa: S608
            f"SELECT {', '.join(values)} FROM {meta.db_table} WHERE {which}"
        )
