"""Accounts in both admins: one email and one name each, whatever their capitals."""

import pytest
from django.urls import reverse

from social.models import User

pytestmark = pytest.mark.django_db

PERSON = {
    "username": "ada",
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "password1": "a long secret",
    "password2": "a long secret",
}
WAGTAIL = "/admin/users/new/"
DJANGO = "/django-admin/social/user/add/"


@pytest.fixture(autouse=True)
def administrator(client):
    user = User.objects.create_superuser("Root", "root@example.com", "secret")
    client.force_login(user)
    return user


def errors(response):
    context = response.context
    return context["adminform"].errors if "adminform" in context else context["form"].errors


def test_the_wagtail_admin_adds_and_edits_an_account(client):
    client.post(WAGTAIL, PERSON)
    user = User.objects.get(username="ada")

    data = PERSON | {"email": "lovelace@example.com", "password1": "", "password2": ""}
    client.post(reverse("wagtailusers_users:edit", args=[user.pk]), data | {"is_active": "on"})

    user.refresh_from_db()
    assert user.email == "lovelace@example.com"
    assert user.check_password("a long secret")


def test_the_django_admin_adds_an_account_with_an_address(client):
    client.post(DJANGO, PERSON | {"usable_password": "true"})

    assert User.objects.get(username="ada").email == "ada@example.com"


@pytest.mark.parametrize("address", [WAGTAIL, DJANGO])
@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"email": "ROOT@example.com"}, "email", "Somebody already uses this address."),
        ({"email": ""}, "email", "required"),
        ({"username": "root"}, "username", "already"),
        ({"username": "Root"}, "username", "already"),
    ],
)
def test_a_mistake_is_told_once_and_at_its_field(client, address, typed, field, words):
    response = client.post(address, PERSON | {"usable_password": "true"} | typed)

    assert list(errors(response)) == [field]
    assert len(errors(response)[field]) == 1
    assert words in errors(response)[field][0]
    assert User.objects.count() == 1


def test_a_member_of_staff_cannot_take_the_address_of_another(client, administrator):
    other = User.objects.create_user("ada", "ada@example.com", "secret")
    client.force_login(other)
    data = PERSON | {"email": "Root@Example.com", "is_active": "on"}
    client.force_login(administrator)

    response = client.post(reverse("wagtailusers_users:edit", args=[other.pk]), data)

    assert errors(response)["email"] == ["Somebody already uses this address."]
