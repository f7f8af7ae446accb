"""The address book: a member's own, judged as the checkout judges, nobody else's within reach."""

import pytest
from django.urls import reverse

from orders.models import SavedAddress
from orders.tests.factories import CUSTOMER
from social.account import addresses

pytestmark = pytest.mark.django_db

ADDRESS = {name: value for name, value in CUSTOMER.items() if name != "email"}
LIST, ADD = "/account/addresses/", "/account/addresses/new/"


def test_an_address_is_added_changed_and_deleted(client, member):
    assert client.post(ADD, ADDRESS).url == LIST
    address = SavedAddress.objects.get()
    own = reverse("account:address", args=[address.pk])
    assert (address.user, address.city) == (member, "London")

    client.post(own, ADDRESS | {"city": "Bath", "postal_code": "ba1 1lz"})
    address.refresh_from_db()
    assert (address.city, address.postal_code) == ("Bath", "BA1 1LZ")

    answer = client.post(reverse("account:address_delete", args=[address.pk]), follow=True)
    assert not SavedAddress.objects.exists()
    assert "The address is deleted." in answer.content.decode()
    assert "You keep no addresses yet" in answer.content.decode()


@pytest.mark.usefixtures("member")
def test_the_form_begins_with_the_name_and_the_shops_country(client):
    form = client.get(ADD).context["form"]

    assert (form["first_name"].value(), str(form["country"].value())) == ("Ada", "DE")


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"postal_code": "12"}, "postal_code", "looks like"),
        ({"country": "XX"}, "country", "valid choice"),
        ({"last_name": ""}, "last_name", "required"),
        ({"address": "one\ntwo"}, "address", "one line"),
        ({"city": "a\x00b"}, "city", "Null"),
        ({"first_name": "x" * 10_000}, "first_name", "at most 100"),
        ({"country": "US", "postal_code": "10001", "city": "New York"}, "region", "state"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_comes_back(client, typed, field, words):
    answer = client.post(ADD, ADDRESS | typed)

    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors[field])
    assert answer.context["form"]["first_name"].value() == typed.get("first_name", "Ada")
    assert not SavedAddress.objects.exists()


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("pk", ["theirs", "9" * 30, "0"])
def test_nobody_elses_address_can_be_seen_changed_or_deleted(client, other, pk):
    theirs = SavedAddress.objects.create(user=other, **ADDRESS)
    pk = theirs.pk if pk == "theirs" else int(pk)
    own = reverse("account:address", args=[pk])

    assert client.get(own).status_code == 404
    assert client.post(own, ADDRESS | {"city": "Bath"}).status_code == 404
    client.post(reverse("account:address_delete", args=[pk]))

    assert SavedAddress.objects.get() == theirs
    assert SavedAddress.objects.get().city == "London"
    assert "Lovelace" not in client.get(LIST).content.decode()


def test_somebody_logged_out_is_asked_to_log_in(client, other):
    theirs = SavedAddress.objects.create(user=other, **ADDRESS)

    for url in (LIST, ADD, reverse("account:address", args=[theirs.pk])):
        assert client.get(url).url.startswith(reverse("account_login"))
    client.post(reverse("account:address_delete", args=[theirs.pk]))

    assert SavedAddress.objects.exists()


def test_an_address_book_does_not_grow_without_end(client, member, monkeypatch):
    monkeypatch.setattr(addresses, "MOST_KEPT", 1)
    kept = SavedAddress.objects.create(user=member, **ADDRESS)

    answer = client.post(ADD, ADDRESS | {"city": "Bath"})
    client.post(reverse("account:address", args=[kept.pk]), ADDRESS | {"city": "Oxford"})

    assert "delete one first" in answer.content.decode()
    assert [one.city for one in SavedAddress.objects.all()] == ["Oxford"]


def test_the_list_costs_the_same_however_long_it_is(client, member, django_assert_max_num_queries):
    SavedAddress.objects.create(user=member, **ADDRESS)
    client.get(LIST)
    with django_assert_max_num_queries(18) as few:
        client.get(LIST)
    for number in range(addresses.PER_PAGE + 5):
        SavedAddress.objects.create(user=member, **ADDRESS | {"city": f"Town {number}"})

    with django_assert_max_num_queries(18) as many:
        answer = client.get(LIST)

    assert len(many) == len(few)
    assert len(answer.context["page_obj"]) == addresses.PER_PAGE
    assert client.get(LIST, {"page": "9" * 30}).status_code == 200


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("country", "holds"), [("US", "California"), ("DE", ""), ("XX", ""), ("\x00" * 9, "")]
)
def test_the_states_of_a_country_are_offered_when_it_is_chosen(client, country, holds):
    body = client.get("/account/addresses/regions/", {"country": country}).content.decode()

    assert holds in body
    assert bool(holds) == ("<option" in body)
