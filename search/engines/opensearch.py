"""Searching by an OpenSearch server, chosen by ``SEARCH_URL``.

It is told the same words as the database keeps (``Entry``), cut and folded alike, and weighs
them alike; the order within that is its own. What it finds is looked up in the database, which
says whether anybody may see it. Suggestions and "did you mean" stay with the database, and so
does everything while the server does not answer: that costs ``TIMEOUT`` once, then nothing for
the breaker's pause.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from django.db.models import Case, IntegerField, Value, When
from wagtail.models import Page

from catalog.breaker import Breaker
from catalog.models import ProductPage
from search import words
from search.models.index import PRODUCT, Entry, Pending, scope

from .base import Engine, Found, Suggestions
from .database import DatabaseEngine, other_scopes, public
from .ranking import IN_THE_TEXT, WEIGHTS

logger = logging.getLogger(__name__)

DEFAULT_INDEX = "storefront"
# To connect and to answer, in seconds: a shopper waits for it.
TIMEOUT = (0.3, 1.0)
# Nobody waits for these.
LONG_TIMEOUT = (2.0, 30.0)
# The best so many products are listed, counted and narrowed down.
MOST_FOUND = 1_000
AT_ONCE = 500
FIELDS = {**{name: weights[0] for name, weights in WEIGHTS.items()}, "body": IN_THE_TEXT}
MAPPINGS = {
    "dynamic": False,
    "properties": {
        "scope": {"type": "keyword"},
        # The words are cut already.
        **{name: {"type": "text", "analyzer": "whitespace"} for name in FIELDS},
    },
}
# Gone already, and newer already.
HARMLESS = {("delete", 404), ("index", 409)}
Answer = dict[str, Any]


class OpenSearchError(Exception):
    """The server did not answer, or not as it should."""


class OpenSearchEngine(Engine):
    is_told = True

    def __init__(self, url: str, database: DatabaseEngine) -> None:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        scheme = "https" if parts.scheme == "opensearchs" else "http"
        self.address = f"{scheme}://{host}/{parts.path.strip('/') or DEFAULT_INDEX}"
        self.session = requests.Session()
        # Neither a proxy nor a .netrc of this machine is meant.
        self.session.trust_env = False
        if parts.username:
            self.session.auth = (unquote(parts.username), unquote(parts.password or ""))
        self.database = database
        self.breaker = Breaker("OpenSearch", pause=15.0)

    # What is asked

    def products(self, query: str, home: Page) -> Found:
        return self._found(query, home, "must") or self.database.products(query, home)

    def nearest(self, query: str, home: Page) -> Found:
        return self._found(query, home, "should") or self.database.nearest(query, home)

    def _found(self, query: str, home: Page, how: str) -> Found | None:
        terms = words.asked(query)
        keys = self._keys(terms, [scope(PRODUCT, home.locale_id)], how, MOST_FOUND)
        if keys is None:
            return None
        places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
        order = Case(*places, default=Value(len(keys)), output_field=IntegerField())
        return Found(public(ProductPage.objects.filter(pk__in=keys), home), (order, "-pk"))

    def others(self, query: str, home: Page, limit: int = 8) -> list[Page]:
        # Some may be hidden from the public, which only the database knows.
        keys = self._keys(words.asked(query), other_scopes(home), "must", 10 * limit)
        if keys is None:
            return self.database.others(query, home, limit)
        pages = public(Page.objects.filter(pk__in=keys), home).specific()
        found = {page.pk: page for page in pages}
        return [found[key] for key in keys if key in found][:limit]

    def suggest(self, text: str, home: Page, limit: int = 6) -> Suggestions:
        return self.database.suggest(text, home, limit)

    def did_you_mean(self, query: str, home: Page) -> str | None:
        return self.database.did_you_mean(query, home)

    def _keys(
        self, terms: Sequence[words.Term], scopes: list[str], how: str, most: int
    ) -> list[int] | None:
        """The keys of pages, the best first; None where the server cannot be asked now."""
        if not terms or self.breaker.is_open:
            return None
        what = {"filter": [{"terms": {"scope": scopes}}], how: [_either(term) for term in terms]}
        if how == "should":
            what["minimum_should_match"] = 1
        asked = {"query": {"bool": what}, "size": most, "_source": False}
        try:
            answer = self._ask("POST", "/_search", json=asked, timeout=TIMEOUT)
            return [int(hit["_id"]) for hit in answer["hits"]["hits"]]
        except (OpenSearchError, KeyError, TypeError, ValueError) as error:
            self.breaker.trip(error)
            return None

    # What it is told

    def note_changed(self, keys: Sequence[int]) -> None:
        from search import indexing

        tell = Pending.What.TELL
        Pending.objects.bulk_create([Pending(what=tell, key=key) for key in keys])
        indexing.ring_when_committed()

    def tell(self) -> int:
        """Send what is noted; what the server does not take stays noted for the next time."""
        if self.breaker.is_open:
            return 0
        try:
            return self._tell()
        except OpenSearchError as error:
            self.breaker.trip(error)
            return 0

    def _tell(self) -> int:
        self._make_index()
        sent = 0
        notes = Pending.objects.filter(what=Pending.What.TELL).order_by("pk")
        while some := list(notes[:AT_ONCE]):
            keys = {one.key for one in some}
            self._send(keys)
            # Whoever noted the same again meanwhile has a row of its own.
            Pending.objects.filter(pk__in=[one.pk for one in some]).delete()
            sent += len(keys)
        return sent

    def _make_index(self) -> None:
        try:
            self._ask("GET", "/_mapping", timeout=LONG_TIMEOUT)
        except OpenSearchError:
            self._ask("PUT", "", json={"mappings": MAPPINGS}, timeout=LONG_TIMEOUT)

    def _send(self, keys: Iterable[int]) -> None:
        entries = Entry.objects.in_bulk(list(keys))
        lines = []
        for key in sorted(keys):
            if entry := entries.get(key):
                # Of two workers the one with the older words may come later: it is refused.
                version = int(entry.written.timestamp() * 1_000_000)
                told = {"_id": str(key), "version": version, "version_type": "external_gte"}
                lines.append({"index": told})
                lines.append({"scope": entry.scope} | {n: getattr(entry, n) for n in FIELDS})
            else:
                lines.append({"delete": {"_id": str(key)}})
        body = "".join(json.dumps(line) + "\n" for line in lines)
        headers = {"Content-Type": "application/x-ndjson"}
        answer = self._ask(
            "POST", "/_bulk", data=body.encode(), headers=headers, timeout=LONG_TIMEOUT
        )
        for item in answer.get("items", ()):
            for action, result in item.items():
                if result["status"] >= 400 and (action, result["status"]) not in HARMLESS:
                    raise OpenSearchError(f"{action} of {result.get('_id')}: {result}")

    def _ask(self, method: str, path: str, **options: Any) -> Answer:
        try:
            response = self.session.request(
                method, self.address + path, allow_redirects=False, **options
            )
            response.raise_for_status()
            return response.json()
        except (requests.RequestException, ValueError) as error:
            raise OpenSearchError(str(error)) from error


def _either(term: words.Term) -> Answer:
    """One term at the best place in which it stands."""
    ways: list[Answer] = []
    for name, weight in FIELDS.items():
        if term.whole:
            ways.append({"term": {name: {"value": term.whole, "boost": weight}}})
        if term.beginning:
            ways.append({"prefix": {name: {"value": term.beginning, "boost": 0.75 * weight}}})
    return {"dis_max": {"queries": ways}}
