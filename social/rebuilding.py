"""Fill Redis from the database: after it was lost, at night, or when somebody asks for it.

Beside traffic: what shoppers do meanwhile is counted, once. What they are not told until all is
there is a number that begins from nought again (``counters.FILLED``).
"""

import json
import logging
import secrets
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

import redis
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from catalog import redis_client
from catalog.models import Product
from social import recommendations, views_counter, views_saving
from social.counters import FILLED
from social.models import ProductViews
from social.views_counter import DAY_IS_KEPT, EVER, PENDING, day_key, total_key
from social.views_saving import SAVING

logger = logging.getLogger(__name__)

# Names the rebuild that is at work; gone if Redis is emptied before it is done.
AT_WORK = "counters:being-filled"
GIVEN_UP_AFTER = 3_600
# A script holds up everybody else in Redis: with so few it takes a few milliseconds.
PRODUCTS_AT_ONCE = 200
DAYS = 7

# The numbers of the database, and what is pending of the same products: at one moment, so that
# a view which is counted beside it stands in one of them.
WRITE = """
local pending = {}
for _, key in ipairs({KEYS[1], KEYS[2]}) do
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local day, product, visits = string.match(fields[i], '^([%d-]+):(%d+)(:?v?)')
    if product then
      local sums = pending[product] or {views = 0, visits = 0, days = {}}
      pending[product] = sums
      local number = tonumber(fields[i + 1])
      if visits == '' then
        sums.views = sums.views + number
      else
        sums.visits = sums.visits + number
        sums.days[day] = (sums.days[day] or 0) + number
      end
    end
  end
end
local function rank(key, product, number)
  if number > 0 then
    redis.call('ZADD', key, number, product)
  else
    redis.call('ZREM', key, product)
  end
end
for _, row in ipairs(cjson.decode(ARGV[1])) do
  local more = pending[row.product] or {views = 0, visits = 0, days = {}}
  local views = row.views + more.views
  if views > 0 then
    redis.call('SET', 'views:product:' .. row.product, string.format('%.0f', views))
  else
    redis.call('DEL', 'views:product:' .. row.product)
  end
  rank(KEYS[3], row.product, row.visits + more.visits)
  for i, day in ipairs(row.days) do
    local name = ARGV[1 + i]
    rank(KEYS[3 + i], row.product, day + (more.days[name] or 0))
  end
end
"""
# Redis was not emptied since this rebuild began.
FINISH = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return 1
"""


def rebuild_if_lost() -> bool:
    """Fill Redis if it was emptied or is new; whether it was."""
    if redis_client.client().exists(FILLED):
        return False
    logger.warning("Redis knows of no views and no purchases: they are read from the database.")
    rebuild()
    return True


def rebuild() -> int:
    """Write all counters anew; return of how many products."""
    server = redis_client.client()
    mine = secrets.token_hex(8)
    server.set(AT_WORK, mine, ex=GIVEN_UP_AFTER)
    products = _views(server)
    recommendations.rebuild()
    server.eval(FINISH, 2, AT_WORK, FILLED, mine, timezone.now().isoformat())
    return products


def _views(server: redis.Redis) -> int:
    written = 0
    for ids in _parts():
        # What is being saved stands in part in the database and in whole in Redis.
        while not _write(server, ids):
            views_saving.save()
        written += len(ids)
    _forget_deleted(server)
    return written


def _parts() -> Iterator[list[int]]:
    last = 0
    products = Product.objects.order_by("pk").values_list("pk", flat=True)
    while ids := list(products.filter(pk__gt=last)[:PRODUCTS_AT_ONCE]):
        yield ids
        last = ids[-1]


@transaction.atomic
def _write(server: redis.Redis, ids: Collection[int]) -> bool:
    """Write these products' numbers; False, and nothing, while others are being saved."""
    # What this reads changes only when its holder saves.
    views_saving.locked()
    if server.exists(SAVING):
        return False
    today = views_counter.today()
    days = [today - timedelta(days=back) for back in range(DAYS)]
    keys = [PENDING, SAVING, EVER, *map(day_key, days)]
    server.eval(WRITE, len(keys), *keys, json.dumps(_rows(ids, days)), *[str(day) for day in days])
    for day in days:
        server.expire(day_key(day), DAY_IS_KEPT)
    return True


def _rows(ids: Collection[int], days: list[date]) -> list[dict[str, Any]]:
    views = dict(Product.objects.filter(pk__in=ids).values_list("pk", "views"))
    kept = ProductViews.objects.filter(product__in=ids)
    # Less what is known of those who looked again.
    again = kept.values("product").annotate(n=Sum(F("count") - F("visits")))
    repeats = dict(again.order_by().values_list("product", "n"))
    lately = {
        (product, day): visits
        for product, day, visits in kept.filter(day__in=days).values_list(
            "product", "day", "visits"
        )
    }
    return [
        {
            "product": str(pk),
            "views": total,
            "visits": total - repeats.get(pk, 0),
            "days": [lately.get((pk, day), 0) for day in days],
        }
        for pk, total in views.items()
    ]


def _forget_deleted(server: redis.Redis) -> None:
    counted = {int(product) for product, _visits in server.zscan_iter(EVER, count=1_000)}
    # Asked afterwards: what was made meanwhile is known.
    gone = sorted(counted.difference(Product.objects.values_list("pk", flat=True)))
    with server.pipeline(transaction=False) as pipe:
        for product in gone:
            pipe.zrem(EVER, product)
            pipe.delete(total_key(product), recommendations.key(product))
        pipe.execute()
