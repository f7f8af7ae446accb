"""What is done to many products at once: the selection, who may, and what comes of it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import GroupPagePermission, Page, Site, Workflow

from catalog import jobs, tagging
from catalog.admin import bulk_products, bulk_selection
from catalog.models import Brand, Job, PriceBatch, Product, ProductPage, Sku
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return make_category("Prints")


@pytest.fixture
def pages(category):
    return [make_page(title, category) for title in ("Lighthouse", "Harbour", "Night")]


def address(action, pages=(), **asked) -> str:
    query = "&".join(
        [
            *(f"id={page.pk}" for page in pages),
            *(f"{name}={value}" for name, value in asked.items()),
        ]
    )
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return f"{url}?{query}"


def everything(action, category, **asked) -> str:
    """As the admin asks where somebody chose all pages of the listing."""
    listing = reverse("wagtailadmin_explore", args=[category.pk])
    return address(action, id="all", childOf=category.pk, next=listing, **asked)


def words(response) -> str:
    text = re.sub(
        r"<(script|style|template).*?</\1>|<[^>]*>", " ", response.content.decode(), flags=re.S
    )
    return " ".join(text.split())


def tags_of(page) -> list[str]:
    return sorted(ProductPage.objects.get(pk=page.pk).tags.names())


def draft_tags(page) -> list[str]:
    draft = ProductPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return sorted(tag.name for tag in draft.tags.all())


def clerk(client, *, on, actions, permissions=("change_productpage",)):
    """Somebody who may do these things on a branch of the tree, logged in."""
    group = Group.objects.create(name="Clerks")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in permissions:
        group.permissions.add(Permission.objects.get(codename=codename))
    for action in actions:
        permission = Permission.objects.get(codename=f"{action}_page")
        GroupPagePermission.objects.create(group=group, page=on, permission=permission)
    user = get_user_model().objects.create_user("clerk", "clerk@example.com", "secret")
    user.groups.add(group)
    client.force_login(user)
    return user


# --- The selection -----------------------------------------------------------


def test_all_in_the_listing_means_what_its_filters_leave(client, editor, category, pages):
    pages[0].brand = Brand.objects.create(name="Ocean")
    pages[0].save()

    client.post(everything("unpublish", category, brand="Ocean"))

    live = ProductPage.objects.filter(live=True).values_list("title", flat=True)
    assert set(live) == {"Harbour", "Night"}


def test_all_in_the_listing_means_what_was_searched_for(client, editor, category, pages):
    make_sku(pages[1], "HARBOUR-1")

    client.post(everything("unpublish", category, q="harbour-1"))

    live = ProductPage.objects.filter(live=True).values_list("title", flat=True)
    assert set(live) == {"Lighthouse", "Night"}


def test_all_in_the_flat_listing_means_products_and_no_other_page(client, editor, pages):
    client.post(address("unpublish", id="all", next="/admin/products/", q="Night"))

    live = Page.objects.filter(live=True, depth__gt=1).values_list("title", flat=True)
    assert "Night" not in live
    assert {"Lighthouse", "Harbour", "Prints"} <= set(live)


def test_all_in_a_listing_that_is_not_known_means_nothing(client, editor, category, pages):
    listing = reverse("wagtailadmin_pages:type_use", args=["catalog", "productpage"])

    response = client.post(address("unpublish", id="all", next=listing), follow=True)

    assert "No page was chosen" in words(response)
    assert not Page.objects.filter(live=False).exists()


def test_all_below_a_page_of_another_kind_follows_wagtails_own_filters(client, editor, pages):
    home = Site.objects.get().root_page
    draft = make_category("Draft", live=False)

    client.post(everything("publish", home, content_type=draft.content_type_id, q="draft"))
    client.post(everything("publish", home))

    assert Page.objects.get(pk=draft.pk).live


def test_more_than_can_be_dealt_with_is_refused_with_a_sentence(
    client, editor, category, pages, monkeypatch
):
    for action in (*bulk_products.ACTIONS, bulk_selection.ListedPages):
        monkeypatch.setattr(action, "most_at_once", 2)

    for action in ("unpublish", "publish", "move", "delete", "retire", "tag", "price_batch"):
        response = client.get(everything(action, category), follow=True)
        assert "more than 2 pages" in words(response), action
        assert client.post(everything(action, category)).status_code == 302, action

    assert ProductPage.objects.live().count() == 3
    assert client.get(address("tag", pages[:2])).status_code == 200


@pytest.mark.parametrize("key", ["x", "9" * 30])
def test_keys_that_are_none_are_no_server_error(client, editor, key):
    response = client.get(address("tag", id=key), follow=True)

    assert response.status_code == 200
    assert "No page was chosen" in words(response)


def test_pages_that_are_gone_are_not_found(client, editor):
    assert client.get(address("tag", id="999999")).status_code == 404


# --- Wagtail's own actions ---------------------------------------------------


def test_publishing_unpublishing_and_moving_touch_no_fact(client, editor, category, pages):
    skus = [make_sku(page, price="10.00", on_hand=5) for page in pages]
    facts = list(Sku.objects.order_by("pk").values("pk", "product", "stock__on_hand"))
    target = make_category("Posters")

    client.post(address("unpublish", pages))
    assert not ProductPage.objects.live().exists()
    client.post(address("publish", pages))
    assert ProductPage.objects.live().count() == 3
    client.post(address("move", pages), {"chooser": target.pk})

    assert ProductPage.objects.child_of(target).count() == 3
    assert list(Sku.objects.order_by("pk").values("pk", "product", "stock__on_hand")) == facts
    assert Sku.objects.purchasable().count() == len(skus)


def test_a_page_of_the_shop_says_itself_who_may_publish_it(client, category, pages):
    clerk(client, on=category, actions=("publish", "change"), permissions=())

    response = client.post(address("unpublish", pages))

    assert response.status_code == 302
    assert ProductPage.objects.live().count() == 3


# --- Tags --------------------------------------------------------------------


def tag(client, pages, add="", remove=(), **asked):
    known = [Tag.objects.get(name=name).pk for name in remove]
    data = {"add": add, "remove": known}
    return client.post(address("tag", pages, next="/admin/", **asked), data, follow=True)


def test_live_products_get_their_tags_at_once(client, editor, pages):
    response = tag(client, pages[:2], "sea, night")

    assert [tags_of(page) for page in pages] == [["night", "sea"], ["night", "sea"], []]
    assert "tags of 2 products were changed and are live" in words(response)
    page = ProductPage.objects.get(pk=pages[0].pk)
    assert not page.has_unpublished_changes
    assert page.live_revision_id == page.latest_revision_id
    assert page.latest_revision.user == editor


def test_tags_can_be_taken_away(client, editor, pages):
    tag(client, pages, "sea, night")

    tag(client, pages[:1], "day", remove=["sea"])

    assert [tags_of(page) for page in pages[:2]] == [["day", "night"], ["night", "sea"]]


def test_unpublished_changes_stay_unpublished_and_keep_everything(client, editor, pages):
    page = pages[0]
    draft = ProductPage.objects.get(pk=page.pk)
    draft.title, draft.summary = "Lighthouse II", "Written and not published."
    draft.tags.add("secret")
    draft.save_revision(user=editor)

    tag(client, [page], "sea")

    live = ProductPage.objects.get(pk=page.pk)
    assert (live.title, live.summary, tags_of(live)) == ("Lighthouse", "", ["sea"])
    assert live.has_unpublished_changes
    assert live.draft_title == "Lighthouse II"
    kept = live.get_latest_revision_as_object()
    assert (kept.title, kept.summary) == ("Lighthouse II", "Written and not published.")
    assert draft_tags(page) == ["sea", "secret"]
    live.latest_revision.publish(user=editor)
    assert tags_of(page) == ["sea", "secret"]


def test_a_draft_that_has_the_tag_already_stays_the_latest_version(client, editor, pages):
    draft = ProductPage.objects.get(pk=pages[0].pk)
    draft.title = "Lighthouse II"
    draft.tags.add("sea")
    draft.save_revision(user=editor)

    tag(client, pages[:1], "sea")

    live = ProductPage.objects.get(pk=pages[0].pk)
    assert (live.title, tags_of(live)) == ("Lighthouse", ["sea"])
    assert live.has_unpublished_changes
    assert live.get_latest_revision_as_object().title == "Lighthouse II"


def test_what_was_never_published_stays_a_draft(client, editor, category):
    page = make_page("Draft", category, live=False)
    page.save_revision()

    response = tag(client, [page], "sea")

    assert not ProductPage.objects.get(pk=page.pk).live
    assert tags_of(page) == draft_tags(page) == ["sea"]
    assert "The tags of 1 product were changed in its draft" in words(response)


def test_who_may_edit_but_not_publish_changes_the_draft(client, category, pages):
    clerk(client, on=category, actions=("change",))

    tag(client, pages[:1], "sea")

    assert tags_of(pages[0]) == []
    assert draft_tags(pages[0]) == ["sea"]
    assert ProductPage.objects.get(pk=pages[0].pk).has_unpublished_changes


def test_who_may_not_edit_changes_nothing(client, category, pages):
    other = make_category("Other")
    clerk(client, on=other, actions=("change", "publish"))

    response = tag(client, pages, "sea")

    assert "left out, because they are no products or you may not" in words(response)
    assert [tags_of(page) for page in pages] == [[], [], []]
    assert not ProductPage.objects.filter(latest_revision__isnull=False).exists()


def test_locked_scheduled_and_submitted_products_are_left_and_named(client, editor, pages):
    locked, scheduled, submitted = pages
    other = get_user_model().objects.create_superuser("other", "other@example.com", "secret")
    Page.objects.filter(pk=locked.pk).update(locked=True, locked_by=other, locked_at=timezone.now())
    draft = ProductPage.objects.get(pk=scheduled.pk)
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.title = "Harbour tomorrow"
    draft.save_revision().publish()
    submitted.save_revision()
    Workflow.objects.get(name="Moderators approval").start(submitted, editor)

    response = tag(client, pages, "sea")

    assert [tags_of(page) for page in pages] == [[], [], []]
    for reason in (
        "“Lighthouse” was left as it is. It is locked.",
        "“Harbour tomorrow” was left as it is. A version of it is scheduled",
        "“Night” was left as it is. It waits for approval",
    ):
        assert reason in words(response)
    assert ProductPage.objects.get(pk=scheduled.pk).approved_schedule
    assert ProductPage.objects.get(pk=submitted.pk).current_workflow_state


def test_an_alias_follows_its_source_and_is_not_changed_itself(client, editor, category, pages):
    alias = pages[0].create_alias(parent=make_category("Posters"))

    tag(client, [alias, pages[0]], "sea")

    assert tags_of(pages[0]) == tags_of(alias) == ["sea"]


def test_tags_are_not_made_twice_in_two_spellings(client, editor, pages):
    tag(client, pages[:1], "Sea")

    tag(client, pages[:2], "sea")

    assert [tags_of(page) for page in pages[:2]] == [["Sea"], ["Sea"]]
    assert Tag.objects.filter(name__iexact="sea").count() == 1


def test_doing_it_twice_writes_nothing_more(client, editor, pages):
    tag(client, pages[:1], "sea")
    before = ProductPage.objects.get(pk=pages[0].pk).latest_revision_id

    response = tag(client, pages[:1], "sea")

    assert ProductPage.objects.get(pk=pages[0].pk).latest_revision_id == before
    assert "1 product had these tags already" in words(response)


def test_the_form_wants_to_know_which_tags(client, editor, pages):
    response = tag(client, pages)
    assert "Say which tags to add or to take away" in words(response)

    tag(client, pages, "sea")
    response = tag(client, pages, "Sea", remove=["sea"])
    assert "“Sea” cannot be added and taken away at once" in words(response)
    assert "checked" in response.content.decode()
    response = tag(client, pages, "x" * 101)
    assert "x" * 101 in response.content.decode()
    assert not Tag.objects.filter(name__startswith="x").exists()


def test_many_products_are_tagged_by_a_worker(client, editor, pages, monkeypatch):
    monkeypatch.setattr(bulk_products, "MOST_TO_WAIT_FOR", 2)

    response = tag(client, pages, "sea")

    job = Job.objects.get()
    assert response.redirect_chain[-1][0] == reverse("catalog_jobs:detail", args=[job.pk])
    assert tags_of(pages[0]) == []
    jobs.run_due()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.problem
    assert (job.done, job.total) == (3, 3)
    assert job.report["sentences"] == ["The tags of 3 products were changed and are live."]
    assert [tags_of(page) for page in pages] == [["sea"]] * 3


def test_a_worker_asks_again_whether_one_may(client, category, pages, monkeypatch):
    monkeypatch.setattr(bulk_products, "MOST_TO_WAIT_FOR", 0)
    clerk(client, on=category, actions=("change", "publish"))
    tag(client, pages[:1], "sea")
    GroupPagePermission.objects.filter(group__name="Clerks").delete()

    jobs.run_due()

    assert tags_of(pages[0]) == []
    assert "You may not edit it" in Job.objects.get().report["sentences"][0]


def test_a_worker_does_nothing_for_somebody_who_left(client, editor, pages):
    tagging.later([pages[0].pk], add=["sea"], remove=[], user=None)

    jobs.run_due()

    assert Job.objects.get().state == Job.State.FAILED
    assert tags_of(pages[0]) == []


# --- Retire, price batch, grid -----------------------------------------------


def test_products_are_retired_together(client, editor, pages):
    for page in pages:
        make_sku(page)

    question = client.get(address("retire", pages[:2], next="/admin/"))
    response = client.post(address("retire", pages[:2], next="/admin/"), follow=True)

    assert "This is about 2 products: Lighthouse Harbour" in words(question)
    assert "2 products were retired" in words(response)
    retired = Product.objects.filter(retired__isnull=False)
    assert set(retired) == {page.product for page in pages[:2]}


def test_only_who_may_publish_a_product_may_retire_it(client, category, pages):
    clerk(client, on=category, actions=("change",))

    response = client.post(address("retire", pages, next="/admin/"))

    assert response.status_code == 200
    assert not Product.objects.filter(retired__isnull=False).exists()
    assert ProductPage.objects.live().count() == 3


def test_many_products_are_retired_by_a_worker(client, editor, pages, monkeypatch):
    monkeypatch.setattr(bulk_products, "MOST_TO_WAIT_FOR", 2)

    client.post(address("retire", pages, next="/admin/"))

    assert not Product.objects.filter(retired__isnull=False).exists()
    assert jobs.run_due() == 1
    job = Job.objects.get()
    assert job.report == {"sentences": ["3 products were retired."]}, job.problem
    assert Product.objects.filter(retired__isnull=False).count() == 3


def test_a_worker_retires_only_what_one_may_still_retire(client, category, pages, monkeypatch):
    monkeypatch.setattr(bulk_products, "MOST_TO_WAIT_FOR", 0)
    clerk(client, on=category, actions=("change", "publish"))
    client.post(address("retire", pages[:1], next="/admin/"))
    GroupPagePermission.objects.filter(group__name="Clerks").delete()

    jobs.run_due()

    assert (
        "1 product was left, because you may not retire it."
        in Job.objects.get().report["sentences"]
    )
    assert not Product.objects.filter(retired__isnull=False).exists()


def test_a_price_batch_is_made_of_the_selection_and_opened(client, editor, pages):
    for page in pages:
        make_sku(page, price="10.00")

    question = client.get(address("price_batch", pages[:2], next="/admin/"))
    assert not PriceBatch.objects.exists()
    response = client.post(address("price_batch", pages[:2], next="/admin/"))

    batch = PriceBatch.objects.get()
    assert "no price changes before" in words(question)
    assert response.url == AdminURLFinder(editor).get_edit_url(batch)
    assert batch.products == [page.pk for page in pages[:2]]
    assert not batch.live


def test_a_price_batch_needs_its_own_permission(client, category, pages):
    clerk(client, on=category, actions=("change", "publish"))

    client.post(address("price_batch", pages, next="/admin/"))

    assert not PriceBatch.objects.exists()


def test_the_grid_opens_with_the_selection(client, editor, pages):
    for page in pages:
        make_sku(page)

    response = client.get(address("prices_and_stock", pages[:2]), follow=True)

    assert response.status_code == 200
    assert reverse("catalog_many_variants") in response.redirect_chain[0][0]
    assert "Lighthouse" in words(response)
    assert "Night" not in words(response)


def test_the_grid_is_not_for_those_without_rights_on_facts(client, category, pages):
    clerk(client, on=category, actions=("change",))

    response = client.get(address("prices_and_stock", pages, next="/admin/"))

    assert response.status_code == 200
    assert "3 pages are left out" in words(response)


def test_categories_are_left_out_and_named(client, editor, category, pages):
    response = client.get(address("retire", [category, pages[0]]))

    assert "This is about 1 product: Lighthouse" in words(response)
    assert "1 page is left out, because it is no product" in words(response)


def test_only_the_first_of_many_are_named(client, editor, category, monkeypatch):
    monkeypatch.setattr(bulk_products, "MOST_NAMED", 2)
    for number in range(5):
        make_page(f"Print {number}", category)

    text = words(client.get(everything("tag", category)))

    assert "This is about 5 products: Print 0 Print 1 and 3 others" in text


def test_the_listing_offers_the_actions(client, editor, category, pages):
    html = client.get(reverse("wagtailadmin_explore", args=[category.pk])).content.decode()

    for action in ("publish", "unpublish", "move", "delete", "tag", "retire", "price_batch"):
        assert address(action).rstrip("?") in html, action
