"""The list of a member's pages: the same beside each, and it says where one is."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_account_is_for_whoever_is_logged_in(client):
    answer = client.get(reverse("account:home"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.usefixtures("member")
def test_the_list_says_where_one_is_and_is_there_once_for_each_width(client):
    body = client.get(reverse("account:home")).content.decode()

    here = re.findall(r'href="([^"]+)"\s+aria-current="page"', body)

    assert here == [reverse("account:home")] * 2
    assert body.count("<h1") == 1
