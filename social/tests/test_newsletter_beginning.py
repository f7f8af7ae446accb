"""Sendings that begin at the same time, and one that cannot."""

import time
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import DatabaseError
from wagtail.models import Locale

from orders.tests.test_races import race
from social.models import Delivery, Sending
from social.models.newsletter import Segment
from social.newsletter import sending
from social.tests.newsletters import make_issue, make_subscriber

pytestmark = pytest.mark.django_db

State = Sending.State


@pytest.fixture
def issue(db):
    return make_issue()


def begin_two_languages_at_once(monkeypatch) -> list[object]:
    """A subscriber who reads a third language could get either."""
    make_subscriber(language="zh-hans")
    issue = make_issue()
    korean, _made = Locale.objects.get_or_create(language_code="ko")
    translation = issue.copy_for_translation(korean, copy_parents=True)
    translation.save_revision().publish()
    planned = [sending.plan(page, Segment.ALL, user=None) for page in (issue, translation)]
    write, met = sending._write_deliveries, Barrier(2)

    def slowly(own):
        with suppress(BrokenBarrierError):
            # Where one keeps the other out, nobody comes.
            met.wait(timeout=2)
        count = write(own)
        time.sleep(0.5)
        return count

    monkeypatch.setattr(sending, "_write_deliveries", slowly)
    keys = [(one.pk, issue.translation_key) for one in planned]
    return race(lambda number: sending._begin(*keys[number]), 2)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_issue_that_begins_in_two_languages_at_once_goes_to_each_in_one(monkeypatch):
    begin_two_languages_at_once(monkeypatch)
    sending.begin_due()
    assert Delivery.objects.count() == 1
    assert not Sending.objects.filter(state=State.PLANNED).exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_holding_the_whole_issue_both_languages_would_go_to_one(monkeypatch):
    """The control: read, and held by nobody."""

    def carelessly(_issue):
        return {one.pk: one for one in Sending.objects.filter(state=State.PLANNED)}

    monkeypatch.setattr(sending, "_held", carelessly)
    assert begin_two_languages_at_once(monkeypatch) == [True, True]
    assert Delivery.objects.count() == 2


def test_one_that_cannot_begin_says_why_and_keeps_no_other_waiting(issue, monkeypatch):
    make_subscriber()
    broken = sending.plan(issue, Segment.ALL, user=None)
    other = sending.plan(make_issue("Summer prints"), Segment.ALL, user=None)
    write = sending._write_deliveries

    def fail(own):
        if own.pk == broken.pk:
            raise DatabaseError("no room left")
        return write(own)

    monkeypatch.setattr(sending, "_write_deliveries", fail)
    assert sending.begin_due() == 1
    broken.refresh_from_db()
    other.refresh_from_db()
    assert (broken.state, broken.problem) == (State.PLANNED, "DatabaseError: no room left")
    assert other.state == State.RUNNING

    monkeypatch.undo()
    assert sending.begin_due() == 1
    broken.refresh_from_db()
    assert (broken.state, broken.problem) == (State.RUNNING, "")
