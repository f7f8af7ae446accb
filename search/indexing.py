"""Keep the index: write the words of pages that changed, soon after whatever changed them.

A few pages are written at once, when the transaction that changed them is committed; many
are noted in ``Pending`` and left to a worker. Pages are always read again from the database,
so that it does no harm to write one twice, or too early: the next time puts it right.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from wagtail.models import Page

from catalog import bell, kept
from catalog.models import ProductPage, ProductTag
from search import spelling, texts
from search.models.index import Entry, Pending

logger = logging.getLogger(__name__)

# So many pages whoever publishes may wait for; a worker writes more.
AT_ONCE = 50
# So many a worker reads and writes together.
CHUNK = 200
KEPT = ["scope", "title", "codes", "labels", "body", "written"]
# One process writes at a time, so that nobody overwrites newer words with older ones.
LOCK = 7_326_001


class _Changed(threading.local):
    """What this thread has changed and not written to the index yet."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.pages: set[int] = set()
        self.products: set[int] = set()
        self.has_pending = False

    def take(self) -> list[int]:
        """The pages, of which none is left."""
        pages, products = self.pages, self.products
        self.pages, self.products = set(), set()
        if products:
            shown = ProductPage.objects.live().filter(product__in=products)
            pages.update(shown.values_list("pk", flat=True))
        return sorted(pages)


_changed = _Changed()


def page_changed(key: int) -> None:
    """Write the words of this page once the transaction is committed."""
    _changed.pages.add(key)
    transaction.on_commit(after_commit, robust=True)


def product_changed(key: int) -> None:
    """The same for all live pages of a product."""
    _changed.products.add(key)
    transaction.on_commit(after_commit, robust=True)


def note(what: str, key: int) -> None:
    """All pages of a brand or a tag are to be written, soon."""
    Pending.objects.create(what=what, key=key)
    _changed.has_pending = True
    transaction.on_commit(after_commit, robust=True)


def note_pages(keys: Iterable[int]) -> None:
    """The same for pages, of which there may be many."""
    Pending.objects.bulk_create([Pending(key=key) for key in keys], batch_size=CHUNK)
    _changed.has_pending = True
    transaction.on_commit(after_commit, robust=True)


def after_commit() -> None:
    """Write a few pages, or have the workers write many."""
    has_pending, _changed.has_pending = _changed.has_pending, False
    pages = _changed.take()
    if len(pages) <= AT_ONCE:
        write(pages)
    else:
        Pending.objects.bulk_create([Pending(key=key) for key in pages], batch_size=CHUNK)
        has_pending = True
    if has_pending:
        ring()


def ring() -> None:
    from search.tasks import index_pending

    bell.ring(index_pending, expires=60)


def ring_when_committed() -> None:
    transaction.on_commit(ring, robust=True)


def catch_up() -> None:
    """Within a transaction that changed something, a search finds it as well."""
    if _changed.pages or _changed.products or _changed.has_pending:
        write(_changed.take())
        if _changed.has_pending:
            _changed.has_pending = False
            write_pending()


def forget() -> None:
    """What this thread noted is not to be written: it was undone."""
    _changed.clear()


def write(keys: Sequence[int]) -> None:
    """The words of these pages as they are; of those that are not live, none."""
    from search.engines import engine

    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        with transaction.atomic():
            _one_at_a_time()
            _write(some)
            engine().note_changed(some)
            # Pages were made with the old words between the change and this.
            kept.changed("listed", "words")


def _write(keys: Sequence[int]) -> None:
    found = list(texts.entries(keys))
    rows = [entry for entry, _locale, _words in found]
    Entry.objects.filter(pk__in=set(keys) - {row.pk for row in rows}).delete()
    Entry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["page"], update_fields=KEPT
    )
    by_locale: dict[int, set[str]] = {}
    for _entry, locale, words in found:
        by_locale.setdefault(locale, set()).update(words)
    for locale, words in by_locale.items():
        spelling.learn(locale, words)


def _one_at_a_time() -> None:
    # On SQLite only one can write anyway.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def write_pending() -> int:
    """Write all that is noted; how many pages that were. May run several times at once."""
    written = 0
    while notes := list(Pending.objects.exclude(what=Pending.What.TELL).order_by("pk")[:CHUNK]):
        keys = sorted(_pages_of(notes))
        write(keys)
        # Whoever noted the same again meanwhile has a row of its own.
        Pending.objects.filter(pk__in=[one.pk for one in notes]).delete()
        written += len(keys)
    return written


def _pages_of(notes: Iterable[Pending]) -> set[int]:
    what: dict[str, list[int]] = {}
    for one in notes:
        what.setdefault(one.what, []).append(one.key)
    keys = set(what.get(Pending.What.PAGE, ()))
    pages = ProductPage.objects.filter(brand__in=what.get(Pending.What.BRAND, ()))
    keys.update(pages.values_list("pk", flat=True))
    tagged = ProductTag.objects.filter(tag__in=what.get(Pending.What.TAG, ()))
    keys.update(tagged.values_list("content_object", flat=True))
    return keys


def rebuild(done: Callable[[int], object] = lambda number: None) -> int:
    """Write all pages anew, and know only words that are there; how many pages are in the index.

    The shop may stay open: each page is found by its old words until it has its new ones.
    """
    keys = list(_live().values_list("pk", flat=True))
    Entry.objects.exclude(pk__in=_live().values("pk")).delete()
    spelling.Gram.objects.all().delete()
    spelling.Word.objects.all().delete()
    for start in range(0, len(keys), CHUNK):
        write(keys[start : start + CHUNK])
        done(len(keys[start : start + CHUNK]))
    tidy()
    return Entry.objects.count()


def number_of_pages() -> int:
    """How many ``rebuild`` will look at."""
    return _live().count()


def repair() -> int:
    """Write the pages whose words are missing, too old, or no longer to be found; how many."""
    stale = _live().filter(
        Q(search_entry=None) | Q(search_entry__written__lt=F("last_published_at"))
    )
    stale = stale.exclude(alias_of__isnull=False, alias_of__locale=F("locale"))
    keys = set(stale.values_list("pk", flat=True))
    keys.update(Entry.objects.filter(page__live=False).values_list("pk", flat=True))
    write(sorted(keys))
    return len(keys)


def _live() -> QuerySet[Page]:
    return Page.objects.live().filter(depth__gte=texts.LEAST_DEPTH).order_by("pk")


def tidy() -> None:
    """Put the index in order, so that it answers as fast as when it was new.

    Both databases choose plans by what they know of the tables. Beyond that SQLite looks a word
    up in every part that was written at one time: the more of them, the slower
    (https://sqlite.org/fts5.html#the_optimize_command).
    """
    names = [model._meta.db_table for model in (Entry, spelling.Word, spelling.Gram)]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(name)}")
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_fulltext(search_fulltext) VALUES ('optimize')")
