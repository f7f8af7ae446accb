"""A product that was sold leaves the shop without losing anything, and can come back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from catalog import retiring
from catalog.models import ArchivePage, Product, ProductPage, Retirement, Sku
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    """A live product with a variant on sale, and one that was off sale before."""
    page = make_page("Lighthouse", make_category("Prints"))
    make_sku(page, "LH", option1="S")
    make_sku(page, "LH-OLD", option1="L", is_active=False)
    page.save_revision().publish()
    return fresh(page)


def fresh(page) -> ProductPage:
    return ProductPage.objects.get(pk=page.pk)


def on_sale() -> set[str]:
    return set(Sku.objects.filter(is_active=True).values_list("code", flat=True))


def test_a_retired_product_is_in_the_archive_and_nothing_of_it_can_be_bought(page, editor):
    assert retiring.retire([page], user=editor) == [page.product]

    page = fresh(page)
    assert page.get_parent().specific == ArchivePage.objects.get()
    assert (page.live, page.locked, page.product.in_stock) == (False, True, False)
    assert page.product.retired is not None
    assert on_sale() == set()
    assert not Sku.objects.purchasable().exists()
    assert Retirement.objects.get().user == editor


def test_retiring_twice_retires_once(page):
    assert retiring.retire([page, page]) != []
    moment = fresh(page).product.retired

    assert retiring.retire([fresh(page)]) == []

    assert fresh(page).product.retired == moment
    assert ArchivePage.objects.count() == 1


def test_two_products_of_one_slug_meet_in_the_archive(page):
    other = make_page("Lighthouse", make_category("Posters"))
    assert other.slug == page.slug

    retiring.retire([page, other])

    archive = ArchivePage.objects.get()
    assert set(archive.get_children()) == {page.page_ptr, other.page_ptr}


def test_no_shopper_comes_to_the_archive_or_below_it(page, client):
    category, old = page.get_parent(), page.url
    retiring.retire([page])
    # As if somebody had published what lies there.
    Page.objects.filter(pk=page.pk).update(live=True)
    page, archive = fresh(page), ArchivePage.objects.get()

    assert client.get(page.url).status_code in (404, 410)
    assert client.get(archive.url).status_code == 404
    assert not ProductPage.objects.live().public().exists()
    assert not archive.show_in_menus
    for address in [old, category.url, "/", reverse("search:results") + "?q=lighthouse"]:
        assert "/retired" not in client.get(address).content.decode()
    assert not Sku.objects.purchasable().exists()


def test_its_old_address_says_that_it_is_no_longer_sold(page, client):
    category, old = page.get_parent(), page.url

    retiring.retire([page])

    response = client.get(old)
    text = response.content.decode()
    assert response.status_code == 410
    assert "Lighthouse" in text
    assert "This is no longer sold" in text
    assert f'href="{category.url}"' in text
    assert "Set-Cookie" not in response.headers


def test_brought_back_it_is_a_draft_where_it_stood_and_its_skus_are_as_they_were(page, client):
    category, old = page.get_parent(), page.url
    retiring.retire([page])

    back = retiring.bring_back(fresh(page))

    assert back.get_parent().pk == category.pk
    assert (back.url, back.live, back.locked, back.product.retired) == (old, False, False, None)
    assert on_sale() == {"LH"}
    assert not Retirement.objects.exists()
    assert client.get(old).status_code == 404
    back.save_revision().publish()
    assert client.get(old).status_code == 200
    assert Sku.objects.purchasable().get().code == "LH"
    assert fresh(page).product.in_stock


def test_brought_back_to_another_category_its_old_address_leads_there(page, client):
    old, posters = page.url, make_category("Posters")
    retiring.retire([page])

    back = retiring.bring_back(fresh(page), parent=posters)
    back.save_revision().publish()

    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, "/posters/lighthouse/")


def test_brought_back_it_gives_way_to_a_page_that_took_its_address(page):
    category = page.get_parent().specific
    retiring.retire([page])
    make_page("Lighthouse", category)

    assert retiring.bring_back(fresh(page)).slug == "lighthouse-2"


def test_without_a_category_to_go_back_to_it_stays_retired_and_says_so(page):
    category = page.get_parent()
    retiring.retire([page])
    Page.objects.get(pk=category.pk).delete()

    with pytest.raises(retiring.NoPlaceError, match="was deleted"):
        retiring.bring_back(fresh(page))

    assert fresh(page).product.retired
    assert on_sale() == set()


def test_its_pages_in_other_languages_go_and_come_with_it(page):
    korean = Locale.objects.create(language_code="ko")
    category = page.get_parent()
    category.copy_for_translation(korean, copy_parents=True)
    translated = page.copy_for_translation(korean)
    translated.save_revision().publish()

    retiring.retire([page])

    archives = {pk: fresh(Page(pk=pk)).get_parent() for pk in (page.pk, translated.pk)}
    assert archives[page.pk].locale != archives[translated.pk].locale
    assert not fresh(translated).live

    retiring.bring_back(fresh(page))

    assert fresh(translated).get_parent().pk == category.get_translation(korean).pk
    assert not any(archive.get_children().exists() for archive in archives.values())


def test_its_aliases_are_unpublished_and_published_with_it_again(page):
    posters = make_category("Posters")
    alias = page.create_alias(parent=posters, update_slug="alias")

    retiring.retire([page])

    alias = fresh(alias)
    assert (alias.live, alias.get_parent()) == (False, posters.page_ptr)
    retiring.bring_back(fresh(page)).save_revision().publish()
    assert fresh(alias).live


def test_a_schedule_does_not_publish_what_was_retired(page):
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(approved_go_live_at=page.go_live_at).publish()

    retiring.retire([page])

    assert not page.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_the_editor_of_a_retired_product_says_so_and_offers_no_publishing(page, editor, client):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "action-publish" in client.get(address).content.decode()

    retiring.retire([page])

    shown = client.get(address).content.decode()
    assert "This product is retired" in shown
    assert reverse("catalog_bring_back", args=[page.pk]) in shown
    assert "action-publish" not in shown


def test_nothing_is_added_to_the_archive_by_hand(page, editor, client):
    retiring.retire([page])
    archive = ArchivePage.objects.get()
    other = make_page("Harbour", make_category("Posters"))
    add = reverse("wagtailadmin_pages:add", args=["catalog", "productpage", archive.pk])
    move = reverse("wagtailadmin_pages:move_confirm", args=[other.pk, archive.pk])

    assert client.get(add).status_code in (302, 403)
    assert client.post(move).status_code in (302, 403)
    assert archive.get_children().count() == 1
    assert client.get(reverse("wagtailadmin_explore", args=[archive.pk])).status_code == 200


def test_the_list_of_retired_products_leads_back_to_the_shop(page, editor, client):
    category = page.get_parent()
    retiring.retire([page], user=editor)
    listed = client.get(reverse("catalog_retired")).content.decode()
    address = reverse("catalog_bring_back", args=[page.pk])
    form = client.get(address)

    assert "Lighthouse" in listed
    assert "Prints" in listed
    assert address in listed
    assert form.context["form"].initial["category"] == category
    client.post(address, {"category": category.pk})
    assert fresh(page).get_parent().pk == category.pk
    assert address not in client.get(reverse("catalog_retired")).content.decode()
    assert client.get(address).status_code == 302


def test_bringing_back_without_a_category_says_so_at_the_field(page, editor, client):
    retiring.retire([page])

    answer = client.post(reverse("catalog_bring_back", args=[page.pk]), {"category": ""})

    assert answer.context["form"].errors["category"]
    assert fresh(page).product.retired


def test_a_longer_list_of_retired_products_costs_no_more_queries(
    editor, client, django_assert_max_num_queries
):
    category = make_category("Prints")
    retiring.retire([make_page(category=category)])
    client.get(reverse("catalog_retired"))
    with django_assert_max_num_queries(1000) as few:
        client.get(reverse("catalog_retired"))
    retiring.retire([make_page(category=category) for _ in range(5)])

    with django_assert_max_num_queries(len(few)):
        client.get(reverse("catalog_retired"))


def test_moved_out_of_the_archive_by_wagtails_own_move_it_is_brought_back(page, editor, client):
    posters = make_category("Posters")
    retiring.retire([page])

    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, posters.pk]))

    page = fresh(page)
    assert page.get_parent() == posters.page_ptr
    assert (page.product.retired, on_sale()) == (None, {"LH"})


def test_many_are_moved_out_of_the_archive_at_once(page, editor, client):
    posters = make_category("Posters")
    retiring.retire([page])
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])

    client.post(f"{address}?id={page.pk}&next=/admin/", {"chooser": posters.pk})

    assert fresh(page).get_parent() == posters.page_ptr
    assert on_sale() == {"LH"}


def test_the_archive_has_a_name_that_nobody_else_has():
    home = Site.objects.get(is_default_site=True).root_page
    make_category("Retired products", slug="retired-products")

    retiring.retire([make_page(category=make_category("Prints"))])

    assert ArchivePage.objects.child_of(home).get().slug == "retired-products-2"
    assert Product.objects.get().retired


def retire_at_once(pages) -> list[object]:
    """Retire each page in a thread of its own; return what each gave, or the error of each."""
    start = threading.Barrier(len(pages))

    def run(page) -> object:
        try:
            start.wait(timeout=30)
            return retiring.retire([page])
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(pages)) as pool:
        return list(pool.map(run, pages))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_products_retired_at_the_same_moment_share_one_archive():
    prints = make_category("Prints")
    pages = [make_page(category=prints) for _ in range(4)]

    results = retire_at_once(pages)

    assert all(isinstance(result, list) and len(result) == 1 for result in results), results
    assert ArchivePage.objects.get().get_children().count() == 4
    assert not any(Page.find_problems())


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_waiting_for_each_other_they_would_make_one_each(monkeypatch):
    """The control: look, then make. Only on PostgreSQL: on SQLite each has all to itself."""
    prints = make_category("Prints")
    pages = [make_page(category=prints) for _ in range(2)]
    both_have_looked = threading.Barrier(2)

    def careless(page):
        home = page.get_ancestors().get(depth=2)
        assert not ArchivePage.objects.exists()
        both_have_looked.wait(timeout=30)
        return home.add_child(instance=ArchivePage(title="Retired", slug="retired", live=False))

    monkeypatch.setattr(retiring, "archive_of", careless)

    results = retire_at_once(pages)

    assert sum(isinstance(result, ValidationError) for result in results) == 1, results


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_product_retired_twice_at_the_same_moment_is_retired_once():
    page = make_page("Lighthouse", make_category("Prints"))
    make_sku(page, "LH")

    results = retire_at_once([page, page])

    assert sorted(len(result) for result in results) == [0, 1]
    assert Retirement.objects.get().on_sale == [Sku.objects.get().pk]
