"""An issue goes to each recipient once, whatever happens meanwhile."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.tests.factories import make_category, make_page, make_sku
from orders.models import Order, Outbox
from orders.tests.factories import order_for, paid
from orders.tests.test_races import race
from social import tasks
from social.models import Delivery, Sending, Subscriber
from social.models.newsletter import Segment
from social.newsletter import delivering, segments, sending, subscribing
from social.newsletter.pace import Pace
from social.tests.newsletters import make_issue, make_subscriber

pytestmark = pytest.mark.django_db

State = Sending.State


@pytest.fixture(autouse=True)
def _no_waiting(settings):
    settings.NEWSLETTER_MAILS_PER_MINUTE = 0


@pytest.fixture
def issue(db):
    return make_issue()


def work(**options) -> int:
    """What both tasks of a worker do."""
    sending.begin_due()
    return delivering.work(**options)


def send(issue, **options) -> Sending:
    planned = sending.plan(issue, options.pop("segment", Segment.ALL), user=None, **options)
    work()
    planned.refresh_from_db()
    return planned


def states(of: Sending) -> dict[str, str]:
    return dict(of.deliveries.values_list("subscriber__email", "state"))


def received() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


class Refusing(EmailBackend):
    """Takes mails until it finds an address among its errors."""

    errors: dict[str, list[Exception]] = {}
    opens: list[Exception] = []

    def open(self):
        if self.opens:
            raise self.opens.pop(0)

    def send_messages(self, messages):
        for message in messages:
            if waiting := self.errors.get(message.to[0]):
                raise waiting.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    Refusing.errors, Refusing.opens = {}, []
    return Refusing


def test_it_goes_to_all_who_confirmed_and_to_nobody_else(issue):
    for name in ("ada", "bob"):
        make_subscriber(f"{name}@example.com")
    make_subscriber(state=Subscriber.State.ASKED)
    make_subscriber(state=Subscriber.State.LEFT)

    sent = send(issue)

    assert received() == ["ada@example.com", "bob@example.com"]
    assert (sent.state, sent.problem, sent.lease) == (State.DONE, "", "")
    assert sent.ended is not None
    assert set(states(sent).values()) == {"sent"}
    assert not Outbox.objects.exists()


def test_an_issue_is_planned_once_until_it_is_cancelled(issue):
    later = timezone.now() + timedelta(hours=1)
    first = sending.plan(issue, Segment.ALL, user=None, begins=later)
    with pytest.raises(sending.SentAlreadyError):
        sending.plan(issue, Segment.ALL, user=None)

    assert sending.cancel(first)
    assert not sending.cancel(first)
    assert sending.plan(issue, Segment.ALL, user=None).state == State.PLANNED


def test_it_begins_at_its_moment_and_can_be_planned_anew(issue):
    make_subscriber()
    planned = send(issue, begins=timezone.now() + timedelta(hours=1))
    assert (planned.state, mail.outbox) == (State.PLANNED, [])

    assert sending.plan_anew(planned, timezone.now())
    work()

    planned.refresh_from_db()
    assert planned.state == State.DONE
    assert len(mail.outbox) == 1
    assert not sending.plan_anew(planned, timezone.now())


def test_an_issue_that_is_not_published_by_then_is_not_sent(issue):
    make_subscriber()
    issue.unpublish()

    planned = send(issue)

    assert planned.state == State.CANCELLED
    assert planned.problem == "When it was to begin, the issue was not published."
    assert mail.outbox == []


def test_a_copy_that_follows_another_issue_is_not_sent_and_keeps_no_other_waiting(issue):
    make_subscriber()
    alias = issue.create_alias(parent=issue.get_parent(), update_slug="alias")
    of_alias = sending.plan(alias, Segment.ALL, user=None)

    assert send(issue).state == State.DONE
    of_alias.refresh_from_db()
    assert of_alias.state == State.CANCELLED
    assert len(received()) == 1


def test_with_nobody_to_send_it_to_it_is_done(issue):
    assert send(issue).state == State.DONE


def test_its_words_are_those_of_when_it_began(issue, monkeypatch):
    make_subscriber("ada@example.com")
    make_subscriber("bob@example.com")
    planned = sending.plan(issue, Segment.ALL, user=None)
    monkeypatch.setattr(delivering, "CHUNK", 1)
    monkeypatch.setattr(delivering, "_others_wait", lambda: True)
    work()
    assert len(mail.outbox) == 1

    issue.title = "Something else"
    issue.save_revision().publish()
    work()

    assert [message.subject for message in mail.outbox] == ["Spring prints"] * 2
    planned.refresh_from_db()
    assert planned.state == State.DONE


def test_whoever_unsubscribed_meanwhile_is_skipped(issue):
    ada, bob = make_subscriber("ada@example.com"), make_subscriber("bob@example.com")
    planned = sending.plan(issue, Segment.ALL, user=None)
    sending.begin_due()
    subscribing.leave(ada)

    work()

    assert states(planned) == {ada.email: "skipped", bob.email: "sent"}
    assert received() == ["bob@example.com"]


def test_a_paused_sending_sends_nothing_until_it_goes_on(issue):
    make_subscriber()
    planned = sending.plan(issue, Segment.ALL, user=None)
    sending.begin_due()
    assert sending.pause(planned)
    work()
    assert mail.outbox == []

    assert sending.go_on(planned)
    work()
    assert len(mail.outbox) == 1


def test_it_stops_at_the_very_next_mail(issue, server, monkeypatch):
    for _number in range(5):
        make_subscriber()
    planned = sending.plan(issue, Segment.ALL, user=None)
    real = Refusing.send_messages

    def pause_after_two(self, messages):
        if len(mail.outbox) == 1:
            sending.pause(planned)
        return real(self, messages)

    monkeypatch.setattr(Refusing, "send_messages", pause_after_two)
    assert work() == 2

    counts = sending.figures(planned)
    assert (counts.sent, counts.waiting) == (2, 3)


def test_an_issue_that_is_unpublished_meanwhile_is_held(issue):
    make_subscriber()
    planned = sending.plan(issue, Segment.ALL, user=None)
    sending.begin_due()
    issue.unpublish()
    assert delivering.work() == 0
    planned.refresh_from_db()
    assert (planned.state, planned.problem) == (
        State.PAUSED,
        "The issue is not published any more.",
    )

    issue.save_revision().publish()
    assert sending.go_on(planned)
    assert delivering.work() == 1


def test_what_a_cancelled_sending_left_over_another_one_takes_up_and_nobody_gets_it_twice(issue):
    ada, bob = make_subscriber("ada@example.com"), make_subscriber("bob@example.com")
    first = sending.plan(issue, Segment.ALL, user=None)
    sending.begin_due()
    first.deliveries.filter(subscriber=ada).update(state="sent")
    sending.cancel(first)
    assert list(segments.recipients(issue, Segment.ALL)) == [bob]

    second = send(issue)

    assert received() == ["bob@example.com"]
    assert states(first) == {ada.email: "sent"}
    assert states(second) == {bob.email: "sent"}


def test_segments(issue, django_user_model):
    prints, frames = make_category("Prints"), make_category("Frames")
    small = make_category("Small prints", parent=prints)
    linked = django_user_model.objects.create_user("ada", "ada@example.com", "secret")
    django_user_model.objects.create_user("bob", "BOB@example.com", "secret")
    gone = django_user_model.objects.create_user("eve", "eve@example.com", "x", is_active=False)
    ada = make_subscriber("other@example.com", user=linked)
    bob = make_subscriber("bob@example.com")
    eve = make_subscriber("eve@example.com", user=gone)
    cyd = make_subscriber("cyd@example.com")
    make_subscriber("asked@example.com", user=linked, state=Subscriber.State.ASKED)
    of_prints = make_sku(make_page("Dune", small))
    of_frames = make_sku(make_page("Oak", frames))
    paid(order_for({of_prints: 1}, email="CYD@example.com"))
    paid(order_for({of_prints: 1}, email="x@example.com", user=linked))
    order_for({of_prints: 1}, email="bob@example.com")
    paid(order_for({of_frames: 1}, email="bob@example.com"))

    def names(segment, category=None):
        return set(segments.recipients(issue, segment, category))

    assert names(Segment.ALL) == {ada, bob, eve, cyd}
    assert names(Segment.MEMBERS) == {ada, bob}
    assert names(Segment.BUYERS, prints) == {ada, cyd}
    assert names(Segment.BUYERS, small) == {ada, cyd}
    assert names(Segment.BUYERS, frames) == {bob}
    assert names(Segment.BUYERS) == set()
    assert Order.objects.count() == 4


@pytest.mark.postgresql
def test_all_members_and_buyers_are_found_at_once_and_not_for_each_subscriber(issue):
    prints = make_category("Prints")
    for segment in Segment:
        plan = segments.recipients(issue, segment, prints).explain()
        assert "SubPlan" not in plan, plan


@pytest.mark.postgresql
def test_the_next_ones_are_read_in_the_order_of_an_index(issue):
    sending.plan(issue, Segment.ALL, user=None)
    make_subscriber()
    sending.begin_due()
    with CaptureQueriesContext(connection) as queries:
        assert len(delivering.Turn(Sending.objects.get(), 0.0)._next_rows()) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor)
    assert "Sort" not in plan, plan


def test_nobody_gets_an_issue_in_two_languages(issue, korean):
    english = make_subscriber("en@example.com")
    other = make_subscriber("ko@example.com", language="ko")
    assert set(segments.recipients(issue, Segment.ALL)) == {english, other}

    translation = issue.copy_for_translation(korean, copy_parents=True)
    translation.title = "봄"
    translation.save_revision().publish()
    assert set(segments.recipients(issue, Segment.ALL)) == {english}

    send(issue)
    english.language = "ko"
    english.save()
    send(translation)
    assert received() == ["en@example.com", "ko@example.com"]
    assert mail.outbox[1].subject == "봄"
    assert mail.outbox[1].extra_headers["Content-Language"] == "ko"
    assert "/ko/subscriptions/" in mail.outbox[1].extra_headers["List-Unsubscribe"]


@pytest.fixture
def korean(db):
    from wagtail.models import Locale

    return Locale.objects.get_or_create(language_code="ko")[0]


LATER = smtplib.SMTPRecipientsRefused({"ada@example.com": (450, b"try later")})
NEVER = smtplib.SMTPRecipientsRefused({"ada@example.com": (550, b"no such user")})


def test_an_address_that_is_refused_for_good_has_failed_and_the_others_go_on(issue, server):
    ada, bob = make_subscriber("ada@example.com"), make_subscriber("bob@example.com")
    server.errors = {ada.email: [NEVER]}

    sent = send(issue)

    assert states(sent) == {ada.email: "failed", bob.email: "sent"}
    assert sent.deliveries.get(subscriber=ada).error == "550 no such user"
    assert sent.state == State.DONE


def test_an_address_that_is_refused_for_now_is_tried_again_some_times(issue, server):
    ada = make_subscriber("ada@example.com")
    server.errors = {ada.email: [LATER] * 9}
    planned = send(issue)
    row = planned.deliveries.get()
    assert (row.state, row.attempts, planned.state) == ("waiting", 1, State.RUNNING)
    assert timedelta(minutes=4) < row.next_at - timezone.now() < timedelta(minutes=6)

    for _time in range(6):
        planned.deliveries.update(next_at=timezone.now())
        work()

    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("failed", 5, "450 try later")
    planned.refresh_from_db()
    assert planned.state == State.DONE


def test_what_breaks_off_is_unknown_and_not_sent_again(issue, server):
    ada, bob = make_subscriber("ada@example.com"), make_subscriber("bob@example.com")
    server.errors = {ada.email: [smtplib.SMTPServerDisconnected("gone")]}

    sent = send(issue)
    work()

    assert states(sent) == {ada.email: "unknown", bob.email: "sent"}
    assert received() == ["bob@example.com"]


def test_a_server_that_breaks_off_again_and_again_holds_the_sending(issue, server):
    for number in range(10):
        reader = make_subscriber()
        server.errors[reader.email] = [TimeoutError(f"timed out {number}")]

    held = send(issue)

    assert held.state == State.PAUSED
    assert held.problem.startswith("TimeoutError: timed out")
    assert sending.figures(held).unknown == 3
    assert sending.figures(held).waiting == 7


def test_a_server_that_is_away_costs_no_row_an_attempt(issue, server):
    make_subscriber()
    server.opens = [ConnectionRefusedError("refused")]
    held = send(issue)
    assert (held.state, held.problem) == (State.RUNNING, "ConnectionRefusedError: refused")
    assert held.deliveries.get().attempts == 0

    work()

    held.refresh_from_db()
    assert (held.state, held.problem) == (State.DONE, "")
    assert len(mail.outbox) == 1


def test_a_sender_that_is_refused_is_the_shops_mistake_and_holds_the_sending(issue, server):
    ada = make_subscriber("ada@example.com")
    server.errors = {ada.email: [smtplib.SMTPSenderRefused(553, b"not you", "shop@localhost")]}

    held = send(issue)

    assert held.state == State.PAUSED
    assert "553" in held.problem
    row = held.deliveries.get()
    assert (row.state, row.attempts) == ("waiting", 0)
    sending.go_on(held)
    work()
    assert received() == ["ada@example.com"]


def test_an_issue_that_cannot_be_made_holds_the_sending(issue, monkeypatch):
    make_subscriber()

    def fail(_page):
        raise RuntimeError("no template")

    monkeypatch.setattr(delivering.issue, "render", fail)
    held = send(issue)

    assert (held.state, held.problem) == (State.PAUSED, "RuntimeError: no template")
    assert mail.outbox == []


def test_words_that_can_be_read_no_more_hold_the_sending_and_no_other_one(issue, monkeypatch):
    make_subscriber()
    other = make_issue("Summer prints")
    planned = sending.plan(issue, Segment.ALL, user=None)
    sending.begin_due()

    def fail(_revision):
        raise LookupError("no such model")

    monkeypatch.setattr("wagtail.models.Revision.as_object", fail)
    assert delivering.work() == 0
    monkeypatch.undo()
    assert send(other).state == State.DONE
    planned.refresh_from_db()
    assert (planned.state, planned.problem) == (State.PAUSED, "LookupError: no such model")


def test_a_clock_that_was_set_back_keeps_nobody_waiting(issue):
    make_subscriber()
    planned = sending.plan(issue, Segment.ALL, user=None)
    sending.begin_due()
    rows = Sending.objects.filter(pk=planned.pk)
    rows.update(leased_until=timezone.now() + timedelta(seconds=60))
    assert delivering.work() == 0
    rows.update(leased_until=timezone.now() + timedelta(days=1))
    assert delivering.work() == 1


def test_a_row_whose_worker_died_is_unknown_and_not_sent_again(issue):
    ada, bob = make_subscriber("ada@example.com"), make_subscriber("bob@example.com")
    planned = sending.plan(issue, Segment.ALL, user=None)
    sending.begin_due()
    long_ago = timezone.now() - delivering.LEASE - timedelta(seconds=1)
    planned.deliveries.filter(subscriber=ada).update(state="sending", claimed=long_ago)
    Sending.objects.update(lease="dead", leased_until=timezone.now() + timedelta(seconds=5))
    assert work() == 0

    Sending.objects.update(leased_until=timezone.now())
    assert work() == 1

    assert states(planned) == {ada.email: "unknown", bob.email: "sent"}
    planned.refresh_from_db()
    assert planned.state == State.DONE


def test_the_message_id_belongs_to_page_and_subscriber(issue):
    reader = make_subscriber()
    rendered = delivering.issue.render(issue)
    first, again = (
        delivering.issue.message(rendered, issue.pk, reader).extra_headers["Message-ID"]
        for _time in range(2)
    )
    other = delivering.issue.message(rendered, issue.pk, make_subscriber())
    assert first == again != other.extra_headers["Message-ID"]


def test_mails_of_orders_go_first(issue, monkeypatch):
    monkeypatch.setattr(delivering, "CHUNK", 2)
    for _number in range(5):
        make_subscriber()
    order_for({make_sku(): 1})
    Outbox.objects.update(next_at=timezone.now() - timedelta(minutes=1))

    planned = send(issue)

    assert sending.figures(planned).sent == 2
    assert planned.state == State.RUNNING


def test_mails_leave_evenly_and_never_in_a_crowd():
    now, slept = [100.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(30, clock=lambda: now[0], sleep=sleep)
    assert [pace.wait(end=120) for _time in range(3)] == [True] * 3
    assert slept == [0, 2, 2]
    now[0] += 10
    assert [pace.wait(end=119) for _time in range(4)] == [True, True, True, False]
    assert slept[3:] == [0, 2, 2]
    assert now[0] == 118


def test_a_turn_that_ends_before_its_next_mail_may_leave_keeps_others_waiting(issue, settings):
    settings.NEWSLETTER_MAILS_PER_MINUTE = 6
    for _number in range(2):
        make_subscriber()
    planned = sending.plan(issue, Segment.ALL, user=None)

    assert work(budget=5) == 1
    assert work(budget=5) == 0

    planned.refresh_from_db()
    assert timedelta(seconds=8) < planned.leased_until - timezone.now() < timedelta(seconds=10)


def test_a_worker_that_has_done_something_rings_for_the_next_turn(issue, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.sending, "ring", lambda: rung.append(1))
    make_subscriber()
    sending.plan(issue, Segment.ALL, user=None)

    assert (tasks.begin_newsletters(), tasks.begin_newsletters()) == (1, 0)
    assert (tasks.send_newsletter(), tasks.send_newsletter()) == (1, 0)
    assert rung == [1, 1]


def test_begin_counts_queries_not_recipients(issue, django_assert_max_num_queries):
    Subscriber.objects.bulk_create(
        Subscriber(email=f"r{n}@example.com", language="en", state="confirmed") for n in range(1000)
    )
    planned = sending.plan(issue, Segment.ALL, user=None)
    with django_assert_max_num_queries(12):
        sending.begin_due()
    assert planned.deliveries.count() == 1000
    with django_assert_max_num_queries(2):
        assert sending.figures(planned).waiting == 1000


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_workers_at_once_send_each_mail_once(settings):
    settings.NEWSLETTER_MAILS_PER_MINUTE = 0
    issue = make_issue()
    for _number in range(30):
        make_subscriber()
    planned = sending.plan(issue, Segment.ALL, user=None)

    results = race(lambda _: work(), 6)

    assert sum(results) == 30, results
    assert len(set(received())) == len(received()) == 30
    planned.refresh_from_db()
    assert planned.state == State.DONE


def claim_many(times: int) -> list[object]:
    make_subscriber()
    planned = sending.plan(make_issue(), Segment.ALL, user=None)
    sending.begin_due()
    row = Delivery.objects.select_related("subscriber").get()
    planned.refresh_from_db()
    return race(lambda _: delivering.claim(row, planned), times)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_workers_without_a_lease_one_claims_a_row():
    assert sorted(claim_many(8)) == [False] * 7 + [True]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_the_condition_all_of_them_would_claim_it(monkeypatch):
    """The control: read, then write."""

    def carelessly(row, own):
        if Delivery.objects.get(pk=row.pk).state != "waiting":
            return False
        barrier.wait(timeout=30)
        return bool(Delivery.objects.filter(pk=row.pk).update(state="sending"))

    from threading import Barrier

    barrier = Barrier(8)
    monkeypatch.setattr(delivering, "claim", carelessly)
    assert claim_many(8) == [True] * 8
