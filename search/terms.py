"""Count what is searched for: at once in Redis, written to the database by terms_saving.py.

Nothing of who asked is kept. What looks like an address, a telephone number or the number of
a card is written into a search field by mistake, and is not kept either.
"""

import re
import secrets
from datetime import UTC, date, datetime
from functools import partial

import redis
from django.http import HttpRequest
from wagtail.search.utils import normalise_query_string

from catalog import redis_client, visitors

# A hash of what is not in the database yet, by term_key(): how often it was asked, and what it
# found last; and the hash's own name.
PENDING = "search:terms"
BATCH = "batch"
ASKED, FOUND = "asked:", "found:"
LONGEST_TERM = 100
# Of what a minute brings; invented words beyond that must not fill Redis.
MOST_TERMS = 5_000
# The number of a card, a telephone or an account, however it is grouped.
MANY_DIGITS = re.compile(r"(?:\d[\s./()+-]*){9,}")

COUNT = """
local pending, key = KEYS[1], ARGV[1]
if redis.call('HEXISTS', pending, 'asked:' .. key) == 0
  and redis.call('HLEN', pending) >= 2 * tonumber(ARGV[4]) then return 0 end
redis.call('HSETNX', pending, 'batch', ARGV[3])
redis.call('HSET', pending, 'found:' .. key, ARGV[2])
return redis.call('HINCRBY', pending, 'asked:' .. key, 1)
"""


def count(request: HttpRequest, query: str, found: int, language: str | None) -> None:
    """Count one more question of a person; nothing while Redis is away."""
    term = kept(query)
    if term and visitors.is_person(request):
        key = term_key(today(), language or "", term)
        redis_client.ask(partial(_count, key=key, found=found))


def kept(query: str) -> str:
    """A query as it is kept; empty where it is not."""
    term = normalise_query_string(query)
    if not term.isprintable() or len(term) > LONGEST_TERM:
        return ""
    return "" if "@" in term or MANY_DIGITS.search(term) else term


def term_key(day: date, language: str, term: str) -> str:
    return f"{day}:{language}:{term}"


def today() -> date:
    return datetime.now(UTC).date()


def _count(server: redis.Redis, *, key: str, found: int) -> None:
    server.eval(COUNT, 1, PENDING, key, found, secrets.token_hex(6), MOST_TERMS)
