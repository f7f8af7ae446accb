"""What a search costs among very many products, beside what it would cost without an index.

    python -m bench.search                       # 100,000 products, on SQLite
    DATABASE_URL=postgres://... python -m bench.search --products 10000

A database of its own is made for this and thrown away after it (``bench.pages.places``); the
shop that the settings name is not touched, and only asked with ``--here``. Each question is
asked several times after one to warm up; the median counts.
Beside it stands how much of it is spent in SQL, and the database's processor time for that,
which others on the machine hardly change. The baseline asks each word of title, summary,
brand, tags and SKU codes by ``icontains``, as a shop without an index would.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

ROUNDS = 5
# A question of minutes is asked once.
LONG = 5.0
PAGE = 24
Question = tuple[str, Callable[[], object], Callable[[], object] | None]


def measure(products: int) -> None:
    """Fill a database of its own, then ask."""
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    from bench.pages.places import fill

    setup_test_environment(debug=False)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        start = time.perf_counter()
        fill(products)
        _say(f"{products} products made in {time.perf_counter() - start:.0f} s")
        ask()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def ask() -> None:
    """Ask the shop as it is, which this leaves alone."""
    from wagtail.models import Site

    home = Site.objects.get(is_default_site=True).root_page
    head = ("found", 8), ("ms", 9), ("in SQL", 9), ("CPU ms", 9), ("before", 10), ("CPU ms", 9)
    _say(f"{'':44}" + "".join(f"{name:>{width}}" for name, width in head) + f"{'ratio':>8}")
    for label, question, baseline in _questions(home):
        found, ms, in_sql, cpu = _timed(question)
        line = f"{label:44}{found!s:>8}{ms:>9.1f}{in_sql:>9.1f}{cpu:>9.1f}"
        if baseline:
            _found, before, _in_sql, its_cpu = _timed(baseline)
            line += f"{before:>10.1f}{its_cpu:>9.1f}{its_cpu / cpu:>7.1f}x"
        _say(line)


def _questions(home: Any) -> Iterator[Question]:
    from catalog.asked import Asked
    from catalog.counting import SqlCounts
    from catalog.facets import Facets
    from catalog.models import Brand, Sku
    from search.engines import engine

    find = engine()
    code = Sku.objects.filter(product__pages__live=True).latest("pk").code
    brand = Brand.objects.get(name="Brand 7")

    def first_page(query: str, **narrow: Any) -> Callable[[], object]:
        def question() -> object:
            found = find.products(query, home)
            return len(found.by_relevance(found.pages.filter(**narrow))[:PAGE])

        return question

    def plain(query: str, **narrow: Any) -> Callable[[], object]:
        return lambda: len(by_icontains(query, home).filter(**narrow).order_by("title")[:PAGE])

    def count(query: str) -> Callable[[], object]:
        return lambda: find.products(query, home).pages.count()

    for label, query in (
        ("a rare word", code.split("-")[2]),
        ("a SKU code", code),
        ("two common words", "amber lamp"),
        ("one in eight", "lamp"),
        ("nine in ten, two words", "thing brand"),
    ):
        yield f"{label}, first page", first_page(query), plain(query)
        yield f"{label}, count", count(query), lambda q=query: by_icontains(q, home).count()
    narrow = {"brand": brand, "product__lowest_price__lte": 300}
    yield (
        "one in eight, brand and price, first page",
        first_page("lamp", **narrow),
        plain("lamp", **narrow),
    )

    def facets(pages: Any) -> object:
        return len(Facets(SqlCounts(pages, Asked({}))).all())

    yield (
        "one in eight, facets",
        lambda: facets(find.products("lamp", home).pages),
        lambda: facets(by_icontains("lamp", home)),
    )
    yield "categories and pages", lambda: len(find.others("department", home)), None
    for text in ("la", "lam", "lamp", "amber la", "br", "th", "zz", code[:8]):
        yield f"suggestions for “{text}”", lambda t=text: _number(find.suggest(t, home)), None
    for query in ("lmap", "ambr lamp", "harbuor", "nothinglikeit"):
        yield f"did you mean, “{query}”", lambda q=query: find.did_you_mean(q, home), None


def _number(found: Any) -> int:
    return len(found.products) + len(found.pages) + len(found.words)


def by_icontains(query: str, home: Any) -> Any:
    """Products in which every word occurs, asked of the rows themselves."""
    from django.db.models import Exists, OuterRef, Q

    from catalog.models import ProductPage, ProductTag, Sku

    pages = ProductPage.objects.live().public().descendant_of(home)
    for word in query.split():
        tags = ProductTag.objects.filter(content_object=OuterRef("pk"), tag__name__icontains=word)
        skus = Sku.objects.filter(product=OuterRef("product"), is_active=True, code__icontains=word)
        words = Q(title__icontains=word) | Q(summary__icontains=word)
        words |= Q(brand__name__icontains=word) | Exists(tags) | Exists(skus)
        pages = pages.filter(words)
    return pages


def _timed(question: Callable[[], object]) -> tuple[object, float, float, float]:
    """What was found; ms by the clock, ms of them in SQL, and of the processor for it: medians."""
    from django.db import connection

    from bench.clock import Clock

    began = time.perf_counter()
    found = question()
    first = time.perf_counter() - began
    rounds = []
    for _round in range(1 if first > LONG else ROUNDS):
        clock = Clock()
        with connection.execute_wrapper(clock):
            began = time.perf_counter()
            question()
            rounds.append((time.perf_counter() - began, clock.seconds, clock.cpu))
    ms, in_sql, cpu = (1000 * statistics.median(column) for column in zip(*rounds, strict=True))
    return found, ms, in_sql, cpu


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--here", action="store_true", help="ask the shop of the settings")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")
    import django

    django.setup()
    if asked.here:
        ask()
    else:
        measure(asked.products)


if __name__ == "__main__":
    main()
