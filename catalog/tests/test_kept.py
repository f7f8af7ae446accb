"""What was made is kept until something that it shows has changed, wherever that was."""

import itertools
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from catalog import kept, moment, redis_client
from catalog.breaker import Breaker
from catalog.kept import log

pytestmark = pytest.mark.django_db


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """``with commit(): ...`` is a transaction that is committed."""
    return partial(django_capture_on_commit_callbacks, execute=True)


class Counted:
    """Makes 1, 2, 3 ..., and says that it shows something."""

    def __init__(self, *tags):
        self.tags = tags
        self.numbers = itertools.count(1)

    def __call__(self):
        kept.shows(*self.tags)
        return next(self.numbers)


def another_process(what):
    """Run a piece of code in a process of its own that has the same Redis."""
    url = redis_client.settings.REDIS_URL
    code = (
        "import os, redis; from catalog.kept import log; from catalog import redis_client; "
        f"import django; from django.conf import settings; settings.configure(REDIS_URL={url!r}); "
        f"{what}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_value_is_made_once_and_then_kept(a_redis):
    make = Counted("page:1")
    assert [kept.get("value", make) for _ in range(3)] == [1, 1, 1]


def test_it_is_made_anew_when_something_that_it_shows_has_changed(a_redis, commit):
    make = Counted("page:1", "page:2")
    kept.get("value", make)
    with commit():
        kept.changed("page:2")
    assert kept.get("value", make) == 2


def test_what_it_does_not_show_may_change(a_redis, commit):
    make = Counted("page:1")
    kept.get("value", make)
    with commit():
        kept.changed("page:3")
    assert kept.get("value", make) == 1


def test_a_change_in_another_process_is_heard_of_within_a_moment(a_redis):
    make = Counted("page:1")
    kept.get("value", make)
    another_process("log._write(redis_client.client(), ['page:1'])")
    time.sleep(log.KNOWN_FOR)
    assert kept.get("value", make) == 2


def test_what_was_read_before_a_change_is_not_kept_after_it(a_redis, commit):
    """The control of the whole: to note the log's end after the making would keep what is old."""

    def make():
        kept.shows("page:1")
        old = "as it was before"
        with commit():
            kept.changed("page:1")
        return old

    assert kept.get("value", make) == "as it was before"
    assert kept.get("value", lambda: "as it is now") == "as it is now"


def test_a_change_counts_once_it_is_committed(a_redis, commit):
    make = Counted("page:1")
    kept.get("value", make)
    with commit():
        kept.changed("page:1")
        in_another_thread = []
        thread = threading.Thread(target=lambda: in_another_thread.append(kept.get("value", make)))
        thread.start()
        thread.join()
        assert in_another_thread == [1]
    assert kept.get("value", make) == 2


def test_who_has_changed_something_sees_it_before_the_commit_and_leaves_nothing(a_redis, commit):
    kept.get("value", lambda: "old")
    with commit():
        kept.changed("page:1")
        assert kept.get("value", lambda: "not committed") == "not committed"
    assert kept.get("value", lambda: "new") == "old"


def test_what_is_undone_has_changed_nothing(a_redis, commit):
    make = Counted("page:1")
    kept.get("value", make)
    with commit():
        undone("page:1")
    assert kept.get("value", make) == 1


def test_a_part_that_is_undone_does_not_hide_what_is_changed_after_it(a_redis, commit):
    make = Counted("page:2")
    kept.get("value", make)
    with commit():
        undone("page:1")
        kept.changed("page:2")
    assert kept.get("value", make) == 2


def test_a_value_ends_at_the_moment_until_which_it_is_right(a_redis):
    soon = timezone.now() + timedelta(seconds=0.3)

    def make():
        kept.until(soon + timedelta(hours=1))
        kept.until(soon)
        kept.until(None)
        return timezone.now()

    first = kept.get("value", make)
    assert kept.get("value", make) == first
    time.sleep(0.31)
    assert kept.get("value", make) > soon


def test_what_shows_a_kept_value_shows_what_that_shows(a_redis, commit):
    inner = Counted("page:1")
    kept.get("inner", inner)

    def outer():
        return kept.get("inner", inner), next(numbers)

    numbers = itertools.count(1)
    assert kept.get("outer", outer) == (1, 1)
    with commit():
        kept.changed("page:1")
    assert kept.get("outer", outer) == (2, 2)


def test_a_preview_neither_reads_nor_leaves_anything(a_redis):
    kept.get("value", lambda: "now")
    with moment.at(timezone.now() + timedelta(days=7)):
        assert kept.get("value", lambda: "next week") == "next week"
        kept.get("other", lambda: "next week")
    assert kept.get("value", lambda: "made again") == "now"
    assert kept.get("other", lambda: "now") == "now"


def test_everything_concerns_whatever_is_kept(a_redis, commit):
    make = Counted("page:1")
    kept.get("value", make)
    with commit():
        kept.changed(kept.EVERYTHING)
    assert kept.get("value", make) == 2


def test_very_many_changes_at_once_are_everything(a_redis, commit):
    make = Counted("page:1")
    kept.get("value", make)
    with commit():
        kept.changed(*(f"page:{number}" for number in range(2, log.MOST_TAGS + 10)))
    assert kept.get("value", make) == 2
    assert _server().xrevrange(log.LOG, count=1)[0][1] == {"tags": kept.EVERYTHING}


def test_without_a_redis_nothing_is_kept():
    make = Counted("page:1")
    assert [kept.get("value", make) for _ in range(3)] == [1, 2, 3]


def test_nothing_that_is_older_than_an_outage_is_taken_for_right(a_redis, monkeypatch):
    make = Counted("page:1")
    kept.get("value", make)
    open_breaker = Breaker("test", pause=1)
    open_breaker.trip(OSError("gone"))
    monkeypatch.setattr(redis_client, "breaker", open_breaker)
    time.sleep(log.STILL_KNOWN + log.KNOWN_FOR)
    assert kept.get("value", make) == 2
    time.sleep(1)
    assert kept.get("value", make) == 3
    assert kept.get("value", make) == 3


def test_who_hears_nothing_for_a_moment_knows_what_it_knew_and_makes_nobody_forget(
    a_redis, commit, monkeypatch
):
    make = Counted("page:1")
    kept.get("value", make)
    busy = Breaker("test", pause=5, first=0.1)
    busy.trip(TimeoutError("busy"))
    monkeypatch.setattr(redis_client, "breaker", busy)
    kept.view.look_again()
    assert kept.get("value", make) == 1
    time.sleep(0.1)
    kept.view.look_again()
    assert kept.get("value", make) == 1
    assert _server().xlen(log.LOG) == 0
    # What others wrote meanwhile is heard.
    with commit():
        kept.changed("page:1")
    assert kept.get("value", make) == 2


def _begin_while_redis_is_late(monkeypatch, error):
    """A process that has not heard anything yet, and does not when it first asks."""
    kept.forget()
    busy = Breaker("test", pause=0.1)
    busy.trip(error)
    monkeypatch.setattr(redis_client, "breaker", busy)
    assert kept.view.position() is None
    time.sleep(log.KNOWN_FOR)
    assert kept.view.position() is not None


@pytest.mark.parametrize(
    ("error", "written"),
    [(redis.TimeoutError("late"), 0), (redis.ConnectionError("gone"), 1)],
    ids=["late", "gone"],
)
def test_who_begins_while_redis_is_late_makes_nobody_forget_and_while_it_is_gone_everybody(
    a_redis, monkeypatch, error, written
):
    _begin_while_redis_is_late(monkeypatch, error)
    assert _server().xlen(log.LOG) == written


def test_after_a_long_silence_everything_may_have_changed(a_redis, monkeypatch):
    monkeypatch.setattr(log, "WRITTEN_WITHIN", log.KNOWN_FOR / 2)
    _begin_while_redis_is_late(monkeypatch, redis.TimeoutError("silent"))
    assert _server().xlen(log.LOG) == 1


def test_what_was_kept_before_redis_was_late_is_right_after_it(a_redis, commit, monkeypatch):
    one, two = Counted("page:1"), Counted("page:2")
    assert (kept.get("one", one), kept.get("two", two)) == (1, 1)
    busy = Breaker("test", pause=log.STILL_KNOWN + 2 * log.KNOWN_FOR)
    busy.trip(redis.TimeoutError("late"))
    monkeypatch.setattr(redis_client, "breaker", busy)
    time.sleep(log.STILL_KNOWN + log.KNOWN_FOR)
    # Nobody can know now, so it is made and not kept.
    assert (kept.get("one", one), kept.get("two", two)) == (2, 2)
    another_process("log._write(redis_client.client(), ['page:2'])")
    time.sleep(2 * log.KNOWN_FOR)
    assert (kept.get("one", one), kept.get("two", two)) == (1, 3)


def test_a_command_that_ends_at_once_has_told_what_it_changed(a_redis):
    another_process("log._later.write(['page:1'])")
    assert _server().xrange(log.LOG)[0][1] == {"tags": "page:1"}


def test_the_control_a_command_that_does_not_wait_tells_nothing(a_redis):
    another_process(
        "import atexit; atexit.unregister(log._later._finish); log._later.write(['page:1'])"
    )
    assert _server().xlen(log.LOG) == 0


def test_what_is_late_again_and_again_is_asked_less_and_less(monkeypatch):
    now = 0.0
    monkeypatch.setattr("catalog.breaker.time.monotonic", lambda: now)
    breaker, pauses = Breaker("test", pause=5, first=1), []
    for _failure in range(4):
        breaker.trip(TimeoutError("busy"))
        # Whoever was asking at the same moment finds out the same.
        breaker.trip(TimeoutError("busy"))
        began = now
        while breaker.is_open:
            now += 0.5
        pauses.append(now - began)
    assert pauses == [1, 2, 4, 5]
    breaker.well()
    breaker.trip(TimeoutError("busy"))
    now += 1
    assert not breaker.is_open


def test_a_change_that_could_not_be_told_is_told_once_redis_is_back(a_redis, commit, monkeypatch):
    make = Counted("page:1")
    kept.get("value", make)
    # Only this change finds Redis away; whoever reads does not notice.
    monkeypatch.setattr(log.redis_client, "ask", lambda question: None)
    with commit():
        kept.changed("page:1")
    monkeypatch.undo()
    time.sleep(log._Later.PAUSE + 0.3)
    assert _server().xlen(log.LOG) == 1
    assert kept.get("value", make) == 2


def test_the_log_forgets_what_is_older_than_anything_kept(a_redis, commit):
    server = _server()
    server.xadd(log.LOG, {"tags": "page:9"}, id="1000-0")
    with commit():
        kept.changed("page:1")
    # Whole nodes of a hundred entries are dropped, never more than is asked.
    for _ in range(250):
        server.xadd(log.LOG, {"tags": "page:9"})
    log._write(server, ["page:2"])
    assert ["page:1"] in [[fields["tags"]] for _key, fields in server.xrange(log.LOG)]


def test_a_new_process_knows_what_changed_before_it(a_redis, commit):
    began = kept.view.position()
    with commit():
        kept.changed("page:1")
    kept.forget()
    kept.view.position()
    assert kept.view.changed_since(began, ["page:1"]) is not None
    assert kept.view.changed_since(began, ["page:2"]) is None


def test_a_value_costs_no_query_of_redis_while_the_log_is_known(a_redis, monkeypatch):
    kept.get("value", Counted("page:1"))
    monkeypatch.setattr(log, "KNOWN_FOR", 60)
    monkeypatch.setattr(redis_client, "ask", lambda question: pytest.fail("asked Redis"))
    assert kept.get("value", Counted("page:1")) == 1


def undone(tag):
    with suppress(ZeroDivisionError), transaction.atomic():
        kept.changed(tag)
        raise ZeroDivisionError


def _server() -> redis.Redis:
    return redis_client.client()


def test_what_changes_while_it_is_made_counts_though_it_was_heard_of_by_then(a_redis, commit):
    make = Counted("page:1")

    def changed_meanwhile():
        value = make()
        with commit():
            kept.changed("page:1")
        # By whatever else is kept, this process hears of it.
        kept.get("another", Counted())
        return value

    kept.get("value", changed_meanwhile)

    assert kept.get("value", make) == 2


def of_each(numbers, *, asked):
    """Make each number's square, which shows "page:<number>"."""
    asked.append(numbers)
    for number in numbers:
        yield number, number * number, kept.Notes({f"page:{number}"})


def test_of_many_values_only_those_that_are_missing_are_made_and_together(a_redis, commit):
    asked: list[list[int]] = []
    make = partial(of_each, asked=asked)

    assert kept.get_many([1, 2], make) == {1: 1, 2: 4}
    assert kept.get_many([1, 2, 3], make) == {1: 1, 2: 4, 3: 9}
    with commit():
        kept.changed("page:2")
    with kept.noting() as notes:
        kept.get_many([1, 2, 3], make)

    assert asked == [[1, 2], [3], [2]]
    assert notes.tags == {"page:1", "page:2", "page:3"}


def test_without_a_redis_many_values_are_made_together_each_time():
    asked: list[list[int]] = []
    for _ in range(2):
        assert kept.get_many([1, 2], partial(of_each, asked=asked)) == {1: 1, 2: 4}
    assert asked == [[1, 2], [1, 2]]


def test_what_a_page_read_early_is_not_kept_if_it_changed_before_it_was_shown(a_redis, commit):
    make = Counted("page:1")
    with kept.from_here():
        read_early = make()
        with commit():
            kept.changed("page:1")
        kept.get("part", lambda: (kept.shows("page:1"), read_early)[1])

    assert kept.get("part", make) == 2


def test_the_control_without_a_beginning_what_was_read_early_would_stay(a_redis, commit):
    make = Counted("page:1")
    read_early = make()
    with commit():
        kept.changed("page:1")
    kept.get("part", lambda: (kept.shows("page:1"), read_early)[1])

    assert kept.get("part", make) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_changes_outside_of_a_transaction_has_changed_at_once(a_redis):
    make = Counted("page:1")
    kept.get("value", make)
    kept.changed("page:1")
    assert kept.get("value", make) == 2


def test_a_page_asks_for_nothing_twice_while_redis_is_away():
    make = Counted("page:1")
    with kept.from_here(), kept.noting() as notes:
        assert [kept.get("value", make) for _ in range(3)] == [1, 1, 1]
        with moment.at(timezone.now()):
            assert kept.get("value", make) == 2
    assert notes.tags == {"page:1"}
    with kept.from_here():
        assert kept.get("value", make) == 3
