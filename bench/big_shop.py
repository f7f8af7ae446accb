"""Fill an empty shop with one category of many products, fast: rows, not pages saved one by one.

    DATA_DIR=/tmp/big python -m bench.big_shop --products 100000

fills the shop that the settings name (``DATABASE_URL`` or ``DATA_DIR``), which must have no
products. What comes of it is a shop as imports and years leave it: live and draft pages,
brands, tags, pictures, one to three SKUs with stock and prices (one in ten reduced), and
orders of the last month. ``bench.explorer`` uses the same to measure.
"""

import argparse
import os
import random
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.models import CategoryPage

CATEGORY = "Everything"


def fill(products: int, *, category: str = CATEGORY, seed: int = 1) -> "CategoryPage":
    """Make a category below the home page with so many products; return it."""
    from django.core.management import call_command
    from django.db import transaction
    from wagtail.models import Site
    from wagtail.signal_handlers import disable_reference_index_auto_update

    from bench.big_shop_rows import ROWS_AT_ONCE, Rows
    from catalog.models import CategoryPage

    home = Site.objects.get(is_default_site=True).root_page
    with transaction.atomic(), disable_reference_index_auto_update():
        shelf = home.add_child(instance=CategoryPage(title=category, show_in_menus=True))
        Rows(shelf, random.Random(seed)).fill(products)  # noqa: S311 - not a secret
    # What is inserted as rows is in no index yet: neither the admin's nor the shop's.
    call_command("update_index", chunk_size=ROWS_AT_ONCE, verbosity=0)
    call_command("rebuild_search", verbosity=0)
    _analyse()
    shelf.refresh_from_db()
    return shelf


def _analyse() -> None:
    """Both databases choose plans by what they know of the tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, default=100_000)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")
    import django

    django.setup()
    from catalog.models import Product

    if Product.objects.exists():
        sys.stderr.write("This shop has products. Name an empty one by DATABASE_URL or DATA_DIR.\n")
        return 1
    start = time.perf_counter()
    shelf = fill(asked.products)
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{asked.products} products in “{shelf.title}” in {seconds:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
