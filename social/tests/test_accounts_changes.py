"""Passwords forgotten and changed, another address, and the devices somebody is logged in on."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import Outbox
from social.accounts import NOWHERE
from social.devices import words_for
from social.models import User
from social.tests.accounts import (
    NEW_PASSWORD,
    PASSWORD,
    confirm_password,
    link,
    log_in,
    logged_in,
    mails,
    member,
)
from social.tests.test_accounts import errors, page

pytestmark = pytest.mark.django_db
RESET = "/account/password/reset/"
EMAIL = "/account/email/"
SESSIONS = "/account/sessions/"
NEW = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def asked_for_reset(email="ada@example.com"):
    client = Client()
    assert client.post(RESET, {"email": email}).url == f"{RESET}done/"
    assert "Look into your mail" in page(client.get(f"{RESET}done/"))
    return mails()


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(client):
    user = member()
    elsewhere = logged_in()
    [message] = asked_for_reset("ADA@example.com")
    assert message.to == ["ada@example.com"]

    form = client.get(link(message))
    assert form.url.endswith("-set-password/"), "the key is not in the address of the form"
    assert "Choose a new password" in page(client.get(form.url))
    bad = client.post(form.url, {"password1": "short", "password2": "short"})
    assert "password1" in errors(bad)
    done = client.post(form.url, NEW)

    assert done.url == f"{RESET}key/done/"
    assert "Your new password is saved" in page(client.get(done.url))
    assert log_in(client, "ada", NEW_PASSWORD).url == "/account/"
    assert elsewhere.get("/account/").status_code == 302
    assert "This link does not work any more" in page(Client().get(link(message)))
    [news] = mails()
    assert news.subject == "Your password at Storefront was changed"
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


@pytest.mark.parametrize("key", ["1-nonsense", "zzzzzzzzzzzzz-a", "0-x", "1-set-password"])
def test_a_forged_link_resets_nothing(client, key):
    assert "This link does not work any more" in page(client.get(f"{RESET}key/{key}/"))


def test_an_address_without_an_account_is_told_by_mail_only():
    member("grace")

    [message] = asked_for_reset("nobody@example.com")

    assert message.to == ["nobody@example.com"]
    assert "no account" in message.body
    assert asked_for_reset("grace@example.com")[0].to == ["grace@example.com"]


def test_an_address_that_waits_for_proof_gets_no_way_into_the_account():
    ada = member()
    ada.emailaddress_set.create(email="stranger@example.com")

    [message] = asked_for_reset("stranger@example.com")

    assert message.subject == "No account with this address at Storefront"


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("closed", {"is_active": False}),
        ("another address", {"email": "other@example.com"}),
        ("another password", {"password": "!"}),
    ],
)
def test_a_link_that_became_untrue_is_not_sent(client, what, change):
    user = member()
    client.post(RESET, {"email": "ada@example.com"})

    User.objects.filter(pk=user.pk).update(**change)

    assert mails() == [], what
    assert Outbox.objects.get().state == Outbox.State.DROPPED


def test_what_was_owed_to_a_deleted_account_is_not_sent(client):
    user = member()
    client.post("/account/signup/", {"email": "b@example.com", "username": "bea"} | NEW)
    client.post(RESET, {"email": "ada@example.com"})
    client.post(RESET, {"email": "nobody@example.com"})

    user.delete()
    User.objects.get(username="bea").delete()
    User.objects.create_user("late", "nobody@example.com", PASSWORD)

    assert mails() == []
    assert {row.state for row in Outbox.objects.all()} == {Outbox.State.DROPPED}


def test_the_proof_of_a_proven_address_is_not_sent(client):
    client.post("/account/signup/", {"email": "b@example.com", "username": "bea"} | NEW)
    EmailAddress.objects.update(verified=True)

    assert mails() == []


def test_a_password_is_changed_and_other_devices_are_logged_out():
    member()
    here, there = logged_in(), logged_in()
    url = "/account/password/change/"

    wrong = here.post(url, {"oldpassword": "wrong", **NEW})
    assert list(errors(wrong)) == ["oldpassword"]
    answer = here.post(url, {"oldpassword": PASSWORD, **NEW}, HTTP_USER_AGENT=FIREFOX)

    assert answer.url == url
    assert "Your new password is saved." in page(here.get(url))
    assert there.get(url).status_code == 302
    [news] = mails()
    assert "with Firefox on Windows" in news.body
    assert news.to == ["ada@example.com"]


def test_an_account_without_a_password_sets_one():
    user = member()
    client = Client()
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    assert client.get("/account/password/change/").url == "/account/password/set/"
    client.post("/account/password/set/", NEW)

    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def changed_to(client, email):
    """The answer to an asked change, after the password was asked for."""
    answer = client.post(EMAIL, {"email": email, "action_add": ""})
    assert answer.url == f"/account/reauthenticate/?next={EMAIL.replace('/', '%2F')}"
    return confirm_password(client, EMAIL)


def test_another_address_counts_when_it_is_proven_and_the_former_one_is_told():
    user = member()
    client = logged_in()

    assert changed_to(client, "New@example.com").url == EMAIL
    shown = page(client.get(EMAIL))
    assert "new@example.com" in shown
    assert '<p class="entrance__address">ada@example.com</p>' in shown
    [message] = mails()
    assert message.to == ["new@example.com"]
    user.refresh_from_db()
    assert user.email == "ada@example.com"
    answer = Client().post(link(message), {"password": PASSWORD})
    assert answer.url == "/account/login/"

    user.refresh_from_db()
    assert user.email == "new@example.com"
    assert [one.email for one in EmailAddress.objects.all()] == ["new@example.com"]
    [news] = mails()
    assert news.to == ["ada@example.com"]
    assert "another email address" in news.body
    assert log_in(Client(), "ada@example.com").status_code == 200
    assert log_in(Client(), "new@example.com").url == "/account/"


def test_a_change_is_sent_again_called_off_and_replaced(monkeypatch):
    member()
    client = logged_in()
    changed_to(client, "first@example.com")
    [first] = mails()
    client.post(EMAIL, {"email": "second@example.com", "action_add": ""})
    assert [message.to for message in mails()] == [["second@example.com"]]
    assert "does not work any more" in page(client.get(link(first)))

    later = timezone.now().timestamp() + 181
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)
    client.post(EMAIL, {"email": "second@example.com", "action_send": ""})
    [again] = mails()
    client.post(EMAIL, {"email": "second@example.com", "action_remove": ""})

    assert "Your address stays as it is." in page(client.get(EMAIL))
    assert [one.email for one in EmailAddress.objects.all()] == ["ada@example.com"]
    assert "does not work any more" in page(client.get(link(again)))


def test_the_address_of_another_account_is_said_to_nobody():
    member("grace")
    user = member()
    client = logged_in()

    assert changed_to(client, "grace@example.com").url == EMAIL

    assert mails() == [], "its owner has not asked for anything"
    user.refresh_from_db()
    assert user.email == "ada@example.com"


def test_of_two_accounts_with_an_unproven_address_the_first_to_prove_it_has_it():
    member()
    client = logged_in()
    changed_to(client, "new@example.com")
    [message] = mails()
    User.objects.create_user("eve", "new@example.com", PASSWORD)

    answer = client.post(link(message), follow=True)

    assert "belongs to another account" in page(answer)
    assert User.objects.get(username="ada").email == "ada@example.com"
    assert EmailAddress.objects.get(email="ada@example.com").verified


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "ada@example.com", "action_remove": ""},
        {"email": "waiting@example.com", "action_primary": ""},
        {"email": "ada@example.com\x00", "action_send": ""},
        {"email": "x" * 100_000, "action_remove": ""},
        {"action_send": ""},
        {},
    ],
)
def test_an_account_keeps_its_address_whatever_is_posted(typed):
    user = member()
    user.emailaddress_set.create(email="waiting@example.com")
    client = logged_in()
    confirm_password(client, EMAIL)

    assert client.post(EMAIL, typed).status_code == 302

    user.refresh_from_db()
    assert user.email == "ada@example.com"
    assert user.emailaddress_set.get(primary=True).verified


@pytest.mark.parametrize("email", ["ada@example.com", "nonsense", f"a@{'b.' * 130}com", "\x00"])
def test_a_mistyped_new_address_is_told_at_its_field(email):
    member()
    client = logged_in()

    answer = client.post(EMAIL, {"email": email, "action_add": ""})

    assert list(errors(answer)) == ["email"]
    assert answer.context["form"]["email"].value() == email


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_each_device_is_listed_in_words_and_can_be_logged_out():
    member()
    here, phone, old = (
        Client(HTTP_USER_AGENT=agent) for agent in (FIREFOX, PHONE, "something else")
    )
    log_in(here)
    here.get(SESSIONS)
    for_one = queries(here, SESSIONS)
    for client in (phone, old):
        log_in(client)

    assert queries(here, SESSIONS) == for_one
    shown = page(here.get(SESSIONS))
    for words in ("Firefox on Windows", "Safari on iPhone", "An unknown device", "127.0.0.1"):
        assert words in shown
    assert shown.count("This device") == 1
    key = UserSession.objects.get(user_agent=PHONE).pk
    here.post(SESSIONS, {"device": key})

    assert "That device is logged out." in page(here.get(SESSIONS))
    assert phone.get(SESSIONS).status_code == 302
    assert old.get(SESSIONS).status_code == 200
    here.post(SESSIONS)
    assert old.get(SESSIONS).status_code == 302
    assert here.get(SESSIONS).status_code == 200
    assert Session.objects.count() == UserSession.objects.count() == 1


def test_nobody_logs_out_the_device_of_another():
    member()
    member("grace")
    ada, grace = logged_in(), logged_in("grace")
    key = UserSession.objects.get(user__username="ada").pk

    for device in (key, 10**18 - 1):
        assert grace.post(SESSIONS, {"device": device}).status_code == 302
    for device in ("9" * 30, "x", "\x00", "-1"):
        assert grace.post(SESSIONS, {"device": device}).status_code == 404

    assert ada.get(SESSIONS).status_code == 200


def test_sessions_that_ended_are_not_listed():
    member()
    here = logged_in()
    logged_in()
    old = UserSession.objects.exclude(session_key=here.session.session_key).get()
    Session.objects.filter(pk=old.session_key).update(expire_date=timezone.now())

    assert page(here.get(SESSIONS)).count("devices__name") == 1


def test_when_a_device_was_used_last_is_noted_now_and_then(monkeypatch):
    member()
    client = logged_in()
    long_ago = timezone.now() - timedelta(days=3)
    UserSession.objects.update(last_seen_at=long_ago)

    client.get(SESSIONS)
    assert UserSession.objects.get().last_seen_at == long_ago, "it was seen a moment ago"
    monkeypatch.setattr("social.devices.cache.add", lambda *_: True)
    client.get(SESSIONS)

    assert timezone.now() - UserSession.objects.get().last_seen_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", NOWHERE),
        ("unix:", NOWHERE),
    ],
)
def test_where_somebody_logs_in_from_is_kept_as_a_network(address, kept):
    member()

    log_in(Client(REMOTE_ADDR=address))

    assert UserSession.objects.get().ip == kept


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537.36 Edg/140", "Edge on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8", "An unknown device"),
        ("", "An unknown device"),
    ],
)
def test_devices_in_words(agent, words):
    assert words_for(agent) == words
