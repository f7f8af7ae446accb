"""The columns of this process: read once, and then what has changed, as the log tells it.

Who changes what a listing asks says so in the log (``catalog.kept``), with the key of the page
or of the product. What was named since is read anew before the columns are used again; so a
change costs the same in a shop of any size. While nobody can know what has changed, in a
preview, and until the columns of a large shop have been read, listings ask the database.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from catalog import kept
from catalog.columns import rows
from catalog.columns.store import Columns
from catalog.kept import EVERYTHING
from catalog.models.products import ProductPage

logger = logging.getLogger(__name__)

# So many pages are read while somebody waits; more than that beside the requests.
MOST_AT_ONCE = 3_000
# Where more have changed, all are read anew.
MOST_CHANGED = MOST_AT_ONCE
# So many tags wait to be looked at: of a process that is asked for no listing for long.
MOST_HEARD = 50_000
# What makes all columns others.
OF_ALL = {EVERYTHING, "attributes"}
# Several keys in one tag, after this: what is told of very many products at once.
MANY = "counted:"
KINDS = ("page:", "product:", "card:", MANY)


class Keeper:
    """One for each process."""

    def __init__(self) -> None:
        self._columns: Columns | None = None
        # Held while the columns are read or changed.
        self._lock = threading.RLock()
        # Tags, in the order in which this process has heard them.
        self._heard: deque[str] = deque()
        self._is_listening = False
        self._reading: threading.Thread | None = None

    def hear(self, tags: Iterable[str]) -> None:
        """Something has changed. Never waits: the log is being read."""
        if self._is_listening:
            self._heard.extend(tag for tag in tags if tag in OF_ALL or tag.startswith(KINDS))
            if len(self._heard) > MOST_HEARD:
                self._heard.clear()
                self._heard.append(EVERYTHING)

    @contextmanager
    def using(self) -> Iterator[Columns | None]:
        """The columns as they are now, which stay so within this; None: ask the database."""
        if not kept.is_known():
            yield None
            return
        with self._lock:
            yield self._now()

    def _now(self) -> Columns | None:
        if self._columns is None:
            if self._reading is None:
                self._begin()
            return self._columns
        pages, products = set(), set()
        while self._heard:
            tag = self._heard.popleft()
            kind, _colon, key = tag.partition(":")
            if tag in OF_ALL:
                return self._anew()
            if kind == "page":
                pages.add(int(key))
            else:
                products.update(map(int, key.split(",")))
        if len(pages) + len(products) > MOST_CHANGED:
            return self._anew()
        if pages or products:
            self._read_again(pages, products)
        return self._columns

    def _read_again(self, pages: set[int], products: set[int]) -> None:
        columns = self._columns
        known = {key for key in pages if key in columns.slots}
        for product in products:
            known.update(columns.pages[slot] for slot in columns.of_product.get(product, ()))
        try:
            found = rows.some(pages, products, columns.texts, columns.answered_by_number)
        except Exception:
            # What was heard is lost: begin anew next time.
            self.forget()
            raise
        columns.remove(known - {row.pk for row in found})
        columns.put(found)

    def _anew(self) -> Columns | None:
        self.forget()
        self._begin()
        return self._columns

    def _begin(self) -> None:
        """Read all columns: at once if they are few, else beside what is going on."""
        # Nothing that is said from now on is missed.
        self._heard.clear()
        self._is_listening = True
        if not ProductPage.objects.all()[MOST_AT_ONCE:].exists():
            self._columns = read()
            return
        self._reading = threading.Thread(target=self._read_beside, daemon=True)
        self._reading.start()

    def _read_beside(self) -> None:
        try:
            columns = read()
            with self._lock:
                # Unless somebody has said meanwhile that all is to be forgotten.
                if self._reading is threading.current_thread():
                    self._columns, self._reading = columns, None
        except Exception:
            logger.exception("The columns of listings could not be read.")
            with self._lock:
                self._reading = None
        finally:
            connection.close()

    def forget(self) -> None:
        """Know nothing, as a new process."""
        with self._lock:
            self._columns, self._reading = None, None
            self._is_listening = False
            self._heard.clear()

    def wait(self, seconds: float = 60) -> None:
        """Until columns that are being read have been read."""
        if reading := self._reading:
            reading.join(seconds)


def read() -> Columns:
    """All columns, as the database has them now."""
    texts, numbers = rows.facets()
    columns = Columns(texts, numbers)
    columns.fill(rows.every(texts, numbers))
    return columns


keeper = Keeper()
