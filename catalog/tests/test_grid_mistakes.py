"""A mistake in the grid whose message stands at another cell than the one that was written."""

import pytest

from catalog import stock
from catalog.models import Sku, StockMovement
from catalog.tests.factories import make_sku
from catalog.tests.grid import save
from catalog.tests.variants_form import page_with_options

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size", "Colour")


@pytest.fixture
def sku(page):
    return make_sku(page, "TEE-S", option1="Small", option2="Red", compare_at="12", on_hand=5)


def now(sku):
    return Sku.objects.with_facts().get(pk=sku.pk)


def test_equal_options_are_told_at_the_one_that_was_written(client, editor, page, sku):
    other = make_sku(page, "TEE-S-BLUE", option1="Small", option2="Blue")

    answer = save(client, other, option2="RED", weight="300")

    assert answer["errors"] == {"option2": ["TEE-S already has these options."]}
    assert answer["unsaved"] == ["option2"]
    assert (now(other).option2, now(other).weight) == ("Blue", 300)


def test_a_price_above_the_earlier_one_is_not_taken_for_saved(client, editor, sku):
    answer = save(client, sku, price="15", weight="300")

    assert list(answer["errors"]) == ["compare_at"]
    assert answer["unsaved"] == ["price"]
    assert (now(sku).price.amount, now(sku).weight) == (10, 300)


def test_what_has_no_price_is_not_taken_for_being_on_sale(client, editor, page):
    unpriced = make_sku(page, "TEE-L", option1="Large", price=None, is_active=False)

    answer = save(client, unpriced, is_active=True)

    assert list(answer["errors"]) == ["price"]
    assert answer["unsaved"] == ["is_active"]


def test_nothing_of_a_row_is_saved_whose_stock_was_sold_meanwhile(client, editor, sku):
    stock.adjust({sku: -4}, reason=StockMovement.Reason.ORDER)

    answer = save(client, sku, shown={"on_hand": "5"}, on_hand="2", weight="300")

    assert list(answer["errors"]) == ["on_hand"]
    assert answer["unsaved"] == ["on_hand", "weight"]
    assert (now(sku).stock.on_hand, now(sku).weight) == (1, 0)


def test_all_that_is_saved_is_said_to_be(client, editor, sku):
    assert save(client, sku, price="9", weight="300")["unsaved"] == []
