import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from catalog import bell
from catalog.breaker import Breaker
from catalog.tests.factories import make_sku
from orders import outbox
from orders.models import Outbox
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    order = order_for({make_sku(): 1})
    Outbox.objects.exclude(kind=outbox.ORDER_PLACED).delete()
    return Outbox.objects.get(order=order)


def fail_with(monkeypatch, error):
    def send(_row):
        raise error

    monkeypatch.setitem(outbox._handlers, outbox.ORDER_PLACED, send)


def test_draining_sends_the_mail_and_marks_it(row):
    assert outbox.drain() == 1

    row.refresh_from_db()
    assert (row.state, row.attempts, row.leased_until) == ("sent", 1, None)
    assert mail.outbox[0].to == ["ada@example.com"]
    assert outbox.drain() == 0
    assert len(mail.outbox) == 1


def test_the_message_id_stays_the_same_for_every_attempt(row):
    outbox.drain()
    Outbox.objects.update(state="queued")
    outbox.drain()

    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second
    assert first.endswith("@localhost>")


def test_a_server_that_is_away_is_tried_again_later(row, monkeypatch):
    fail_with(monkeypatch, ConnectionRefusedError("no server"))

    outbox.drain()

    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 1)
    assert "ConnectionRefusedError: no server" in row.last_error
    assert row.next_at > timezone.now() + timedelta(seconds=20)
    assert outbox.drain() == 0


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"no such user")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (450, b"busy")}), "queued"),
        (smtplib.SMTPDataError(554, b"spam"), "failed"),
        (smtplib.SMTPDataError(452, b"full"), "queued"),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), "queued"),
        (smtplib.SMTPServerDisconnected("gone"), "queued"),
        (TimeoutError("silent"), "queued"),
    ],
)
def test_only_what_is_refused_for_good_is_given_up_at_once(row, monkeypatch, error, state):
    fail_with(monkeypatch, error)

    outbox.drain()

    row.refresh_from_db()
    assert row.state == state


def test_after_the_last_attempt_it_is_given_up_visibly_and_can_be_sent_again(row, monkeypatch):
    fail_with(monkeypatch, TimeoutError("silent"))
    Outbox.objects.update(attempts=outbox.MAX_ATTEMPTS - 1)
    outbox.drain()
    row.refresh_from_db()
    assert row.state == "failed"

    monkeypatch.undo()
    assert outbox.send_again(Outbox.objects.all()) == 1
    outbox.drain()

    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 1)


def test_the_attempts_reach_over_more_than_a_day():
    pauses = [outbox.pause_after(attempt) for attempt in range(1, outbox.MAX_ATTEMPTS)]

    assert sum(pauses, timedelta()) > timedelta(hours=24)
    assert max(pauses) <= timedelta(hours=1.25), "nor is mail kept long after an outage"


def test_a_mail_whose_worker_died_is_taken_up_when_its_lease_is_over(row):
    assert outbox._claim() == row
    assert outbox.drain() == 0, "the lease still holds"

    Outbox.objects.update(leased_until=timezone.now())
    assert outbox.drain() == 1

    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 2)


def test_a_mail_that_kills_each_worker_is_given_up(row):
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox._claim()
        Outbox.objects.update(leased_until=timezone.now())

    outbox.drain()

    row.refresh_from_db()
    assert row.state == "failed"
    assert mail.outbox == []


def test_a_worker_that_was_given_up_for_dead_marks_nothing(row):
    late = outbox._claim()
    Outbox.objects.update(leased_until=timezone.now())
    outbox._claim()

    outbox._work(late)

    row.refresh_from_db()
    assert (row.state, row.attempts) == ("leased", 2)


def test_one_bad_mail_does_not_hold_up_the_others(row, monkeypatch):
    good = order_for({make_sku(): 1})
    Outbox.objects.filter(kind=outbox.NEW_ORDER).delete()
    send = outbox._handlers[outbox.ORDER_PLACED]

    def send_or_fail(one):
        if one.pk == row.pk:
            raise ValueError("broken template")
        send(one)

    monkeypatch.setitem(outbox._handlers, outbox.ORDER_PLACED, send_or_fail)

    assert outbox.drain() == 2
    assert Outbox.objects.get(order=good).state == "sent"
    row.refresh_from_db()
    assert row.last_error == "ValueError: broken template"


def test_the_bell_is_rung_after_the_commit_only(monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr("orders.tasks.drain_outbox.apply_async", lambda **o: rung.append(o))
    sku = make_sku()

    with django_capture_on_commit_callbacks(execute=True):
        order_for({sku: 1})
        assert rung == []

    assert rung == [{"expires": 30}]


def test_a_broker_that_is_away_is_asked_once_in_a_while_and_never_an_error(monkeypatch):
    asked = []

    def refuse(**_options):
        asked.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr("orders.tasks.drain_outbox.apply_async", refuse)
    monkeypatch.setattr(bell, "_broker", Breaker("broker", 30))

    outbox.ring()
    outbox.ring()

    assert len(asked) == 1


def test_whoever_must_know_is_told_when_something_is_given_up(row, monkeypatch):
    told = []
    monkeypatch.setitem(outbox._given_up, outbox.ORDER_PLACED, told.append)
    fail_with(monkeypatch, TimeoutError("silent"))

    outbox.drain()
    assert told == []

    Outbox.objects.update(attempts=outbox.MAX_ATTEMPTS - 1, next_at=timezone.now())
    outbox.drain()
    assert told == [row]


def test_only_what_was_given_up_is_sent_again(row):
    outbox.drain()
    waiting = outbox.owe("order:1:later", outbox.ORDER_PLACED, order=row.order)

    assert outbox.send_again(Outbox.objects.all()) == 0

    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.state, waiting.state) == ("sent", "queued")


def test_what_waits_for_a_later_attempt_is_sent_at_once_and_goes_on_counting(row):
    later = timezone.now() + timedelta(hours=1)
    Outbox.objects.filter(pk=row.pk).update(attempts=7, next_at=later)
    assert outbox.drain() == 0

    assert outbox.send_again(Outbox.objects.all()) == 1
    outbox.drain()

    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 8)


def owe_refund():
    return Outbox.objects.create(key="order:1:refund:1", kind=outbox.REFUND)


@pytest.fixture
def worked(monkeypatch):
    """The kinds that are worked off, in their order; no refund reaches a gateway."""
    kinds = []
    monkeypatch.setitem(outbox._handlers, outbox.REFUND, lambda row: kinds.append(row.kind))
    monkeypatch.setitem(outbox._handlers, outbox.ORDER_PLACED, lambda row: kinds.append(row.kind))
    return kinds


def test_money_goes_before_mails_that_have_waited_longer(row, worked):
    owe_refund()

    outbox.drain()

    assert worked == [outbox.REFUND, outbox.ORDER_PLACED]


def test_a_refund_waits_for_one_mail_at_most_while_the_mail_server_is_silent(
    row, worked, monkeypatch
):
    for number in range(3):
        Outbox.objects.create(key=f"order:{number}:more", kind=outbox.ORDER_PLACED)

    def wait_in_vain(mail_row):
        if not worked:
            owe_refund()
        worked.append(mail_row.kind)
        raise TimeoutError("silent")

    monkeypatch.setitem(outbox._handlers, outbox.ORDER_PLACED, wait_in_vain)

    outbox.drain()

    assert worked[:2] == [outbox.ORDER_PLACED, outbox.REFUND]
    assert len(worked) == 5


def test_what_is_no_longer_needed_ends_with_its_reason_and_is_not_tried_again(row, monkeypatch):
    fail_with(monkeypatch, outbox.NoLongerNeededError("it was paid since"))

    outbox.drain()

    row.refresh_from_db()
    assert (row.state, row.last_error, row.attempts) == ("dropped", "it was paid since", 1)
    assert outbox.drain() == 0


def old_row(key, state, kind=outbox.ORDER_PLACED, days=91):
    then = timezone.now() - timedelta(days=days)
    sent = then if state == "sent" else None
    return Outbox.objects.create(
        key=key, kind=kind, state=state, created=then, next_at=then, sent_at=sent
    )


def test_what_ended_long_ago_is_forgotten_and_nothing_else(row, monkeypatch):
    monkeypatch.setattr(outbox, "FORGOTTEN_AT_ONCE", 2)
    for number in range(3):
        old_row(f"sent:{number}", "sent")
    old_row("dropped", "dropped")
    for state in ("queued", "leased", "failed"):
        old_row(state, state)
    old_row("sent lately", "sent", days=89)
    old_row("unknown", "sent", kind="somebody_elses")

    assert outbox.forget_old() == 4

    left = set(Outbox.objects.values_list("key", flat=True))
    assert left == {row.key, "queued", "leased", "failed", "sent lately", "unknown"}
