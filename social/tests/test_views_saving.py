"""Counts get to the database once each, wherever a worker dies; and back, when Redis is lost."""

from datetime import date, timedelta
from io import StringIO

import pytest
import redis
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import redis_client
from catalog.models import Product
from catalog.tests.factories import make_page
from social import counters, rebuilding, tasks, views_counter, views_saving
from social.models import ProductViews, ViewsSaved
from social.tests.test_views_counter import DAY, request_of
from social.views_counter import EVER, PENDING, day_key, total_key
from social.views_saving import SAVING

pytestmark = pytest.mark.django_db


class DeadError(Exception):
    """The worker ended here."""


@pytest.fixture
def server(a_redis, monkeypatch):
    monkeypatch.setattr(views_counter, "today", lambda: DAY)
    client = redis_client.client()
    client.set(counters.FILLED, "then")
    return client


@pytest.fixture
def products(server, rf):
    """Three, viewed three times, twice and once by two visitors."""
    products = [make_page(title).product_id for title in ("Dune", "Moon", "Snow")]
    view(rf, *products, products[0], products[1], products[0])
    return products


def view(rf, *products, **request):
    for product in products:
        views_counter.count(product, request_of(rf, **request))


def views_of(products):
    return [Product.objects.get(pk=product).views for product in products]


def days_of(product):
    rows = ProductViews.objects.filter(product=product).order_by("day")
    return [(row.day, row.count, row.visits) for row in rows]


def die(*_args, **_kwargs):
    raise DeadError


def save_and_die(monkeypatch, name, function=die):
    """Let a worker come as far as this function of ``views_saving``."""
    with monkeypatch.context() as patch:
        patch.setattr(views_saving, name, function)
        with pytest.raises(DeadError):
            views_saving.save()


def test_what_was_counted_is_copied_and_added_to_what_there_was(products, rf, monkeypatch):
    Product.objects.filter(pk=products[0]).update(views=100)

    assert views_saving.save() == 3

    assert views_of(products) == [103, 2, 1]
    assert days_of(products[0]) == [(DAY, 3, 1)]
    view(rf, products[0], address="192.0.2.9")
    monkeypatch.setattr(views_counter, "today", lambda: DAY + timedelta(days=1))
    view(rf, products[0], address="192.0.2.10")
    assert views_saving.save() == 1
    assert views_of(products) == [105, 2, 1]
    assert days_of(products[0]) == [(DAY, 4, 2), (DAY + timedelta(days=1), 1, 1)]


def test_nothing_pending_opens_no_transaction(server, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert views_saving.save() == 0


def test_nothing_is_left_in_redis_of_what_was_copied(products, server):
    views_saving.save()

    assert not server.exists(PENDING, SAVING)
    assert views_saving.save() == 0
    assert views_of(products) == [3, 2, 1]


@pytest.mark.parametrize(
    ("dies_in", "call", "saved_before"),
    [
        ("before it takes them", "_taken", [0, 0, 0]),
        ("when they are taken", "_save", [0, 0, 0]),
        ("in the first transaction", "_add_days", [0, 0, 0]),
        ("before it cleans up", "_forget", [3, 2, 1]),
    ],
)
def test_a_worker_that_dies_loses_and_doubles_nothing(
    products, rf, monkeypatch, dies_in, call, saved_before
):
    save_and_die(monkeypatch, call)
    assert views_of(products) == saved_before
    view(rf, products[0], products[2])

    views_saving.save()

    assert views_of(products) == [4, 2, 2]
    assert [count for _day, count, _visits in days_of(products[0])] == [4]
    assert views_saving.save() == 0


@pytest.mark.parametrize("written", [1, 2])
def test_a_worker_that_dies_between_two_transactions_goes_on_where_it_was(
    products, rf, server, monkeypatch, written
):
    monkeypatch.setattr(views_saving, "PRODUCTS_AT_ONCE", 1)
    write, done = views_saving._write, []

    def write_some(*args):
        if len(done) == written:
            raise DeadError
        done.append(write(*args))
        return done[-1]

    save_and_die(monkeypatch, "_write", write_some)
    assert views_of(products) == [3, 2, 1][:written] + [0] * (3 - written)
    assert ViewsSaved.objects.get().batch == (
        f"{server.hget(SAVING, views_counter.BATCH)}:{products[written - 1]}"
    )
    view(rf, products[0])
    # A new release may take others together.
    monkeypatch.setattr(views_saving, "PRODUCTS_AT_ONCE", 2)

    views_saving.save()

    assert views_of(products) == [4, 2, 1]


def test_without_the_name_of_the_batch_the_same_crash_counts_twice(products, rf, monkeypatch):
    """The control to the tests above."""
    save_and_die(monkeypatch, "_forget")
    ViewsSaved.objects.update(batch="")

    views_saving.save()

    assert views_of(products) == [6, 4, 2]


def test_a_worker_that_stalled_writes_nothing_that_another_has_written(products, rf, server):
    """It read the batch, slept, and wakes when others have saved that and the next one."""
    stalled = views_saving._taken(server)
    views_saving.save()
    view(rf, products[1])
    views_saving.save()
    view(rf, products[2])
    next_one = views_saving._taken(server)

    assert views_saving._save(server, stalled) == 0

    assert views_of(products) == [3, 3, 1]
    assert server.hget(SAVING, views_counter.BATCH) == next_one.name
    views_saving.save()
    assert views_of(products) == [3, 3, 2]


def test_a_redis_that_forgot_its_last_second_is_not_counted_twice(products, server, rf):
    """What was taken is back where it was, under the name that the database has read."""
    before = server.hgetall(PENDING)
    views_saving.save()
    server.hset(PENDING, mapping=before)

    views_saving.save()

    assert views_of(products) == [3, 2, 1]
    assert not server.exists(PENDING, SAVING)


def test_what_was_deleted_meanwhile_is_left_out(products):
    Product.objects.filter(pk=products[1]).update(views=0)
    page = Product.objects.get(pk=products[1]).pages.get()
    page.delete()
    Product.objects.filter(pk=products[1]).delete()

    assert views_saving.save() == 2

    assert views_of([products[0], products[2]]) == [3, 1]
    assert ProductViews.objects.count() == 2


def test_hundreds_of_products_take_as_many_queries_as_one(server):
    pages = Product.objects.bulk_create([Product() for _ in range(900)])
    ids = sorted(product.pk for product in pages)

    names = (f"{number:012}" for number in range(9))

    def queries_for(count):
        server.hset(PENDING, mapping={views_counter.BATCH: next(names)})
        for product in ids[:count]:
            server.hset(PENDING, views_counter.field(DAY, product), 2)
        with CaptureQueriesContext(connection) as queries:
            assert views_saving.save() == count
        return len(queries)

    queries_for(1)
    # A transaction for up to 500. SQLite takes fewer values in a statement, and so a few more.
    most = queries_for(1) + 10
    assert queries_for(500) <= most
    assert queries_for(900) <= 2 * most


def test_redis_is_filled_again_from_the_database(products, server, rf):
    views_saving.save()
    view(rf, products[2], address="192.0.2.7")
    expected = everything_in(server)
    server.delete(*[key for key in server.keys("*") if key not in (PENDING, SAVING)])

    out = StringIO()
    call_command("rebuild_counters", stdout=out)

    assert out.getvalue() == "Written: the counters of 3 products.\n"
    assert everything_in(server) == expected
    assert server.exists(counters.FILLED)
    assert views_counter.count(products[0], request_of(rf)) == 4


def everything_in(server):
    """What shoppers are shown, but not how long it is kept."""
    totals = {key: server.get(key) for key in server.keys("views:product:*")}
    names = sorted([*server.keys("views:day:*"), EVER])
    return totals, {
        key: sorted(map(tuple, server.zrange(key, 0, -1, withscores=True))) for key in names
    }


def test_a_rebuild_puts_wrong_numbers_right_and_forgets_the_deleted(products, server):
    views_saving.save()
    server.set(total_key(products[0]), 999)
    server.zadd(EVER, {products[1]: 999, 10**9: 5})
    server.zadd(day_key(DAY), {products[1]: 999})
    server.set(total_key(10**9), 5)

    rebuilding.rebuild()

    assert [server.get(total_key(product)) for product in products] == ["3", "2", "1"]
    assert server.get(total_key(10**9)) is None
    assert server.zscore(EVER, 10**9) is None
    assert server.zscore(EVER, products[1]) == server.zscore(day_key(DAY), products[1]) == 1


def test_views_from_before_there_were_days_count_as_visits(products, server):
    """The total, less what is known of those who looked again."""
    Product.objects.filter(pk=products[0]).update(views=100)
    views_saving.save()

    rebuilding.rebuild()

    assert server.get(total_key(products[0])) == "103"
    assert server.zscore(EVER, products[0]) == 101


def test_only_the_last_seven_days_are_filled(products, server):
    ProductViews.objects.create(
        product_id=products[0], day=DAY - timedelta(days=6), count=9, visits=5
    )
    ProductViews.objects.create(
        product_id=products[0], day=DAY - timedelta(days=7), count=9, visits=5
    )

    rebuilding.rebuild()

    assert server.zscore(day_key(DAY - timedelta(days=6)), products[0]) == 5
    assert not server.exists(day_key(DAY - timedelta(days=7)))
    assert server.ttl(day_key(DAY - timedelta(days=6))) > 0


def test_an_emptied_redis_is_filled_by_the_beat_and_only_then(products, server, rf):
    assert tasks.save_view_counts() == 3
    server.flushall()
    assert views_counter.count(products[0], request_of(rf, address="192.0.2.3")) is None

    tasks.save_view_counts()

    assert views_counter.count(products[0], request_of(rf, address="192.0.2.3")) == 5
    assert not rebuilding.rebuild_if_lost()


def test_a_redis_that_is_emptied_during_a_rebuild_is_not_taken_for_full(
    products, server, monkeypatch
):
    monkeypatch.setattr(rebuilding, "_forget_deleted", lambda server: server.flushall())
    server.delete(counters.FILLED)

    rebuilding.rebuild()

    assert not server.exists(counters.FILLED)


def test_views_that_come_in_the_midst_of_a_rebuild_count_once(products, server, rf, monkeypatch):
    monkeypatch.setattr(rebuilding, "PRODUCTS_AT_ONCE", 1)
    views_saving.save()
    write = rebuilding._write

    def write_beside_traffic(server, ids):
        view(rf, *products, address="192.0.2.50")
        done = write(server, ids)
        view(rf, *products, address="192.0.2.51")
        # Another worker copies meanwhile.
        views_saving.save()
        view(rf, *products, address="192.0.2.52")
        return done

    monkeypatch.setattr(rebuilding, "_write", write_beside_traffic)

    rebuilding.rebuild()

    assert [server.get(total_key(product)) for product in products] == ["12", "11", "10"]
    # Of three visitors each counts once for each product, besides the one from before.
    assert [server.zscore(EVER, product) for product in products] == [4, 4, 4]
    views_saving.save()
    assert views_of(products) == [12, 11, 10]


def test_a_rebuild_waits_for_what_is_half_copied(products, server, monkeypatch):
    monkeypatch.setattr(views_saving, "PRODUCTS_AT_ONCE", 1)
    batch = views_saving._taken(server)
    part = next(iter(views_saving._parts(batch)))
    views_saving._write(server, batch.name, part)

    rebuilding.rebuild()

    assert [server.get(total_key(product)) for product in products] == ["3", "2", "1"]
    assert views_of(products) == [3, 2, 1]


def test_without_that_wait_what_is_half_copied_counts_twice(products, server, monkeypatch):
    """The control to the test above."""
    monkeypatch.setattr(views_saving, "PRODUCTS_AT_ONCE", 1)
    batch = views_saving._taken(server)
    views_saving._write(server, batch.name, next(iter(views_saving._parts(batch))))
    monkeypatch.setattr(redis.Redis, "exists", lambda self, *keys: 0)

    rebuilding._write(server, products)

    assert [server.get(total_key(product)) for product in products] == ["6", "2", "1"]


def test_the_command_says_that_redis_is_away():
    with pytest.raises(CommandError, match="Redis cannot be reached"):
        call_command("rebuild_counters")


def test_a_batch_fits_its_column():
    longest = f"{'f' * 12}:{2**63 - 1}"

    assert len(longest) <= ViewsSaved._meta.get_field("batch").max_length
    assert date.fromisoformat(str(DAY)) == DAY
