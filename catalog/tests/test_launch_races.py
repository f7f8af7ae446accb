"""Two workers look at the same moment, on connections of their own: a launch happens once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from catalog import launches
from catalog.launches import carrying_out, states
from catalog.models import Launch
from catalog.tests.factories import make_category, make_page
from catalog.tests.launching import again, draft, due, make_launch

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

WORKERS = 4


def race(action) -> list[object]:
    """Run an action at the same moment in threads; return results, or the error of each."""
    start = threading.Barrier(WORKERS)

    def run(number: int) -> object:
        try:
            start.wait(timeout=30)
            return action(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


@pytest.fixture
def launch(editor):
    category = make_category("Prints")
    pages = []
    for title in ("Lighthouse", "Harbour", "Snow"):
        page = make_page(title, category)
        page.save_revision().publish()
        pages.append(draft(again(page), title=f"{title} in winter"))
    launch = launches.schedule(make_launch(*pages), user=editor)
    return due(launch)


def times_live() -> int:
    return ModelLogEntry.objects.filter(action=states.LOG_LIVE).count()


def test_a_launch_that_many_workers_find_due_goes_live_once(launch):
    results = race(lambda _: launches.run_due())

    assert sorted(results, key=str) == [0] * (WORKERS - 1) + [1], results
    assert times_live() == 1
    assert again(launch).state == Launch.State.LIVE


def test_without_the_lock_the_same_race_goes_live_more_than_once(launch):
    """The control: look and then act, as it would be without the row's lock."""
    all_have_looked = threading.Barrier(WORKERS)

    def careless(_number: int) -> int:
        found = Launch.objects.get(state=Launch.State.SCHEDULED, moment__lte=timezone.now())
        all_have_looked.wait(timeout=30)
        with transaction.atomic():
            assert carrying_out.carry_out(found, user=found.scheduled_by, at=found.moment) == []
            states._has_gone_live(found)
        return 1

    results = race(careless)

    assert times_live() > 1, results


def test_calling_it_off_and_carrying_it_out_at_once_is_one_of_the_two(launch, editor):
    def act(number: int) -> object:
        return launches.unschedule(launch, user=editor) if number else launches.run_due()

    race(act)

    state = again(launch).state
    assert state in (Launch.State.LIVE, Launch.State.DRAFT)
    assert times_live() == (state == Launch.State.LIVE)
    titles = {part.page.title.endswith("winter") for part in launch.pages.all()}
    assert titles == {state == Launch.State.LIVE}


def test_launches_with_the_same_pages_do_not_block_each_other(editor):
    category = make_category("Prints")
    pages = [draft(make_page(title, category), summary="Winter") for title in "ABCD"]
    for number in range(WORKERS):
        make_launch(*(pages if number % 2 else pages[::-1]))
    found = list(Launch.objects.all())

    results = race(lambda number: launches.launch_now(found[number], user=editor))

    assert all(isinstance(result, Launch) for result in results), results
    assert times_live() == WORKERS


def test_a_worker_that_dies_halfway_leaves_the_launch_for_the_next_one(launch, monkeypatch):
    publish = launches.parts.publish_page
    published = []

    def die(part, page, user):
        if published:
            raise SystemExit
        published.append(page)
        publish(part, page, user)

    monkeypatch.setattr(launches.parts, "publish_page", die)
    with pytest.raises(SystemExit):
        launches.run_due()
    assert again(launch).state == Launch.State.SCHEDULED
    assert again(published[0]).title == "Lighthouse"
    monkeypatch.undo()

    assert launches.run_due() == 1
    assert again(published[0]).title == "Lighthouse in winter"


def test_a_database_that_is_busy_is_asked_again_a_minute_later(launch, monkeypatch):
    def busy(part, page, user):
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(launches.parts, "publish_page", busy)
    assert launches.run_due() == 0
    assert again(launch).state == Launch.State.SCHEDULED
    monkeypatch.undo()

    assert launches.run_due() == 1
