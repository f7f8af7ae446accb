"""The newsletter's desk in the Wagtail admin."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from catalog.tests.factories import make_category
from orders import outbox
from social.models import Sending, Subscriber
from social.newsletter import delivering, sending
from social.tests.newsletters import make_issue, make_subscriber

pytestmark = pytest.mark.django_db

State = Sending.State


@pytest.fixture
def issue(db):
    return make_issue()


@pytest.fixture
def send_url(issue):
    return reverse("newsletter_desk:send", args=[issue.pk])


def url(name, *args):
    return reverse(f"newsletter_desk:{name}", args=args)


def test_an_issue_is_sent_in_two_steps_and_the_second_says_to_how_many(
    editor, client, issue, send_url
):
    make_subscriber("ada@example.com")
    make_subscriber("bob@example.com")
    page = client.get(send_url).content.decode()
    assert "All subscribers: 2" in page
    assert "Members: 0" in page

    choice = {"segment": "all", "when": "now", "begins": "", "category": ""}
    asked = client.post(send_url, {**choice, "plan": "1"}).content.decode()
    assert "Send “Spring prints” to 2 recipients now?" in asked
    assert not Sending.objects.exists()

    answer = client.post(send_url, {**choice, "agreed": "1"})
    planned = Sending.objects.get()
    assert answer.url == url("sending", planned.pk)
    assert planned.created_by == editor
    assert "This issue has a sending already" in client.get(send_url).content.decode()
    client.post(send_url, {**choice, "agreed": "1"})
    assert Sending.objects.count() == 1


def test_it_is_planned_in_the_time_of_the_editor(editor, client, send_url):
    make_subscriber()
    UserProfile.objects.update_or_create(user=editor, defaults={"current_time_zone": "Asia/Seoul"})
    choice = {"segment": "all", "when": "later", "begins": "2030-05-01 09:00", "category": ""}
    assert "Time zone: Asia/Seoul" in client.get(send_url).content.decode()

    client.post(send_url, {**choice, "agreed": "1"})

    assert Sending.objects.get().begins.isoformat() == "2030-05-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"segment": "all", "when": "later", "begins": "2001-01-01 10:00"}, "moment has passed"),
        ({"segment": "all", "when": "later", "begins": "9999-12-31 23:00"}, "valid date/time"),
        ({"segment": "all", "when": "later", "begins": "0001-01-01 01:00"}, "moment has passed"),
        ({"segment": "all", "when": "later", "begins": ""}, "Say when it begins"),
        ({"segment": "all", "when": "later", "begins": "soon"}, "Enter a valid date/time"),
        ({"segment": "buyers", "when": "now"}, "Choose the category"),
        ({"segment": "everybody", "when": "now"}, "Select a valid choice"),
        ({"segment": "members", "when": "now"}, "Nobody would get it"),
        ({"segment": "buyers", "when": "now", "category": "9" * 30}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_planned_comes_back_with_a_sentence(
    editor, client, send_url, choice, sentence
):
    make_subscriber()
    UserProfile.objects.update_or_create(
        user=editor, defaults={"current_time_zone": "America/New_York"}
    )
    assert sentence in client.post(send_url, choice).content.decode()
    assert not Sending.objects.exists()


def test_buyers_of_a_category_are_chosen_from_those_of_the_issues_language(
    editor, client, send_url
):
    prints = make_category("Prints")
    page = client.get(send_url).content.decode()
    assert f'<option value="{prints.pk}">Prints</option>' in page


def test_only_what_is_published_can_be_sent(editor, client, issue, send_url):
    make_subscriber()
    issue.unpublish()

    assert "Only what is published can be sent" in client.get(send_url).content.decode()
    client.post(send_url, {"segment": "all", "when": "now", "agreed": "1"})
    assert not Sending.objects.exists()


def test_a_copy_that_follows_an_issue_is_not_sent_and_leads_to_it(editor, client, issue, send_url):
    make_subscriber()
    alias = issue.create_alias(parent=issue.get_parent(), update_slug="alias")
    alias_url = url("send", alias.pk)

    assert f'href="{send_url}"' in client.get(alias_url).content.decode()
    client.post(alias_url, {"segment": "all", "when": "now", "agreed": "1"})
    assert not Sending.objects.exists()


def test_a_test_shows_the_draft_and_goes_to_a_few_addresses_only(editor, client, issue, send_url):
    issue.title = "A better title"
    issue.save_revision()
    assert "editor@example.com" in client.get(send_url).content.decode()

    client.post(send_url, {"addresses": "a@example.com, b@example.com\na@example.com", "test": "1"})
    outbox.drain()

    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.com", "b@example.com"]
    assert {message.subject for message in mail.outbox} == {"[Test] A better title"}
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


@pytest.mark.parametrize(
    ("addresses", "sentence"),
    [
        ("", "This field is required"),
        ("nobody", "“nobody” is no email address"),
        (" ".join(f"r{n}@example.com" for n in range(6)), "These are 6 addresses"),
        ("a\x00@example.com", "Null characters are not allowed"),
    ],
)
def test_addresses_that_are_none_come_back(editor, client, send_url, addresses, sentence):
    page = client.post(send_url, {"addresses": addresses, "test": "1"}).content.decode()
    assert sentence in page


def test_how_far_it_is_and_what_went_wrong(editor, client, issue):
    readers = [make_subscriber(f"r{number}@example.com") for number in range(5)]
    planned = sending.plan(issue, "all", user=editor)
    page = client.get(url("state", planned.pk)).content.decode()
    assert "Begins on" in page
    assert "data-job-unfinished" in page
    sending.begin_due()
    rows = planned.deliveries
    rows.filter(subscriber__in=readers[:2]).update(state="sent", sent=timezone.now())
    rows.filter(subscriber=readers[2]).update(state="failed", error="550 no such user")
    rows.filter(subscriber=readers[3]).update(state="unknown", error="the worker died")
    Sending.objects.update(began=timezone.now() - timedelta(seconds=60))

    page = client.get(url("sending", planned.pk)).content.decode()
    for words in (
        "2 of 5 sent (80 % done)",
        "2 a minute",
        "about 1 minute left",
        "Refused by the mail server: 1",
        'value="80"',
    ):
        assert words in page
    listed = client.get(url("deliveries", planned.pk) + "?state=failed&state=unknown")
    text = listed.content.decode()
    assert "550 no such user" in text
    assert "r3@example.com" in text
    assert "r0@example.com" not in text
    found = client.get(url("deliveries_results", planned.pk) + "?q=r4").content.decode()
    assert "r4@example.com" in found
    assert "r3@example.com" not in found


def test_pause_go_on_cancel(editor, client, issue):
    make_subscriber()
    planned = sending.plan(issue, "all", user=editor)
    sending.begin_due()

    def press(action):
        client.post(url("act", planned.pk, action))
        planned.refresh_from_db()
        return planned.state

    assert press("go-on") == State.RUNNING
    assert press("pause") == State.PAUSED
    assert press("go-on") == State.RUNNING
    assert (
        "1 recipient has not got it" in client.get(url("cancelling", planned.pk)).content.decode()
    )
    assert press("cancel") == State.CANCELLED
    assert press("go-on") == State.CANCELLED
    assert "Not sent: 1" in client.get(url("sending", planned.pk)).content.decode()
    assert client.post(url("act", planned.pk, "explode")).status_code == 404
    assert client.get(url("act", planned.pk, "pause")).status_code == 405


def test_a_planned_one_gets_another_moment(editor, client, issue):
    make_subscriber()
    later = timezone.now() + timedelta(days=1)
    planned = sending.plan(issue, "all", user=editor, begins=later)
    page = client.post(url("moment", planned.pk), {"begins": "2001-01-01 10:00"})
    assert "This moment has passed" in page.content.decode()

    client.post(url("moment", planned.pk), {"begins": "2031-01-01 10:00"})

    planned.refresh_from_db()
    assert planned.begins.year == 2031


def test_the_list_of_sendings(editor, client, issue, django_assert_max_num_queries):
    make_subscriber()
    sending.plan(issue, "all", user=editor)
    for number in range(10):
        other = make_issue(f"Issue {number}")
        sending.cancel(sending.plan(other, "all", user=editor))
    client.get(url("index"))
    with django_assert_max_num_queries(25):
        page = client.get(url("index")).content.decode()
    assert "Spring prints" in page
    assert "Issue 9" in page
    only = client.get(url("results") + "?state=planned").content.decode()
    assert "Spring prints" in only
    assert "Issue 9" not in only


def test_subscribers_are_listed_searched_narrowed_down_and_deleted(editor, client):
    ada = make_subscriber("ada@example.com", user=editor)
    make_subscriber("bob@example.com", state=Subscriber.State.LEFT)
    index = reverse("shop_subscribers:index")
    page = client.get(index).content.decode()
    assert "ada@example.com" in page
    assert "unsubscribed" in page
    results = reverse("shop_subscribers:results")
    for query, found in (
        ("q=ADA", {"ada"}),
        ("q=editor", {"ada"}),
        ("q=%00", {"ada", "bob"}),
        ("state=left", {"bob"}),
        ("is_member=true", {"ada"}),
        ("language=ko", set()),
    ):
        text = client.get(f"{results}?{query}").content.decode()
        assert {name for name in ("ada", "bob") if f"{name}@example.com" in text} == found, query

    gone = reverse("shop_subscribers:delete", args=[ada.pk])
    assert "ada@example.com" in client.get(gone).content.decode()
    client.post(gone)
    assert Subscriber.objects.filter(pk=ada.pk).count() == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_has_those_who_confirmed_and_no_formula(editor, client, kind):
    make_subscriber("ada@example.com")
    make_subscriber("=cmd()@example.com")
    make_subscriber("bob@example.com", state=Subscriber.State.ASKED)
    answer = client.get(reverse("shop_subscribers:index"), {"export": kind})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind == "xlsx":
        from io import BytesIO

        from openpyxl import load_workbook

        rows = load_workbook(BytesIO(content)).active.values
        text = "\n".join(str(row[0]) for row in rows)
    else:
        text = content.decode()
    assert "ada@example.com" in text
    assert "'=cmd()@example.com" in text
    assert "bob@example.com" not in text


@pytest.mark.parametrize(
    ("group", "status"), [("Marketer", 200), ("Owner", 200), ("Merchandiser", 302)]
)
def test_marketers_and_owners_send_and_others_do_not(
    client, django_user_model, issue, send_url, group, status
):
    user = django_user_model.objects.create_user("mo", "mo@example.com", "secret")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    planned = sending.plan(issue, "all", user=None, begins=timezone.now() + timedelta(days=1))
    for address in (
        send_url,
        url("index"),
        url("sending", planned.pk),
        url("state", planned.pk),
        url("deliveries", planned.pk),
        url("cancelling", planned.pk),
        url("moment", planned.pk),
        reverse("shop_subscribers:index"),
    ):
        assert client.get(address).status_code == status, address
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (url("index") in menu) == (status == 200)
    client.post(url("act", planned.pk, "cancel"))
    planned.refresh_from_db()
    assert (planned.state == State.CANCELLED) == (status == 200)


def test_the_editor_of_an_issue_leads_to_its_sending(editor, client, issue, send_url):
    edit = reverse("wagtailadmin_pages:edit", args=[issue.pk])
    assert send_url in client.get(edit).content.decode()
    for number in (10**6, 10**30):
        assert client.get(url("send", number)).status_code == 404
        assert client.get(url("sending", number)).status_code == 404
        assert client.get(url("deliveries", number)).status_code == 404


def test_a_sending_that_is_held_says_why(editor, client, issue, monkeypatch):
    make_subscriber()

    def fail(_page):
        raise RuntimeError("no template")

    monkeypatch.setattr(delivering.issue, "render", fail)
    planned = sending.plan(issue, "all", user=editor)
    sending.begin_due()
    delivering.work()

    page = client.get(url("sending", planned.pk)).content.decode()
    assert "RuntimeError: no template" in page
    assert "until you let it go on" in page
