"""Ways round the login page and round proofs of addresses, which all lead to it or nowhere."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from catalog.tests.factories import make_page
from social.models import User
from social.tests.accounts import (
    NEW_PASSWORD,
    PASSWORD,
    log_in,
    logged_in,
    mails,
    member,
    sign_up,
    with_second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/_util/login/", "/ko/_util/login/"])
def test_the_login_of_wagtails_private_pages_is_the_shops_own(address):
    with_second_factor(member())
    client = Client()

    answer = client.post(f"{address}?next=/x/", {"username": "ada", "password": PASSWORD})

    assert "_auth_user_id" not in client.session
    prefix = "/ko" if address.startswith("/ko") else ""
    assert (answer.status_code, answer.url) == (302, f"{prefix}/account/login/?next=/x/")


def test_a_page_for_members_leads_to_the_login_and_back(client):
    page = make_page("Inside")
    address = page.get_url()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    member()

    asked = client.get(address, follow=True)

    assert asked.redirect_chain[-1][0].startswith("/account/login/?next=")
    wanted = parse_qs(urlsplit(asked.redirect_chain[-1][0]).query)["next"][0]
    assert log_in(client, next=wanted).url == wanted
    assert client.get(wanted).status_code == 200


def test_staff_change_their_password_where_everybody_does_with_limits_and_a_mail():
    member(is_staff=True)
    client = logged_in()
    typed = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    answer = client.post("/django-admin/password_change/", typed)

    assert (answer.status_code, answer.url) == (302, "/account/password/change/")
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("wanted", ["nowhere", "account_logout:x", "\ud55c\uae00"])
@pytest.mark.parametrize("way", ["/account/login/", "/account/signup/"])
def test_what_is_no_address_breaks_nothing_for_who_is_logged_in(way, wanted):
    member()
    client = logged_in()

    assert client.get(way, {"next": wanted}).status_code == 302
    assert log_in(client, next=wanted).status_code == 302


def test_a_sign_up_with_a_known_address_fills_no_mailbox():
    member()
    for _ in range(8):
        sign_up(Client(), username="other")

    assert len(mails()) == 1
