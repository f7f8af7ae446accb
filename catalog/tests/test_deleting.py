"""Deleting: what it comes to is said before, what was sold is retired, nothing is a 500."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db.models import PROTECT, ProtectedError
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Page, Site

from catalog import deleting, jobs, retiring
from catalog.models import (
    ArchivePage,
    CategoryPage,
    Job,
    Product,
    ProductPage,
    RelatedProduct,
    Sku,
)
from catalog.signals import OPEN_CARTS, SOLD
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.figures import say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_rings(monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda: None)


@pytest.fixture
def prints():
    """A category with three products: A and B, each with a SKU, and C without."""
    prints = make_category("Prints")
    make_sku(make_page("A", prints), "A")
    make_sku(make_page("B", make_category("Old", prints)), "B")
    make_page("C", prints)
    return CategoryPage.objects.get(pk=prints.pk)


@pytest.fixture
def a_is_sold(prints, monkeypatch):
    say(monkeypatch, SOLD, {page("A").product_id: 12})


def page(title: str) -> ProductPage:
    return ProductPage.objects.get(title=title)


def ask(client, asked: Page) -> str:
    return client.get(reverse("wagtailadmin_pages:delete", args=[asked.pk])).content.decode()


def delete(client, asked: Page, **data):
    address = reverse("wagtailadmin_pages:delete", args=[asked.pk])
    return client.post(address, data, follow=True)


def in_bulk(*pages: Page) -> str:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    return f"{address}?{'&'.join(f'id={page.pk}' for page in pages)}&next=/admin/"


def test_the_page_of_a_sold_product_says_that_it_will_be_retired(editor, client, a_is_sold):
    text = ask(client, page("A"))

    assert "This product was sold 12 times: it will be retired, not deleted." in text
    assert "Yes, retire it" in text
    assert "will be deleted" not in text


def test_a_category_says_how_many_are_retired_and_how_many_deleted(
    editor, client, prints, a_is_sold
):
    text = ask(client, prints)

    assert "1 product was sold before: it will be retired, not deleted." in text
    assert "4 pages will be deleted" in text
    assert "1 product was never sold. Its SKUs, prices and stock stay" in text


def test_deleting_a_category_retires_what_was_sold_and_deletes_the_rest(
    editor, client, prints, a_is_sold
):
    text = delete(client, prints).content.decode()

    assert [product.title for product in ProductPage.objects.all()] == ["A"]
    assert page("A").get_parent().specific_class == ArchivePage
    assert not CategoryPage.objects.exists()
    assert "1 product was sold before, so it was retired instead of deleted." in text
    assert "4 pages were deleted." in text
    assert set(Sku.objects.values_list("code", flat=True)) == {"A", "B"}
    assert not any(Page.find_problems())


def test_chosen_pages_say_the_same_and_end_the_same(editor, client, prints, a_is_sold):
    old = Page.objects.get(title="Old")
    text = client.get(in_bulk(page("A"), old, page("B"))).content.decode()
    assert "1 product was sold before: it will be retired, not deleted." in text
    # B stands below Old, so it is counted once.
    assert "2 pages will be deleted" in text

    done = client.post(in_bulk(page("A"), old, page("B")), follow=True).content.decode()

    assert "retired instead of deleted" in done
    assert "2 pages were deleted." in done
    assert {product.title for product in ProductPage.objects.all()} == {"A", "C"}


def test_what_is_retired_already_is_kept_and_the_answer_says_so(editor, client, prints, a_is_sold):
    retiring.retire([page("A")])
    archive = ArchivePage.objects.get()

    for asked in (page("A"), archive):
        assert "is retired already" in ask(client, asked)
        assert "is retired already" in delete(client, asked).content.decode()
    done = client.post(in_bulk(page("A"), page("C")), follow=True).content.decode()

    assert "is retired already" in done
    assert {product.title for product in ProductPage.objects.all()} == {"A", "B", "C"}


def test_retired_but_never_sold_it_is_deleted(editor, client, prints):
    retiring.retire([page("A")])

    delete(client, page("A"))

    assert not ProductPage.objects.filter(title="A").exists()


def test_the_home_page_is_not_deleted_with_the_archive_that_must_stay(
    editor, client, prints, a_is_sold
):
    home = Site.objects.get(is_default_site=True).root_page

    assert "cannot be deleted, because the archive" in ask(client, home)
    assert (
        "cannot be deleted, because the archive"
        in delete(client, home, confirm_site_name="Storefront").content.decode()
    )

    assert ProductPage.objects.count() == 3


def test_a_product_with_a_page_elsewhere_loses_only_this_one(editor, client, prints, a_is_sold):
    korean = Locale.objects.create(language_code="ko")
    prints.copy_for_translation(korean, copy_parents=True)
    page("A").copy_for_translation(korean)
    original = ProductPage.objects.exclude(locale=korean).get(title="A")

    assert "will be retired" not in ask(client, original)
    delete(client, original)

    left = page("A")
    assert left.locale == korean
    assert not left.product.retired
    assert Sku.objects.get(code="A").is_active


def test_an_alias_is_deleted_and_its_source_goes_on_being_sold(editor, client, prints, a_is_sold):
    alias = page("A").create_alias(parent=make_category("Posters"), update_slug="alias")

    delete(client, alias)

    assert ProductPage.objects.filter(title="A").count() == 1
    assert page("A").live
    assert not page("A").product.retired


@pytest.fixture
def needed(monkeypatch, prints):
    """Something that is not a product's, and that needs page A: as an app of tomorrow might."""
    relation = RelatedProduct._meta.get_field("product_page").remote_field
    monkeypatch.setattr(relation, "on_delete", PROTECT)
    RelatedProduct.objects.create(page=page("C"), product_page=page("A"))
    with pytest.raises(ProtectedError):
        Page.objects.get(title="A").delete()


@pytest.mark.parametrize("asked", ["A", "Old"])
def test_a_page_that_something_needs_is_kept_with_a_sentence(editor, client, needed, asked):
    old = CategoryPage.objects.get(title="Old")
    page("A").move(old, pos="last-child")
    asked = Page.objects.get(title=asked)

    answers = [
        delete(client, asked),
        client.post(in_bulk(asked), follow=True),
    ]

    for answer in answers:
        assert answer.status_code == 200
        assert "was not deleted, because something still needs it" in answer.content.decode()
    assert {product.title for product in ProductPage.objects.all()} == {"A", "B", "C"}
    assert client.get(in_bulk(asked)).status_code == 200
    deleting.delete_later([asked], user=editor)
    jobs.run_due()
    assert "something still needs it" in Job.objects.get().problem


def test_many_pages_are_deleted_by_a_job(editor, client, prints, a_is_sold, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_PAGES_AT_ONCE", 2)
    monkeypatch.setattr(deleting, "BATCH", 1)
    assert "in the background" in ask(client, prints)

    text = delete(client, prints).content.decode()

    job = Job.objects.get()
    assert "Delete “Prints” and all below it" in text
    assert ProductPage.objects.count() == 3
    jobs.run_due()
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 5, 5)
    assert "4 pages were deleted." in job.report["sentences"][0]
    assert [product.title for product in ProductPage.objects.all()] == ["A"]
    assert not CategoryPage.objects.exists()
    assert not any(Page.find_problems())


def test_many_chosen_pages_are_deleted_by_a_job(editor, client, prints, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_PAGES_AT_ONCE", 2)

    text = client.post(in_bulk(prints), follow=True).content.decode()

    assert "done in the background" in text
    jobs.run_due()
    assert not ProductPage.objects.exists()


def test_a_job_that_was_interrupted_goes_on_where_it_was(prints, a_is_sold, monkeypatch):
    class KilledError(BaseException):
        """As a worker that is shot."""

    def die(*args, **kwargs):
        raise KilledError

    monkeypatch.setattr(deleting, "BATCH", 1)
    deleting.delete_later([prints], user=None)
    with monkeypatch.context() as patch:
        patch.setattr(deleting, "log", die)
        with pytest.raises(KilledError):
            jobs.run_due()
    assert page("A").product.retired
    assert not any(Page.find_problems())
    Job.objects.update(leased_until=Job.objects.get().started)

    jobs.run_due()

    assert Job.objects.get().state == Job.State.DONE
    assert [product.title for product in ProductPage.objects.all()] == ["A"]


def test_the_name_of_the_shop_is_asked_before_many_pages_are_deleted(
    editor, client, prints, settings
):
    settings.WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 5
    assert "confirm_site_name" in ask(client, prints)

    delete(client, prints, confirm_site_name="Something else")
    assert CategoryPage.objects.filter(pk=prints.pk).exists()

    delete(client, prints, confirm_site_name="Storefront")
    assert not CategoryPage.objects.filter(pk=prints.pk).exists()


def test_whoever_may_not_delete_is_refused(django_user_model, client, prints):
    user = django_user_model.objects.create_user("nobody", "n@example.com", "secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    delete(client, prints)
    client.post(in_bulk(prints))

    assert CategoryPage.objects.filter(pk=prints.pk).exists()


def test_a_merchandiser_can_retire_and_bring_back(django_user_model, client, prints, a_is_sold):
    group = Group.objects.create(name="Shelf")
    home = Site.objects.get(is_default_site=True).root_page
    for codename in ("add_page", "change_page", "publish_page", "bulk_delete_page"):
        permission = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(group=group, page=home, permission=permission)
    for codename in ("access_admin", "change_productpage"):
        group.permissions.add(Permission.objects.get(codename=codename))
    user = django_user_model.objects.create_user("merchandiser", "m@example.com", "secret")
    user.groups.add(group)
    client.force_login(user)

    delete(client, page("A"))
    assert page("A").product.retired
    client.post(reverse("catalog_bring_back", args=[page("A").pk]), {"category": prints.pk})

    assert not page("A").product.retired
    assert page("A").get_parent().pk == prints.pk


def test_open_carts_are_told_before_a_product_is_deleted(editor, client, prints, monkeypatch):
    say(monkeypatch, OPEN_CARTS, {page("A").product_id: 3})

    assert "3 open carts hold it." in ask(client, page("A"))
    assert "open cart" not in ask(client, page("B"))


def test_planning_costs_the_same_however_many_there_are(
    prints, a_is_sold, django_assert_num_queries
):
    with django_assert_num_queries(50, exact=False) as few:
        deleting.plan([prints])
    for _ in range(10):
        make_sku(make_page(category=prints))

    asked = Page.objects.get(pk=prints.pk)
    with django_assert_num_queries(len(few)):
        planned = deleting.plan([asked])

    assert (planned.total, planned.archived, planned.left) == (15, 1, 11)
    assert Product.objects.count() == 13
