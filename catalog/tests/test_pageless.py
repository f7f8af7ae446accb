"""Products whose page was deleted: a page again, or deleted for good so that the codes are free."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import Page

from catalog import deleting, jobs, pageless, retiring
from catalog.models import (
    Job,
    Price,
    Product,
    ProductOption,
    ProductPage,
    Sku,
    Stock,
    StockMovement,
)
from catalog.signals import SOLD
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.figures import say
from catalog.tests.variants_form import errors, fill, send, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def prints():
    return make_category("Prints")


@pytest.fixture
def product(prints):
    """One with two variants, whose page "Lighthouse" was deleted."""
    page = make_page("Lighthouse", prints)
    page.options = [ProductOption(name="Size")]
    page.save()
    make_sku(page, "LH-S", option1="S", on_hand=4)
    make_sku(page, "LH-L", option1="L", on_hand=3)
    deleting.delete([page])
    return Product.objects.get()


def listed(client, query: str = "") -> str:
    return client.get(reverse("catalog_pageless"), {"q": query}).content.decode()


def test_the_list_calls_it_by_the_name_of_its_last_page(editor, client, product):
    make_sku(make_page("Harbour"), "HB")

    text = listed(client)

    assert "Lighthouse" in text
    assert "LH-S, LH-L" in text
    assert "HB" not in text
    assert "Delete for good" in text
    assert "Lighthouse" in listed(client, "lh-l")
    assert "Lighthouse" not in listed(client, "nothing")


def test_deleted_by_code_it_is_called_by_its_codes(editor, client, prints):
    page = make_page("Lighthouse", prints)
    make_sku(page, "LH")
    page.delete()

    assert "LH" in listed(client)
    product = Product.objects.get()
    assert "LH" in client.get(reverse("catalog_give_page", args=[product.pk])).content.decode()


def test_a_longer_list_costs_no_more_queries(editor, client, product, django_assert_num_queries):
    listed(client)
    with django_assert_num_queries(1000, exact=False) as few:
        listed(client)
    for _ in range(5):
        page = make_page()
        make_sku(page)
        deleting.delete([page])

    with django_assert_num_queries(len(few)):
        listed(client)


def test_it_gets_a_page_again_as_a_draft_with_its_facts(editor, client, product, prints):
    address = reverse("catalog_give_page", args=[product.pk])
    assert client.get(address).context["form"].initial["title"] == "Lighthouse"

    client.post(address, {"title": "Lighthouse", "category": prints.pk})

    page = ProductPage.objects.get()
    assert (page.title, page.live, page.product) == ("Lighthouse", False, product)
    assert page.get_parent().pk == prints.pk
    assert page.option_names == ["Size"]
    assert page.latest_revision.as_object().option_names == ["Size"]
    page.save_revision().publish()
    assert Sku.objects.purchasable().count() == 2
    assert address not in listed(client)
    assert client.get(address)["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_page_cannot_be_given_twice(editor, client, product, prints):
    address = reverse("catalog_give_page", args=[product.pk])
    data = {"title": "Lighthouse", "category": prints.pk}

    client.post(address, data)
    client.post(address, data)

    assert ProductPage.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"), [({"title": ""}, "title"), ({"category": ""}, "category")]
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    editor, client, product, prints, change, field
):
    data = {"title": "Typed", "category": str(prints.pk)} | change

    answer = client.post(reverse("catalog_give_page", args=[product.pk]), data)

    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() or "" for name in data} == data
    assert not ProductPage.objects.exists()


def test_given_a_page_a_retired_product_is_so_no_longer(prints):
    page = make_page("Lighthouse", prints)
    make_sku(page, "LH")
    retiring.retire([page])
    deleting.delete([Page.objects.get(pk=page.pk)])

    pageless.give_page(Product.objects.get(), title="Lighthouse", category=prints)

    assert Product.objects.get().retired is None
    assert Sku.objects.get().is_active


def test_deleted_for_good_nothing_is_left_and_the_codes_are_free(editor, client, product, prints):
    address = reverse("catalog_delete_product", args=[product.pk])
    assert "LH-S, LH-L" in client.get(address).content.decode()

    text = client.post(address, follow=True).content.decode()

    assert "“Lighthouse” was deleted for good." in text
    for model in (Product, Sku, Price, Stock, StockMovement):
        assert not model.objects.exists()
    make_sku(make_page(category=prints), "LH-S")


def test_what_was_sold_is_not_deleted_for_good(editor, client, product, monkeypatch):
    say(monkeypatch, SOLD, {product.pk: 1})

    offered = listed(client)
    address = reverse("catalog_delete_product", args=[product.pk])
    text = client.post(address, follow=True).content.decode()

    assert "Delete for good" not in offered
    assert "The product was sold" in text
    assert Sku.objects.count() == 2


def test_what_has_a_page_is_not_deleted_for_good(editor, client, product, prints):
    pageless.give_page(product, title="Lighthouse", category=prints)

    address = reverse("catalog_delete_product", args=[product.pk])
    text = client.post(address, follow=True).content.decode()

    assert "has a page again" in text
    assert Sku.objects.count() == 2


@pytest.mark.parametrize("name", ["catalog_give_page", "catalog_delete_product"])
def test_each_takes_a_permission_of_its_own(django_user_model, client, product, prints, name):
    user = django_user_model.objects.create_user("nobody", "n@example.com", "secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    client.post(reverse(name, args=[product.pk]), {"title": "A", "category": prints.pk})

    assert not ProductPage.objects.exists()
    assert Product.objects.exists()


def test_the_error_for_a_taken_code_leads_to_the_product_that_has_it(
    editor, client, product, prints
):
    page = make_page("Harbour", prints)

    answer = send(client, page, fill(shown(client, page), 0, code="lh-s", price="1"))

    message = errors(answer, 0)["code"][0]
    assert f'href="{reverse("catalog_pageless")}?q=LH-S"' in message
    assert "Lighthouse" in listed(client, "LH-S")


def test_all_that_were_never_sold_are_deleted_by_a_job(
    editor, client, product, prints, monkeypatch
):
    monkeypatch.setattr(jobs, "ring", lambda: None)
    for code in ("HB", "MILL"):
        page = make_page(category=prints)
        make_sku(page, code)
        deleting.delete([page])
    make_sku(make_page("In the shop", prints), "SHOP")
    say(monkeypatch, SOLD, {Sku.objects.get(code="HB").product_id: 2})
    address = reverse("catalog_delete_products")
    assert address in listed(client)
    assert "2 products go with their SKUs" in client.get(address).content.decode()

    client.post(address)
    jobs.run_due()

    assert set(Sku.objects.values_list("code", flat=True)) == {"HB", "SHOP"}
    assert Job.objects.get().report == {"sentences": ["2 products were deleted for good."]}


def test_an_order_that_comes_between_keeps_the_product(product, monkeypatch):
    """The last question is asked under the lock of the stock, not when the list was made."""
    monkeypatch.setattr(jobs, "ring", lambda: None)
    asked = []

    def sold(keys):
        asked.append(keys)
        return {} if len(asked) == 1 else {product.pk: 1}

    monkeypatch.setattr(retiring, "times_sold", sold)
    pageless.delete_all_later(user=None)
    jobs.run_due()

    assert Sku.objects.count() == 2
    assert Job.objects.get().report == {"sentences": ["0 products were deleted for good."]}
