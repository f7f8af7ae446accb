"""How few questions the cart asks of the database; what is kept is there (``catalog.kept``)."""

import pytest
from django.test import Client

from cart.tests.counting import as_committed, questions
from cart.tests.shopping import BY_SCRIPT, add, log_in, member, post, quantities, saved, words
from catalog import kept
from catalog.tests.factories import make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def prints(a_redis):
    kept.forget()
    yield [make_sku(make_page(f"Print {number}"), f"P{number}") for number in range(4)]
    kept.forget()


@pytest.fixture
def ada(django_user_model):
    return member(django_user_model)


@pytest.fixture(params=["stranger", "member"])
def shopper(request, prints, ada):
    """With three lines in the cart; all that is kept has been asked for once."""
    client = Client()
    if request.param == "member":
        log_in(client, ada)
    for sku in prints[:3]:
        add(client, sku, headers=BY_SCRIPT)
    as_committed()
    for sku in prints[:3]:
        add(client, sku, headers=BY_SCRIPT)
    return client


def test_the_badge_takes_two(shopper):
    with questions() as asked:
        text = words(shopper.get("/me/"))

    assert len(asked) == 2
    assert "6 items, €60.00" in text


def test_adding_takes_four(shopper, prints, ada):
    """The session, what is in the cart and what comes in, the lock, and the change."""
    with questions() as asked:
        answer = add(shopper, prints[1], headers=BY_SCRIPT)

    assert len(asked) == 4, asked
    assert "Print 1" in words(answer)
    assert "7 items in your cart €70.00" in words(answer)
    assert (quantities(shopper) or saved(ada))["P1"] == 3


def test_adding_something_new_takes_no_more_where_its_page_is_kept(shopper, prints):
    other = Client()
    add(other, prints[3], headers=BY_SCRIPT)

    with questions() as asked:
        answer = add(shopper, prints[3], headers=BY_SCRIPT)

    assert len(asked) == 4, asked
    assert "Print 3" in words(answer)


def test_without_a_script_it_takes_as_many(shopper, prints):
    with questions() as asked:
        assert add(shopper, prints[2]).status_code == 302

    assert len(asked) == 4, asked


def test_what_cannot_be_bought_takes_two(shopper, prints):
    with questions() as asked:
        answer = post(shopper, "add", BY_SCRIPT, code="NOTHING", quantity="1")

    assert len(asked) == 2, asked
    assert "This cannot be bought at the moment." in words(answer)
