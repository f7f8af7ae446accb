"""Variants made of option values with one click."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from wagtail.models import PageLogEntry

from catalog.admin import combinations
from catalog.models import Product, Sku, Stock, TaxClass
from catalog.tests.factories import make_page, make_sku
from catalog.tests.grid import post
from catalog.tests.variants_form import page_with_options

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size", "Colour")


def make(client, page, *values):
    response = post(client, "catalog_make_variants", {"values": list(values)}, page.pk)
    assert response.status_code == 200, response.content
    return response.json()


def labels(page):
    return [sku.label for sku in page.product.skus.all()]


def codes(page):
    return [sku.code for sku in page.product.skus.all()]


def test_each_missing_combination_becomes_a_variant(client, editor, page):
    answer = make(client, page, ["Small", " Large ", ""], ["Blue", "Red"])

    assert (answer["made"], answer["errors"]) == (4, {})
    assert labels(page) == ["Small / Blue", "Small / Red", "Large / Blue", "Large / Red"]
    assert codes(page) == ["TEE-SMALL-BLUE", "TEE-SMALL-RED", "TEE-LARGE-BLUE", "TEE-LARGE-RED"]
    assert set(Stock.objects.values_list("on_hand", flat=True)) == {0}
    entry = PageLogEntry.objects.get(action="catalog.variants.edit")
    assert entry.data["changes"]["TEE-SMALL-BLUE"] == {"new": ["", "Small / Blue"]}


def test_what_exists_is_not_touched_whatever_its_capitals(client, editor, page):
    old = make_sku(page, "ODD", option1="SMALL", option2="blue", price="7", on_hand=3)

    assert make(client, page, ["Small"], ["Blue", "Red"])["made"] == 1
    again = make(client, page, ["Small"], ["Blue", "Red"])

    assert (again["made"], "already" in again["message"]) == (0, True)
    old = Sku.objects.with_facts().get(pk=old.pk)
    assert (old.code, old.label, old.stock.on_hand) == ("ODD", "SMALL / blue", 3)
    assert labels(page) == ["SMALL / blue", "Small / Red"]


def test_new_variants_cost_and_weigh_what_most_of_the_others_do(client, editor, page):
    reduced = TaxClass.objects.create(name="Reduced")
    for number, price in enumerate(["7", "9", "9"]):
        make_sku(
            page,
            f"TEE-{number}",
            option1=str(number),
            price=price,
            compare_at="10",
            weight=200,
            tax_class=reduced,
        )

    make(client, page, ["Small"], ["Blue"])

    new = Sku.objects.with_prices().get(option2="Blue")
    assert (new.price.amount, new.price.compare_at) == (9, 10)
    assert (new.weight, new.tax_class) == (200, reduced)
    assert Product.objects.get().lowest_price == Decimal(7)


def test_the_first_variants_have_no_price_and_are_not_sold(client, editor, page):
    make(client, page, ["Small"], ["Blue"])

    assert Sku.objects.with_prices().get().price is None
    assert not Sku.objects.purchasable().exists()


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        (["TEE-A-1-BLUE"], "TEE-A-1-BLUE-SMALL-RED"),
        (["T9-SMALL-BLUE"], "T9-SMALL-RED"),
        (["MUG-1", "MUG-22"], "MUG-SMALL-RED"),
        (["MUG-RED", "MUG-ROSE"], "MUG-SMALL-RED"),
        (["A", "B"], "TEE-SMALL-RED"),
    ],
)
def test_codes_go_on_as_those_of_the_others(client, editor, page, existing, expected):
    for number, code in enumerate(existing):
        options = {"option1": "Small", "option2": "Blue"} if code.startswith("T9") else {}
        make_sku(page, code, **(options or {"option3": str(number)}))

    make(client, page, ["Small"], ["Red"])

    assert expected in codes(page)


def test_a_code_that_another_product_has_gets_a_number(client, editor, page):
    make_sku(make_page("Other"), "tee-small-red")

    make(client, page, ["Small"], ["Red"])

    assert codes(page) == ["TEE-SMALL-RED-2"]


def test_values_that_give_the_same_code_get_different_ones(client, editor, page):
    make(client, page, ["1/2", "1 2", "12"], ["x" * 200])

    assert len({code.lower() for code in codes(page)}) == 3
    assert max(map(len, codes(page))) <= 64


@pytest.mark.parametrize(
    ("values", "place", "words"),
    [
        ([["Small", "small "], ["Blue"]], "0", "“small” is there twice"),
        ([["Small"], ["Blue", "Red", "BLUE"]], "1", "“BLUE” is there twice"),
        ([["Small"], [" "]], "1", "at least one value"),
        ([["x" * 256]], "0", "at most 255 characters"),
        ([], "", "one, two or three"),
        ([["a"]] * 4, "", "one, two or three"),
        (
            [[str(n) for n in range(20)], [str(n) for n in range(20)]],
            "",
            "would make 400 variants more",
        ),
    ],
)
def test_a_mistake_is_told_at_its_option(client, editor, page, values, place, words):
    answer = make(client, page, *values)

    assert list(answer["errors"]) == [place]
    assert words in answer["errors"][place]
    assert not Sku.objects.exists()


@pytest.mark.parametrize("data", [{}, {"values": "x"}, {"values": ["x"]}, {"values": [[1]]}])
def test_what_the_script_would_never_send_is_refused(client, editor, page, data):
    assert post(client, "catalog_make_variants", data, page.pk).status_code == 400


def test_it_takes_the_right_to_publish(client, django_user_model, page):
    user = django_user_model.objects.create_user("nobody", "nobody@example.com", "secret")
    client.force_login(user)

    assert post(client, "catalog_make_variants", {"values": [["S"]]}, page.pk).status_code == 403
    assert not Sku.objects.exists()


def test_as_many_questions_for_many_combinations_as_for_few(
    editor, page, django_assert_max_num_queries
):
    values = [[str(number) for number in range(10)], [str(number) for number in range(10)]]
    with django_assert_max_num_queries(25):
        combinations.make_missing(page.product, values, slug="tee", user=editor)
    assert page.product.skus.count() == 100


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_clicks_at_once_make_each_combination_once():
    page = page_with_options("Size")

    def click(_number):
        try:
            made = combinations.make_missing(page.product, [["S", "M", "L"]], slug="tee", user=None)
        finally:
            connection.close()
        return len(made)

    with ThreadPoolExecutor(4) as threads:
        made = sorted(threads.map(click, range(4)))

    assert made == [0, 0, 0, 3]
    assert sorted(labels(page)) == ["L", "M", "S"]
