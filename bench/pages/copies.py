"""Many times as many products, by the database itself: a statement for each table."""

# ruff: noqa: S608 - all that is put into a statement is a number or a path of its own

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from wagtail.models import Page

from bench.unindexed import Unindexed
from catalog.models import (
    Price,
    Product,
    ProductAttribute,
    ProductOption,
    ProductPage,
    ProductPicture,
    ProductTag,
    RelatedProduct,
    Sku,
    Stock,
)
from search.models import Entry
from social.models import Review

# Further apart than any keys of what is copied.
STEP = 1_000_000
# How a table finds the page or the product of the shelf that a row belongs to.
OF_PAGES = (
    (ProductPage, "page_ptr_id"),
    (ProductTag, "content_object_id"),
    (ProductPicture, "page_id"),
    (ProductOption, "page_id"),
    (ProductAttribute, "page_id"),
    (RelatedProduct, "page_id"),
    (Entry, "page_id"),
)
OF_PRODUCTS = ((Sku, "product_id"), (Review, "product_id"))
OF_SKUS = ((Stock, "sku_id"), (Price, "sku_id"))
TABLES = [
    model._meta.db_table
    for model in (Product, Page, *(one for one, _key in (*OF_PAGES, *OF_PRODUCTS, *OF_SKUS)))
]
# What a copy points to is copied, too.
COPIED = {Product, Page, ProductPage, Sku}


def multiply(products: int, times: int) -> None:
    """Beside each of so many products put copies of it: one fewer than ``times``."""
    if times < 2:
        return
    with Unindexed(TABLES), connection.cursor() as cursor:
        for statement in (*_plans(times), *_statements(products)):
            cursor.execute(statement)
        for table in ("bench_original", "bench_copy"):
            cursor.execute(f"DROP TABLE {table}")
    tidy()


def tidy() -> None:
    """New rows get keys behind the copies', and plans are made by what the tables hold now."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in apps.get_models():
                _count_on(cursor, model)
            # Not possible within a transaction, as a test's.
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")


def _count_on(cursor: Any, model: Any) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', key])
    if sequence := cursor.fetchone()[0]:
        cursor.execute(f'SELECT setval(%s, (SELECT max("{key}") FROM "{table}"))', [sequence])


def _plans(times: int) -> Iterator[str]:
    """What there is to copy, and the numbers of the copies."""
    yield (
        "CREATE TEMPORARY TABLE bench_original AS SELECT page.id AS page_id, "
        "story.product_id AS product_id, "
        "row_number() OVER (ORDER BY page.path) - 1 AS number "
        "FROM wagtailcore_page page "
        "JOIN catalog_productpage story ON story.page_ptr_id = page.id"
    )
    yield "CREATE TEMPORARY TABLE bench_copy (number INTEGER)"
    numbers = ", ".join(f"({number})" for number in range(1, times))
    yield f"INSERT INTO bench_copy VALUES {numbers}"
    shelves = (
        "SELECT DISTINCT substr(page.path, 1, length(page.path) - 4) FROM wagtailcore_page page "
        "JOIN bench_original original ON original.page_id = page.id"
    )
    yield f"UPDATE wagtailcore_page SET numchild = numchild * {times} WHERE path IN ({shelves})"


def _step(number: str) -> str:
    """The last four letters of a page's path, as treebeard writes a number."""
    alphabet = "'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'"
    return " || ".join(
        f"substr({alphabet}, CAST(({number}) / {36**place} % 36 AS INTEGER) + 1, 1)"
        for place in (3, 2, 1, 0)
    )


def _statements(products: int) -> Iterator[str]:
    is_postgresql = connection.vendor == "postgresql"
    key = "gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))"
    ago = (
        "source.first_published_at - copy.number * interval '37 seconds'"
        if is_postgresql
        else "datetime(source.first_published_at, '-' || copy.number * 37 || ' seconds')"
    )
    title = "source.title || ' ' || copy.number"
    step = _step(f"original.number + 1 + copy.number * {products}")
    yield _insert(
        Product,
        "original.product_id = source.id",
        handle="source.handle || '-' || copy.number",
        # Not all of the same order.
        views="(source.views + copy.number * 733) % 5000",
        sold_30_days="(source.sold_30_days + copy.number) % 21",
        total_likes="(source.total_likes + copy.number * 11) % 300",
    )
    yield _insert(
        Page,
        "original.page_id = source.id",
        path=f"substr(source.path, 1, length(source.path) - 4) || {step}",
        slug="source.slug || '-' || copy.number",
        url_path="rtrim(source.url_path, '/') || '-' || copy.number || '/'",
        translation_key=key,
        first_published_at=ago,
        title=title,
        draft_title=title,
    )
    for model, column in OF_PAGES:
        yield _insert(model, f"original.page_id = source.{column}", **_changes(model))
    for model, column in OF_PRODUCTS:
        yield _insert(model, f"original.product_id = source.{column}", **_changes(model))
    for model, column in OF_SKUS:
        owner = "JOIN catalog_sku sku ON sku.product_id = original.product_id "
        yield _insert(model, f"sku.id = source.{column}", owner, **_changes(model))


def _changes(model: Any) -> dict[str, str]:
    if model is Sku:
        return {"code": "source.code || '-' || copy.number"}
    if model is Entry:
        return {
            "title": "source.title || copy.number || ' '",
            "codes": "source.codes || copy.number || 's '",
        }
    return {}


def _insert(model: Any, joined: str, owner: str = "", **changed: str) -> str:
    """Copies of a table's rows: their own keys and those of what is copied too lie a step on."""
    values = []
    for field in model._meta.local_concrete_fields:
        value = changed.get(field.column, f'source."{field.column}"')
        is_moved = field.primary_key or field.related_model in COPIED
        values.append(f"{value} + copy.number * {STEP}" if is_moved else value)
    columns = ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields)
    table = model._meta.db_table
    # Only of the originals: what is inserted meanwhile is not read by the same statement.
    return (
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} "
        f"FROM bench_original original {owner}"
        f"JOIN {table} source ON {joined} "
        "CROSS JOIN bench_copy copy"
    )
