"""Who signed up and never proved the address is forgotten, and nobody else."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from catalog.tests.factories import make_sku
from orders.tests.factories import order_for
from social.models import User
from social.tasks import forget_unproven_accounts
from social.tests.accounts import PASSWORD, link, log_in, mails, member, sign_up

pytestmark = pytest.mark.django_db


def signed_up(days: int = 31) -> User:
    sign_up(Client())
    User.objects.filter(username="ada").update(date_joined=timezone.now() - timedelta(days=days))
    return User.objects.get()


def test_whoever_never_proved_the_address_is_forgotten_after_30_days():
    signed_up()

    assert forget_unproven_accounts() == 1

    assert not User.objects.exists()
    assert mails() == []
    assert sign_up(Client()).status_code == 302
    assert User.objects.get().username == "ada"


def test_until_then_the_address_can_be_proven():
    signed_up(days=29)

    assert forget_unproven_accounts() == 0
    assert Client().post(link(mails()[0]), {"password": PASSWORD}).status_code == 302


def proven(user: User) -> None:
    user.emailaddress_set.update(verified=True)


def made_in_the_admin(user: User) -> None:
    user.emailaddress_set.all().delete()


def with_an_order(user: User) -> None:
    order_for({make_sku(on_hand=1): 1}, user=user)


def with_a_group(user: User) -> None:
    user.groups.add(Group.objects.first())


def closed(user: User) -> None:
    User.objects.update(is_active=False)


def staff(user: User) -> None:
    User.objects.update(is_staff=True)


def let_in_before(user: User) -> None:
    User.objects.update(last_login=timezone.now())


@pytest.mark.parametrize(
    "change", [proven, made_in_the_admin, with_an_order, with_a_group, closed, staff, let_in_before]
)
def test_others_stay(change):
    change(signed_up())

    assert forget_unproven_accounts() == 0
    assert User.objects.count() == 1


def test_members_stay(client):
    user = member()
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(days=400))

    assert forget_unproven_accounts() == 0
    assert log_in(client).status_code == 302
