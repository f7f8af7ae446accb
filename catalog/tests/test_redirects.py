"""Old addresses lead to where a page is now: in one hop, never in a circle."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, Site

from catalog.models import CategoryPage, MovedBranch, ProductPage
from catalog.tests.factories import make_category, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks):
    """Wagtail says after the commit that a slug has changed; tests never commit."""
    with django_capture_on_commit_callbacks(execute=True):
        yield


@pytest.fixture
def prints():
    """/prints/ with /prints/lighthouse/ and /prints/old/harbour/."""
    prints = make_category("Prints")
    make_page("Lighthouse", prints)
    make_page("Harbour", make_category("Old", prints))
    return prints


def rename(page, slug, capture) -> None:
    page = Page.objects.get(pk=page.pk).specific
    page.slug = slug
    with capture(execute=True):
        page.save_revision().publish()


def move(page, target) -> None:
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=target.pk), pos="last-child")


def leads_to(client, address: str) -> str | int:
    """Where one request for the address leads: the next address, or the status."""
    response = client.get(address)
    return response["Location"] if response.status_code == 301 else response.status_code


def test_a_renamed_product_is_found_at_its_old_address(
    client, prints, django_capture_on_commit_callbacks
):
    rename(ProductPage.objects.get(slug="lighthouse"), "beacon", django_capture_on_commit_callbacks)

    assert leads_to(client, "/prints/lighthouse/") == "/prints/beacon/"
    assert leads_to(client, "/prints/lighthouse/?utm=mail") == "/prints/beacon/"
    assert leads_to(client, "/prints/beacon/") == 200


def test_a_moved_product_is_found_at_its_old_address(client, prints):
    move(ProductPage.objects.get(slug="lighthouse"), make_category("Posters"))

    assert leads_to(client, "/prints/lighthouse/") == "/posters/lighthouse/"


def test_all_that_is_below_a_moved_category_is_found(client, prints):
    move(prints, make_category("Wall"))

    assert leads_to(client, "/prints/") == "/wall/prints/"
    assert leads_to(client, "/prints/lighthouse/") == "/wall/prints/lighthouse/"
    assert leads_to(client, "/prints/old/harbour/") == "/wall/prints/old/harbour/"
    assert leads_to(client, "/prints/nothing/") == 404
    assert leads_to(client, "/printsandmore/") == 404


def test_all_that_is_below_a_renamed_category_is_found(
    client, prints, django_capture_on_commit_callbacks
):
    rename(prints, "paper", django_capture_on_commit_callbacks)

    assert leads_to(client, "/prints/") == "/paper/"
    assert leads_to(client, "/prints/old/harbour/") == "/paper/old/harbour/"


def test_a_branch_of_any_size_takes_a_constant_number_of_rows_and_queries(
    prints, django_assert_num_queries
):
    wall, first, second = make_category("Wall"), make_category("One"), make_category("Two")
    make_page(category=first)
    for _ in range(8):
        make_page(category=second)
    move(prints, wall)
    with django_assert_num_queries(1000, exact=False) as few:
        move(first, wall)
    with django_assert_num_queries(len(few)):
        move(second, wall)

    assert MovedBranch.objects.filter(path="/two").count() == 1
    assert Redirect.objects.filter(old_path__startswith="/two").count() == 1


def test_after_several_moves_every_old_address_leads_there_in_one_hop(
    client, prints, django_capture_on_commit_callbacks
):
    move(prints, make_category("Wall"))
    rename(prints, "paper", django_capture_on_commit_callbacks)
    move(ProductPage.objects.get(slug="lighthouse"), make_category("Posters"))
    rename(ProductPage.objects.get(slug="lighthouse"), "beacon", django_capture_on_commit_callbacks)

    for old in ["/prints", "/wall/prints", "/wall/paper"]:
        assert leads_to(client, f"{old}/lighthouse/") == "/posters/beacon/"
    for old in ["/prints", "/wall/prints"]:
        assert leads_to(client, f"{old}/old/harbour/") == "/wall/paper/old/harbour/"


def test_moved_there_and_back_again_and_again_nothing_grows_and_nothing_goes_in_circles(
    client, prints
):
    home, wall = prints.get_parent(), make_category("Wall")
    rows = []
    for _ in range(3):
        move(prints, wall)
        move(prints, home)
        rows.append((MovedBranch.objects.count(), Redirect.objects.count()))

    assert rows[0] == rows[1] == rows[2] == (2, 1)
    assert leads_to(client, "/prints/lighthouse/") == 200
    assert leads_to(client, "/wall/prints/") == "/prints/"
    assert leads_to(client, "/wall/prints/lighthouse/") == "/prints/lighthouse/"
    # Not live, it has no address to lead to, not even its own.
    ProductPage.objects.get(slug="lighthouse").unpublish()
    CategoryPage.objects.get(pk=prints.pk).unpublish()
    for address in ["/prints/", "/prints/lighthouse/", "/wall/prints/lighthouse/"]:
        assert leads_to(client, address) == 404


def test_what_left_a_branch_while_that_was_elsewhere_is_found_from_all_its_addresses(
    client, prints
):
    home, wall = prints.get_parent(), make_category("Wall")
    move(prints, wall)
    move(ProductPage.objects.get(slug="lighthouse"), make_category("Posters"))
    move(prints, home)

    assert leads_to(client, "/prints/lighthouse/") == "/posters/lighthouse/"
    assert leads_to(client, "/wall/prints/lighthouse/") == "/posters/lighthouse/"


def test_a_new_category_at_an_old_address_comes_first_and_hides_nothing_else(client, prints):
    move(prints, make_category("Wall"))
    make_page("Mill", make_category("Prints"))

    assert leads_to(client, "/prints/") == 200
    assert leads_to(client, "/prints/mill/") == 200
    assert leads_to(client, "/prints/lighthouse/") == "/wall/prints/lighthouse/"


def test_of_two_branches_that_stood_there_the_one_that_has_the_page_is_found(client, prints):
    wall = make_category("Wall")
    move(prints, wall)
    second = make_category("Prints")
    make_page("Mill", second)
    Page.objects.filter(pk=second.pk).update(slug="prints")
    move(second, make_category("Floor"))

    assert leads_to(client, "/prints/mill/") == "/floor/prints/mill/"
    assert leads_to(client, "/prints/lighthouse/") == "/wall/prints/lighthouse/"


def test_an_editors_own_redirect_is_kept_and_counts_more(client, prints):
    Redirect.add_redirect("/prints/lighthouse", "https://example.com/", is_permanent=False)
    site = Site.objects.get(is_default_site=True)
    own = Redirect.add_redirect("/prints", "https://example.com/prints", site=site)

    move(prints, make_category("Wall"))

    assert client.get("/prints/lighthouse/")["Location"] == "https://example.com/"
    assert client.get("/prints/")["Location"] == "https://example.com/prints"
    assert Redirect.objects.filter(pk=own.pk).exists()


def test_a_draft_that_was_never_published_leaves_no_redirect(prints):
    draft = make_page("Draft", prints, live=False)
    draft.slug = "renamed"
    draft.save()
    move(draft, make_category("Posters"))

    assert not Redirect.objects.filter(redirect_page=draft.pk).exists()


def test_pages_of_other_languages_are_found_at_their_own_old_addresses(client, prints):
    korean = Locale.objects.create(language_code="ko")
    translated = prints.copy_for_translation(korean, copy_parents=True)
    translated.save_revision().publish()
    lighthouse = ProductPage.objects.get(slug="lighthouse").copy_for_translation(korean)
    lighthouse.save_revision().publish()
    home = translated.get_parent().specific
    wall = make_category("벽", home, slug="벽", locale=korean)

    move(translated, wall)

    old = f"/ko/{translated.slug}/{lighthouse.slug}/"
    assert leads_to(client, old) == ProductPage.objects.get(pk=lighthouse.pk).url
    assert leads_to(client, "/prints/lighthouse/") == 200


def test_addresses_in_any_script_are_found(client):
    prints = make_category("판화", slug="판화")
    make_page("등대", prints, slug="등대")
    move(prints, make_category("Wall"))

    assert leads_to(client, "/판화/등대/") == ProductPage.objects.get().url


def test_a_renamed_home_page_changes_no_address(
    request, client, prints, django_capture_on_commit_callbacks
):
    # The tree is rolled back afterwards, what Wagtail remembers of it is not.
    request.addfinalizer(Site.clear_site_root_paths_cache)
    home = prints.get_parent()

    rename(home, "start", django_capture_on_commit_callbacks)

    assert leads_to(client, "/prints/lighthouse/") == 200
    assert not MovedBranch.objects.exists()
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("address", ["/prints/\0/", "/%00/", "//", "/prints/" + "a/" * 60, "/%ff/"])
def test_strange_addresses_are_just_not_found(client, prints, address):
    move(prints, make_category("Wall"))

    assert leads_to(client, address) in (404, 200)


def test_many_branches_on_one_path_are_not_looked_through_for_ever(
    client, prints, django_assert_max_num_queries
):
    site = Site.objects.get(is_default_site=True)
    for number in range(200):
        MovedBranch.objects.create(site=site, path=f"/{number}", page=prints)
    client.get("/nowhere/")

    with django_assert_max_num_queries(200):
        assert leads_to(client, "/7/nothing/") == 404
