"""The same account opens the admin, if it may; accounts that are made or changed there."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from social.models import User
from social.tests.accounts import (
    PASSWORD,
    link,
    log_in,
    logged_in,
    mails,
    member,
    with_second_factor,
)
from social.tests.test_accounts import page
from social.tests.test_admin import PERSON

pytestmark = pytest.mark.django_db
ADMIN, DJANGO = "/admin/", "/django-admin/"


def editor():
    user = member("kim")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("/admin/login/", "/admin/"),
        ("/admin/login/?next=/admin/pages/", "/admin/pages/"),
        ("/django-admin/login/?next=/django-admin/social/", "/django-admin/social/"),
        ("/django-admin/login/", "/django-admin/"),
    ],
)
def test_the_admins_logins_are_the_shops(client, asked, wanted):
    for answer in (client.get(asked), client.post(asked, {"username": "x", "password": "x"})):
        assert answer.status_code == 302
        assert answer.url == f"/account/login/?next={wanted.replace('/', '%2F')}"


@pytest.mark.parametrize("language", ["", "/ko", "/zh-hans"])
def test_an_editor_gets_where_they_wanted_and_out_again(language):
    editor()
    client = Client()

    asked = client.get("/admin/reports/locked/")
    assert asked.url.startswith("/account/login/?next=/admin/reports/locked/")
    answer = client.post(
        f"{language}/account/login/",
        {"login": "kim", "password": PASSWORD, "next": "/admin/reports/locked/"},
    )

    assert answer.url == "/admin/reports/locked/"
    assert client.get(ADMIN).status_code == 200
    assert client.get(f"{language}/account/login/?next=/admin/").url == ADMIN
    out = client.post(reverse("wagtailadmin_logout"))
    assert out.status_code == 302
    assert client.get(ADMIN).status_code == 302


def test_the_second_factor_stands_before_the_admin_too():
    with_second_factor(editor())
    client = Client()

    assert log_in(client, "kim", next=ADMIN).url == "/account/2fa/authenticate/"
    assert client.get(ADMIN).status_code == 302


@pytest.mark.parametrize("door", [ADMIN, "/admin/pages/", DJANGO])
def test_a_member_without_rights_is_told_so_once(door):
    member()
    client = logged_in()

    answer = client.get(door, follow=True)

    assert answer.status_code == 403
    assert "does not open this door" in page(answer)
    assert len(answer.redirect_chain) <= 2


def test_an_editor_is_not_let_into_djangos_admin():
    editor()

    assert logged_in("kim").get(DJANGO, follow=True).status_code == 403


@pytest.mark.parametrize(
    "path", ["password_reset/", "account/change_password/", "account/change_email/"]
)
def test_passwords_and_addresses_are_changed_in_one_place(path):
    editor()

    assert logged_in("kim").get(f"{ADMIN}{path}").status_code in (302, 404)


def test_the_admins_own_page_of_an_account_has_neither_password_nor_address():
    editor()

    shown = page(logged_in("kim").get(reverse("wagtailadmin_account")))

    assert 'type="password"' not in shown
    assert 'type="email"' not in shown


def test_who_sets_up_the_shop_is_in_at_once(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="Owner", email="Owner@Example.com", interactive=False)

    for login in ("Owner", "owner@example.com", "Owner@Example.com"):
        assert log_in(Client(), login, next=ADMIN).url == ADMIN


@pytest.fixture
def owner(client):
    user = User.objects.create_superuser("owner", "owner@example.com", PASSWORD)
    client.force_login(user)
    return user


def test_staff_made_in_the_admin_prove_their_address_at_the_first_login(client, owner):
    typed = {"password1": PASSWORD, "password2": PASSWORD, "email": "Ada@Example.com"}
    client.post(reverse("wagtailusers_users:add"), PERSON | typed)
    mails()
    browser = Client()

    for login in ("ada", "ada@example.com"):
        assert log_in(browser, login).url == "/account/confirm-email/"
    [message] = mails()
    assert "Welcome, ada" in message.body
    browser.post(link(message))

    assert browser.get("/account/").context["user"].username == "ada"
    assert EmailAddress.objects.get(user__username="ada").primary


def edited(client, user, where, **typed):
    data = {
        "username": user.username,
        "email": user.email,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00:00",
        **typed,
    }
    return client.post(reverse(where, args=[user.pk]), data)


@pytest.mark.parametrize("where", ["wagtailusers_users:edit", "admin:social_user_change"])
def test_an_address_changed_by_staff_is_the_one_to_log_in_with(client, owner, where):
    user = member()
    former = user.emailaddress_set.get()

    assert edited(client, user, where, email="New@Example.com").status_code == 302

    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.primary, address.verified) == ("new@example.com", True, False)
    assert address.pk != former.pk, "links that were sent to the former one prove nothing"
    assert log_in(Client(), "ada@example.com").status_code == 200
    browser = Client()
    assert log_in(browser, "new@example.com").url == "/account/confirm-email/"
    [message] = mails()
    assert message.to == ["new@example.com"]
    browser.post(link(message))
    assert log_in(Client(), "new@example.com").url == "/account/"
    assert log_in(Client(), "ada").url == "/account/"


def test_an_account_that_is_saved_without_another_address_stays_as_it_is(client, owner):
    user = member()
    user.emailaddress_set.create(email="waiting@example.com")

    edited(client, user, "wagtailusers_users:edit", first_name="Augusta")

    assert user.emailaddress_set.get(primary=True).verified
    assert user.emailaddress_set.count() == 2


def test_names_differ_by_more_than_capitals_in_any_alphabet(client, owner):
    User.objects.create_user("Ångström", "a@example.com", PASSWORD)

    typed = {"username": "ångström", "email": "b@example.com"}
    answer = client.post(reverse("wagtailusers_users:add"), PERSON | typed)

    assert "username" in answer.context["form"].errors
