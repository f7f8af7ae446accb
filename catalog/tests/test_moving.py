"""Large branches are moved and renamed by a worker, in one piece or not at all."""

import threading
import time

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import Page, Site

from catalog import jobs, moving
from catalog.models import CategoryPage, Job, MovedBranch, ProductPage
from catalog.tests.factories import make_category, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch):
    """More than two pages are a large branch, and nobody rings for a worker."""
    monkeypatch.setattr(jobs, "MOST_PAGES_AT_ONCE", 2)
    monkeypatch.setattr(jobs, "ring", lambda: None)


@pytest.fixture
def prints():
    """/prints/ with /prints/a/, /prints/old/ and /prints/old/b/."""
    prints = make_category("Prints")
    make_page("A", prints)
    make_page("B", make_category("Old", prints))
    return CategoryPage.objects.get(pk=prints.pk)


@pytest.fixture
def wall():
    return make_category("Wall")


def addresses() -> set[str]:
    return {page.url for page in ProductPage.objects.all()}


def tree_is_right() -> bool:
    """Every path, depth, number of children and address as treebeard and Wagtail want them."""
    wrong = Page.find_problems()
    paths_right = all(
        page.url_path == f"{page.get_parent().url_path}{page.slug}/"
        for page in Page.objects.filter(depth__gt=2)
    )
    return not any(wrong) and paths_right


def test_a_small_branch_moves_at_once(editor, client, wall):
    prints = make_category("Prints")
    make_page("A", prints)

    client.post(reverse("wagtailadmin_pages:move_confirm", args=[prints.pk, wall.pk]))

    assert addresses() == {"/wall/prints/a/"}
    assert not Job.objects.exists()


def test_a_large_branch_is_moved_by_a_job(editor, client, prints, wall):
    address = reverse("wagtailadmin_pages:move_confirm", args=[prints.pk, wall.pk])

    asked = client.get(address).content.decode()
    answer = client.post(address)

    job = Job.objects.get()
    assert "the 3 pages below it into “Wall”" in asked
    assert answer["Location"] == reverse("catalog_jobs:detail", args=[job.pk])
    assert (job.user, job.state) == (editor, Job.State.WAITING)
    assert addresses() == {"/prints/a/", "/prints/old/b/"}

    jobs.run_due()

    job.refresh_from_db()
    assert addresses() == {"/wall/prints/a/", "/wall/prints/old/b/"}
    assert (job.state, job.done, job.total) == (Job.State.DONE, 4, 4)
    assert "3 pages below it have their new addresses" in job.report["sentences"][0]
    assert client.get("/prints/old/b/")["Location"] == "/wall/prints/old/b/"
    assert tree_is_right()


def test_many_chosen_pages_move_the_small_ones_now_and_the_large_ones_later(
    editor, client, prints, wall
):
    small = make_category("Small")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])

    answer = client.post(
        f"{address}?id={small.pk}&id={prints.pk}&next=/admin/", {"chooser": wall.pk}, follow=True
    )

    text = answer.content.decode()
    assert "1 page has been moved" in text
    assert "done in the background" in text
    assert Page.objects.get(pk=small.pk).get_parent().pk == wall.pk
    assert Page.objects.get(pk=prints.pk).get_parent().pk != wall.pk
    jobs.run_due()
    assert Page.objects.get(pk=prints.pk).get_parent().pk == wall.pk
    assert tree_is_right()


def test_whoever_may_not_move_it_there_owes_no_job(django_user_model, client, prints, wall):
    client.force_login(django_user_model.objects.create_user("nobody", "n@example.com", "secret"))

    client.post(reverse("wagtailadmin_pages:move_confirm", args=[prints.pk, wall.pk]))

    assert not Job.objects.exists()


def test_the_rights_are_asked_again_when_the_job_runs(editor, prints, wall):
    moving.move_later(prints, wall, user=editor)
    editor.is_superuser = False
    editor.save()

    jobs.run_due()

    assert Job.objects.get().problem == "You may not move the page there."
    assert addresses() == {"/prints/a/", "/prints/old/b/"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda prints, wall: make_category("Prints", wall), "has the address “prints”"),
        (lambda prints, wall: wall.delete(), "The place to move it to was deleted."),
        (lambda prints, wall: prints.delete(), "The page was deleted before"),
        (
            lambda prints, wall: wall.move(Page.objects.get(slug="old"), pos="last-child"),
            "cannot be moved below itself",
        ),
    ],
    ids=["address taken", "destination deleted", "page deleted", "destination moved below it"],
)
def test_what_changed_meanwhile_ends_the_job_with_a_sentence(editor, prints, wall, change, problem):
    moving.move_later(prints, wall, user=editor)
    change(Page.objects.get(pk=prints.pk), Page.objects.get(pk=wall.pk))

    jobs.run_due()

    job = Job.objects.get()
    assert job.state == Job.State.FAILED
    assert problem in job.problem
    assert tree_is_right()


def test_done_twice_it_is_done_once(editor, prints, wall):
    moving.move_later(prints, wall, user=editor)
    jobs.run_due()
    Job.objects.update(state=Job.State.WAITING)

    jobs.run_due()

    assert Job.objects.get().state == Job.State.DONE
    assert addresses() == {"/wall/prints/a/", "/wall/prints/old/b/"}
    assert MovedBranch.objects.count() == 1


def test_cancelled_in_its_midst_it_has_not_happened(editor, prints, wall, monkeypatch):
    job = moving.move_later(prints, wall, user=editor)
    real_move = Page.move

    def move_and_be_cancelled(page, *args, **kwargs):
        real_move(page, *args, **kwargs)
        jobs.cancel(job)

    monkeypatch.setattr(Page, "move", move_and_be_cancelled)

    jobs.run_due()

    assert addresses() == {"/prints/a/", "/prints/old/b/"}
    assert not MovedBranch.objects.exists()
    assert tree_is_right()


@pytest.mark.parametrize("at", ["paths", "addresses", "redirects"])
def test_interrupted_anywhere_it_leaves_the_tree_as_it_was_and_is_done_by_the_next(
    editor, prints, wall, monkeypatch, at
):
    class KilledError(BaseException):
        """As a worker that is shot: nothing after this runs."""

    def die(*args, **kwargs):
        raise KilledError

    with monkeypatch.context() as patch:
        if at == "paths":
            patch.setattr("wagtail.actions.move_page.MP_MoveHandler.process", die)
        elif at == "addresses":
            patch.setattr(Page, "_update_descendant_url_paths", die)
        else:
            patch.setattr("catalog.redirects._write", die)
        moving.move_later(prints, wall, user=editor)
        with pytest.raises(KilledError):
            jobs.run_due()
    assert addresses() == {"/prints/a/", "/prints/old/b/"}
    assert tree_is_right()

    # The lease of the dead worker runs out.
    Job.objects.update(leased_until=Job.objects.get().started)
    jobs.run_due()

    assert addresses() == {"/wall/prints/a/", "/wall/prints/old/b/"}
    assert tree_is_right()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_product_published_below_while_the_branch_moves_keeps_a_right_address(editor):
    prints, wall = make_category("Prints"), make_category("Wall")
    page = make_page("A", prints)
    page.title = "A, second edition"
    revision = page.save_revision()
    for _ in range(3):
        make_page(category=prints)
    moved = threading.Event()

    def publish():
        try:
            moved.wait(timeout=30)
            time.sleep(0.1)
            revision.publish()
        finally:
            connection.close()

    publisher = threading.Thread(target=publish)
    publisher.start()
    moving.move_later(Page.objects.get(pk=prints.pk), wall, user=None)
    moved.set()
    jobs.run_due()
    publisher.join()

    page = ProductPage.objects.get(pk=page.pk)
    assert (page.title, page.url) == ("A, second edition", "/wall/prints/a/")
    assert tree_is_right()


def rename(page, slug: str) -> None:
    page = page.specific
    page.slug = slug
    page.save_revision().publish()


def test_a_small_branch_is_renamed_at_once(editor):
    prints = make_category("Prints")
    make_page("A", prints)

    rename(CategoryPage.objects.get(pk=prints.pk), "paper")

    assert addresses() == {"/paper/a/"}
    assert not Job.objects.exists()


def test_a_large_branch_is_renamed_by_a_job(client, prints):
    prints.title = "Works on paper"
    rename(prints, "paper")

    now = CategoryPage.objects.get(pk=prints.pk)
    assert (now.title, now.slug) == ("Works on paper", "prints")
    assert addresses() == {"/prints/a/", "/prints/old/b/"}

    jobs.run_due()

    assert Job.objects.get().state == Job.State.DONE
    assert addresses() == {"/paper/a/", "/paper/old/b/"}
    assert client.get("/prints/old/b/")["Location"] == "/paper/old/b/"
    assert tree_is_right()


def test_of_two_new_names_given_in_a_row_the_last_one_counts(prints):
    rename(prints, "paper")
    rename(CategoryPage.objects.get(pk=prints.pk), "sheets")

    jobs.run_due()

    assert addresses() == {"/sheets/a/", "/sheets/old/b/"}
    assert set(Job.objects.values_list("state", flat=True)) == {
        Job.State.CANCELLED,
        Job.State.DONE,
    }


def test_given_its_old_name_back_in_time_it_keeps_it(prints):
    rename(prints, "paper")
    rename(CategoryPage.objects.get(pk=prints.pk), "prints")

    jobs.run_due()

    assert addresses() == {"/prints/a/", "/prints/old/b/"}
    assert Job.objects.get().state == Job.State.CANCELLED


def test_a_name_that_was_taken_meanwhile_ends_the_job_with_a_sentence(prints):
    rename(prints, "paper")
    make_category("Paper")

    jobs.run_due()

    assert "has the address “paper”" in Job.objects.get().problem
    assert addresses() == {"/prints/a/", "/prints/old/b/"}
    assert tree_is_right()


def test_the_explorer_says_what_is_under_way(editor, client, prints, wall):
    other = make_category("Other")
    moving.move_later(prints, wall, user=editor)
    old = Page.objects.get(slug="old")

    def explore(page) -> str:
        return client.get(reverse("wagtailadmin_explore", args=[page.pk])).content.decode()

    home = Site.objects.get(is_default_site=True).root_page
    for page in (prints, wall, old, home):
        assert "Move “Prints” to “Wall”: this is done in the background." in explore(page)
    assert "in the background" not in explore(other)
    jobs.run_due()
    assert "in the background" not in explore(wall)


def torn() -> bool:
    """Whether a page stands where no page is above it."""
    paths = set(Page.objects.values_list("path", flat=True))
    return any(path[:-4] not in paths for path in paths if len(path) > 4)


def move_while_somebody_edits(prints, wall) -> ProductPage:
    """A product that was read before the branch above it moved, and is saved after."""
    read_before = ProductPage.objects.get(title="A")
    Page.objects.get(pk=prints.pk).move(wall, pos="last-child")
    read_before.title = "A, second edition"
    return read_before


def test_a_page_read_before_a_move_and_saved_after_it_stays_where_it_was_moved(prints, wall):
    move_while_somebody_edits(prints, wall).save()

    page = ProductPage.objects.get(title="A, second edition")
    assert page.url == "/wall/prints/a/"
    assert tree_is_right()
    assert not torn()


def test_without_looking_the_place_up_the_same_save_tears_it_out_of_the_tree(prints, wall):
    """The control: Wagtail's own save(), as it is after the page was found valid."""
    Page.save(move_while_somebody_edits(prints, wall), clean=False)

    assert torn()
