"""Write to the database what Redis counted: each question once, whenever a worker dies.

What is pending gets out of the way of further counting under another key, and keeps the name
that it had: its batch. The transaction that writes it notes the batch in ``TermsSaved``, so
whoever comes after a crash knows whether it was written.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import redis
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits

from catalog import redis_client
from search.models import TermDay, TermsSaved
from search.terms import ASKED, BATCH, FOUND, PENDING

SAVING = "search:terms:saving"
# A season can be compared with the same one of the year before.
KEPT = timedelta(days=400)


@dataclass
class Counted:
    day: date
    language: str
    term: str
    asked: int
    found: int


def save() -> int:
    """Write all that is pending; return how many terms were asked for."""
    server = redis_client.client()
    # What a crash left behind first, then what has come since.
    return sum(_save(server) for _round in range(2))


def forget_old() -> int:
    """Delete what is older than 400 days, and queries of which nothing is left."""
    before = timezone.now().date() - KEPT
    deleted, _by_model = TermDay.objects.filter(day__lt=before).delete()
    QueryDailyHits.objects.filter(date__lt=before).delete()
    Query.objects.filter(days=None, daily_hits=None, editors_picks=None).delete()
    return deleted


def _save(server: redis.Redis) -> int:
    # Looked at first: on SQLite a transaction holds up every writer.
    if not server.exists(PENDING, SAVING):
        return 0
    # Either nothing is pending, or something is being saved still: then that is taken.
    with suppress(redis.ResponseError):
        server.renamenx(PENDING, SAVING)
    fields = server.hgetall(SAVING)
    if not fields:
        return 0
    batch = fields.pop(BATCH)
    counted = _read(fields)
    with transaction.atomic():
        saved = TermsSaved.objects.select_for_update().get_or_create(pk=1)[0]
        if saved.batch != batch:
            _write(counted)
            saved.batch = batch
            saved.save()
    with transaction.atomic():
        # Another may have finished it, and begun with the next one.
        TermsSaved.objects.select_for_update().get(pk=1)
        if server.hget(SAVING, BATCH) == batch:
            server.delete(SAVING)
    return len(counted)


def _read(fields: Mapping[str, str]) -> list[Counted]:
    counted = []
    for name, number in fields.items():
        if name.startswith(ASKED):
            key = name.removeprefix(ASKED)
            day, language, term = key.split(":", 2)
            found = int(fields.get(FOUND + key, 0))
            counted.append(Counted(date.fromisoformat(day), language, term, int(number), found))
    return counted


def _write(counted: list[Counted]) -> None:
    queries = _queries({one.term for one in counted})
    days = {one.day for one in counted}
    rows = TermDay.objects.filter(query__in=queries.values(), day__in=days)
    before = {(row.query_id, row.day, row.language): row.asked for row in rows}
    TermDay.objects.bulk_create(
        [
            TermDay(
                query_id=(query := queries[one.term]),
                day=one.day,
                language=one.language,
                asked=before.get((query, one.day, one.language), 0) + one.asked,
                found=one.found,
            )
            for one in counted
        ],
        update_conflicts=True,
        unique_fields=["query", "day", "language"],
        update_fields=["asked", "found"],
    )
    _write_hits(counted, queries)


def _queries(terms: set[str]) -> dict[str, int]:
    """The key of Wagtail's row for each term, made where there is none."""
    Query.objects.bulk_create([Query(query_string=term) for term in terms], ignore_conflicts=True)
    found = Query.objects.filter(query_string__in=terms)
    return dict(found.values_list("query_string", "pk"))


def _write_hits(counted: list[Counted], queries: Mapping[str, int]) -> None:
    """Wagtail's own count, which the list of promoted results shows."""
    asked: dict[tuple[int, date], int] = {}
    for one in counted:
        key = (queries[one.term], one.day)
        asked[key] = asked.get(key, 0) + one.asked
    rows = QueryDailyHits.objects.filter(query__in=queries.values(), date__in={d for _, d in asked})
    before = {(row.query_id, row.date): row.hits for row in rows}
    QueryDailyHits.objects.bulk_create(
        [
            QueryDailyHits(query_id=query, date=day, hits=before.get((query, day), 0) + number)
            for (query, day), number in asked.items()
        ],
        update_conflicts=True,
        unique_fields=["query", "date"],
        update_fields=["hits"],
    )
