"""How often somebody may try, and what they are told then."""

import pytest
from django.test import Client

from social.tests.accounts import PASSWORD, log_in, mails, member, sign_up
from social.tests.test_accounts import page

pytestmark = pytest.mark.django_db
RESET = "/account/password/reset/"


def test_passwords_of_one_account_are_not_guessed_from_many_places(client):
    member()
    for number in range(5):
        log_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "ada", "wrong")

    answer = log_in(client)

    assert answer.status_code == 429
    assert "Too many attempts. Please wait five minutes" in page(answer)
    assert 'value="ada"' in page(answer)


def test_passwords_of_many_accounts_are_not_guessed_from_one_place(client):
    member()
    for number in range(10):
        log_in(client, f"somebody{number}", "wrong")

    assert log_in(client).status_code == 429
    assert log_in(Client(REMOTE_ADDR="203.0.113.1")).status_code == 302


def test_a_limit_has_a_page_of_its_own_that_keeps_what_was_typed(client):
    for _time in range(20):
        client.post("/account/signup/", {})

    answer = sign_up(client, username="ada", next="/cart/")

    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    shown = page(answer)
    for kept in ('name="username" value="ada"', 'value="ada@example.com"', 'value="/cart/"'):
        assert kept in shown
    assert PASSWORD not in shown
    assert 'action="/account/signup/"' in shown
    assert sign_up(Client(REMOTE_ADDR="203.0.113.1")).status_code == 302


def test_nobodys_mailbox_is_filled(client):
    member()
    answers = [client.post(RESET, {"email": "ada@example.com"}).status_code for _time in range(5)]
    unknown = [client.post(RESET, {"email": "x@example.com"}).status_code for _time in range(5)]

    assert answers == unknown == [302, 302, 302, 429, 429]
    assert len(mails()) == 6


def test_an_ipv6_household_counts_as_one(client):
    for number in range(10):
        log_in(Client(REMOTE_ADDR=f"2001:db8:1:2::{number}"), f"somebody{number}", "wrong")

    assert log_in(Client(REMOTE_ADDR="2001:db8:1:2:3:4:5:6")).status_code == 429
    assert log_in(Client(REMOTE_ADDR="2001:db8:1:3::1")).status_code == 200


def test_a_visitor_cannot_pretend_to_be_elsewhere(client):
    for number in range(10):
        log_in(Client(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}"), f"somebody{number}", "wrong")

    assert log_in(Client(HTTP_X_FORWARDED_FOR="203.0.113.99")).status_code == 429
