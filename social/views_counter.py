"""Count views of products: at once in Redis, copied to the database by views_saving.py.

Every page that is looked at counts in the total. The rankings count a visitor once in half an
hour for each product, or one who reloads a thousand times would make one; and few visitors
from one address, or one who changes the browser's name each time would.
"""

import hashlib
import secrets
import time
from datetime import UTC, date, datetime
from functools import lru_cache, partial

import redis
from django.conf import settings
from django.http import HttpRequest

from catalog import visitors
from catalog.models import ProductPage
from catalog.visibility import public_of_many
from orders.visitors import network_of
from social import counters

# What is not in the database yet: a hash of fields as field() makes them, and its own name.
PENDING = "views:counted"
BATCH = "batch"
# A sorted set of products by visits since ever.
EVER = "views:ever"
# How long a visitor counts once, and how many of one address count meanwhile.
VISIT = 30 * 60
MOST_OF_AN_ADDRESS = 5
# The rankings ask for the last seven.
DAY_IS_KEPT = 21 * 24 * 3_600
# How long it is not asked again whether a product has a page that shoppers see.
REMEMBERED = 60

# Together with the rest, or a rebuild between the two would count a visit twice or not at all.
COUNT_A_VISIT = """
local seen, ever, day, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local who, product, field = ARGV[1], ARGV[2], ARGV[3]
if redis.call('SCARD', seen) >= tonumber(ARGV[4]) then return 0 end
if redis.call('SADD', seen, who) == 0 then return 0 end
if redis.call('TTL', seen) < 0 then redis.call('EXPIRE', seen, ARGV[5]) end
redis.call('ZINCRBY', ever, 1, product)
redis.call('ZINCRBY', day, 1, product)
redis.call('EXPIRE', day, ARGV[6])
redis.call('HINCRBY', pending, field, 1)
return 1
"""


def count(product_id: int, request: HttpRequest) -> int | None:
    """Count one more view and return how many there are; None where nothing was counted.

    Nothing is while Redis is away, of a program, and of what has no page that shoppers see.
    None as well while Redis has just begun to count and does not know of those before.
    """
    if not visitors.is_person(request) or not _is_shown(product_id, _now() // REMEMBERED):
        return None
    address = _hidden(network_of(request))
    browser = _hidden(visitors.name_of(request))
    return counters.ask(partial(_count, product_id=product_id, address=address, browser=browser))


def _count(server: redis.Redis, *, product_id: int, address: str, browser: str) -> int | None:
    day = today()
    seen = f"views:seen:{product_id}:{address}"
    keys = (seen, EVER, day_key(day), PENDING)
    visit = field(day, product_id, visits=True)
    limits = (MOST_OF_AN_ADDRESS, VISIT, DAY_IS_KEPT)
    with server.pipeline(transaction=True) as pipe:
        pipe.incr(total_key(product_id))
        # Named by whoever counts first, so that a Redis that forgot its last second, and with
        # it that this was taken, still calls it what the database knows it by.
        pipe.hsetnx(PENDING, BATCH, secrets.token_hex(6))
        pipe.hincrby(PENDING, field(day, product_id), 1)
        pipe.eval(COUNT_A_VISIT, len(keys), *keys, browser, product_id, visit, *limits)
        pipe.exists(counters.FILLED)
        total, *_others, is_filled = pipe.execute()
    return total if is_filled else None


def total_key(product_id: int) -> str:
    return f"views:product:{product_id}"


def day_key(day: date) -> str:
    return f"views:day:{day}"


def field(day: date, product_id: int, *, visits: bool = False) -> str:
    """What is pending is counted by day and product: every view, and visits apart."""
    return f"{day}:{product_id}:visits" if visits else f"{day}:{product_id}"


def today() -> date:
    return datetime.now(UTC).date()


@lru_cache(maxsize=10_000)
def _is_shown(product_id: int, _since: int) -> bool:
    """Asked of the database once a minute: numbers of nothing must not fill Redis."""
    return public_of_many(ProductPage.objects).filter(product=product_id).exists()


def _now() -> int:
    return int(time.monotonic())


def _hidden(text: str) -> str:
    """The same for the same text, and nobody who reads Redis learns which."""
    key = settings.SECRET_KEY.encode()[:64]
    return hashlib.blake2b(text.encode(), key=key, digest_size=8).hexdigest()
