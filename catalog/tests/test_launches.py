"""Several drafts go live as one, at their moment, or not at all; and come back as one."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Page, Revision, Site

from catalog import launches, tasks
from catalog.launches import LaunchError
from catalog.models import CategoryPage, Launch, LaunchPage, ProductPage
from catalog.tests.factories import make_category, make_page
from catalog.tests.launching import again, draft, due, every_row, make_launch

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return make_category("Prints")


@pytest.fixture
def page(category):
    """A live product with a draft of another title."""
    page = make_page("Lighthouse", category)
    page.save_revision().publish()
    return draft(again(page), title="Lighthouse in winter")


def problems(excinfo) -> list[str]:
    return [str(problem) for problem in excinfo.value.problems]


def test_a_scheduled_launch_goes_live_when_its_moment_has_come(editor, page, category):
    new = category.add_child(instance=ProductPage(title="Snow", slug="snow", live=False))
    new = draft(new)
    category = draft(category, title="Winter prints")
    launch = launches.schedule(make_launch(new, category, page), user=editor)
    assert launches.run_due() == 0
    assert again(page).title == "Lighthouse"

    due(launch)

    assert launches.run_due() == 1
    launch = again(launch)
    assert launch.state == Launch.State.LIVE
    assert launch.late is None
    assert again(page).title == "Lighthouse in winter"
    assert again(category).title == "Winter prints"
    assert again(new).live
    assert not any(p.has_unpublished_changes for p in map(again, (page, new, category)))
    assert launches.run_due() == 0


def test_the_beat_rings_for_what_is_due(editor, page):
    due(launches.schedule(make_launch(page), user=editor))
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.run_due_launches.name in names

    assert tasks.run_due_launches() == 1


def test_one_part_that_cannot_go_live_keeps_all_others_back(editor, page, category):
    other = draft(make_page("Harbour", category), title="Harbour in winter")
    launch = launches.schedule(make_launch(page, other), user=editor)
    due(launch)
    before = [again(page).title, again(other).title]
    other.delete()

    assert launches.run_due() == 0

    launch = again(launch)
    assert launch.state == Launch.State.FAILED
    assert launch.problem == "“Harbour in winter”: The page was deleted."
    assert again(page).title == before[0] == "Lighthouse"


def test_a_failed_launch_can_be_mended_and_tried_again(editor, page, category):
    rival = make_page("Rival", category)
    page = draft(page, slug="lighthouse-in-winter")
    launch = launches.schedule(make_launch(page), user=editor)
    rival.slug = "lighthouse-in-winter"
    rival.save()
    due(launch)
    launches.run_due()
    launch = again(launch)
    assert launch.state == Launch.State.FAILED
    assert "lighthouse-in-winter" in launch.problem
    assert launch.problem.startswith("“Lighthouse in winter”: Slug:")
    assert again(page).slug == "lighthouse"

    draft(again(page), slug="lighthouse-in-snow")
    launches.launch_now(launch, user=editor)

    assert again(launch).state == Launch.State.LIVE
    assert again(launch).problem == ""
    assert again(page).slug == "lighthouse-in-snow"


def test_two_drafts_that_want_the_same_address_cannot_go_live_together(editor, page, category):
    other = draft(make_page("Harbour", category), slug="winter")
    page = draft(page, slug="winter")

    with pytest.raises(LaunchError) as refused:
        launches.schedule(make_launch(page, other), user=editor)

    assert len(problems(refused)) == 1
    assert "winter" in problems(refused)[0]
    assert {again(page).slug, again(other).slug} == {"lighthouse", "harbour"}


def test_what_goes_live_is_the_draft_there_was_when_it_was_scheduled(editor, page):
    launch = launches.schedule(make_launch(page), user=editor)

    newer = draft(page, title="Not looked at yet")
    # As autosave does it: the same row, written over.
    Revision.objects.filter(pk=newer.latest_revision_id).update(
        content={**newer.latest_revision.content, "title": "Still typing"}
    )
    due(launch)
    launches.run_due()

    assert again(page).title == "Lighthouse in winter"
    assert again(page).has_unpublished_changes


def test_autosave_into_the_scheduled_draft_itself_does_not_reach_the_launch(editor, page):
    launch = launches.schedule(make_launch(page), user=editor)
    content = {**page.latest_revision.content, "title": "Still typing"}
    Revision.objects.filter(pk=page.latest_revision_id).update(
        content=content, created_at=timezone.now()
    )

    due(launch)
    launches.run_due()

    assert again(page).title == "Lighthouse in winter"
    assert again(page).has_unpublished_changes


def test_the_newest_draft_can_be_taken_instead(editor, page, category):
    other = draft(make_page("Harbour", category), title="Harbour in winter")
    launch = launches.schedule(make_launch(page, other), user=editor)
    draft(page, title="Newer")
    draft(other, title="Newer too")
    part = LaunchPage.objects.get(launch=launch, page=page.pk)

    launches.take_newest(launch, user=editor, part=part)
    due(launch)
    launches.run_due()

    assert again(page).title == "Newer"
    assert again(other).title == "Harbour in winter"


def test_a_draft_that_changed_since_it_was_looked_at_is_not_scheduled(editor, page):
    launch = make_launch(page)
    as_seen = launches.seen(launch)
    draft(page, title="Newer")

    with pytest.raises(LaunchError, match="A draft was changed since you looked"):
        launches.schedule(launch, user=editor, as_seen=as_seen)

    assert again(launch).state == Launch.State.DRAFT
    launches.schedule(launch, user=editor, as_seen=launches.seen(launch))


def test_a_late_launch_runs_once_and_says_how_late(editor, page):
    launch = launches.schedule(make_launch(page), user=editor)
    due(launch, since=timedelta(hours=3))
    assert again(launch).late >= timedelta(hours=3)

    assert [launches.run_due(), launches.run_due()] == [1, 0]

    assert timedelta(hours=3) <= again(launch).late < timedelta(hours=3, minutes=1)


def test_an_unscheduled_launch_does_not_go_live(editor, page):
    launch = launches.schedule(make_launch(page), user=editor)
    copies = Revision.objects.count()
    launches.unschedule(launch, user=editor)
    due(launch)

    assert launches.run_due() == 0
    assert again(page).title == "Lighthouse"
    assert Revision.objects.count() == copies - 1


def test_a_moment_that_has_passed_cannot_be_scheduled_but_launched_now(editor, page):
    launch = make_launch(page, moment=timezone.now() - timedelta(minutes=5))

    with pytest.raises(LaunchError, match="Its moment has passed"):
        launches.schedule(launch, user=editor)
    launches.launch_now(launch, user=editor)

    assert again(page).title == "Lighthouse in winter"
    assert again(launch).late is None


def test_a_launch_without_parts_is_refused(editor):
    with pytest.raises(LaunchError, match="no parts yet"):
        launches.schedule(make_launch(), user=editor)


def test_a_child_goes_live_below_the_new_address_of_its_parent(editor, category):
    new = category.add_child(instance=ProductPage(title="Snow", slug="snow", live=False))
    new = draft(new)
    category = draft(category, slug="winter-prints")

    launches.launch_now(make_launch(new, category), user=editor)

    assert again(new).url_path == again(category).url_path + "snow/"
    assert "winter-prints" in again(new).url_path


def lock(page, editor):
    page.locked, page.locked_by = True, None
    page.save()
    return "It is locked"


def schedule_page(page, editor):
    page.latest_revision.approved_go_live_at = timezone.now() + timedelta(days=2)
    page.latest_revision.save()
    return "It has a schedule of its own"


def unset_title(page, editor):
    Revision.objects.filter(pk=page.latest_revision_id).update(
        content={**page.latest_revision.content, "title": ""}
    )
    return "Title: This field cannot be blank."


def give_a_date_of_its_own(page, editor):
    draft(page, go_live_at=timezone.now() + timedelta(days=3))
    return "The draft has a go-live date of its own."


def let_it_expire(page, editor):
    draft(page, expire_at=timezone.now() + timedelta(hours=1))
    return "The draft expires before the launch."


def demote(page, editor):
    editor.is_superuser = False
    editor.save()
    return "editor may not publish this page."


def have_it_elsewhere(page, editor):
    launches.schedule(make_launch(page), user=editor)
    return "It is part of “Winter” too"


@pytest.mark.parametrize(
    "hinder",
    [
        lock,
        schedule_page,
        unset_title,
        give_a_date_of_its_own,
        let_it_expire,
        demote,
        have_it_elsewhere,
    ],
)
def test_what_stands_in_the_way_is_said_before_scheduling(editor, page, hinder):
    launch = make_launch(page)
    assert launches.check(launch, editor) == []
    expected = hinder(page, editor)

    with pytest.raises(LaunchError) as refused:
        launches.schedule(launch, user=editor)

    assert [expected in problem for problem in problems(refused)] == [True], problems(refused)
    assert again(launch).state == Launch.State.DRAFT


@pytest.mark.parametrize("hinder", [lock, schedule_page, demote])
def test_what_comes_in_the_way_after_scheduling_fails_the_launch(editor, page, hinder):
    launch = launches.schedule(make_launch(page), user=editor)
    expected = hinder(again(page), editor)
    due(launch)

    assert launches.run_due() == 0
    assert again(launch).state == Launch.State.FAILED
    assert expected in again(launch).problem
    assert again(page).title == "Lighthouse"


def test_a_deleted_draft_fails_the_launch(editor, page):
    launch = launches.schedule(make_launch(page), user=editor)
    LaunchPage.objects.get().revision.delete()
    due(launch)

    launches.run_due()

    assert "The draft that was to go live has been deleted." in again(launch).problem


def test_a_page_without_any_draft_has_nothing_to_go_live(editor, category):
    launch = make_launch(make_page("Harbour", category))

    assert "There is no draft of it" in str(launches.check(launch, editor)[0])


def test_an_error_nobody_thought_of_fails_the_launch_and_is_logged(
    editor, page, monkeypatch, caplog
):
    launch = due(launches.schedule(make_launch(page), user=editor))

    def explode(*_args, **_options):
        raise RuntimeError("out of paper")

    monkeypatch.setattr(launches.parts, "publish_page", explode)

    assert launches.run_due() == 0
    assert again(launch).problem == "“Lighthouse in winter”: out of paper"
    assert "RuntimeError" in caplog.text


def test_rolling_back_returns_every_page_to_what_it_was(editor, page, category):
    new = draft(category.add_child(instance=ProductPage(title="Snow", slug="snow", live=False)))
    never_saved = draft(make_page("Harbour", category), title="Harbour in winter")
    category = draft(category, slug="winter")
    launch = launches.launch_now(make_launch(page, new, never_saved, category), user=editor)
    assert again(never_saved).title == "Harbour in winter"

    launches.roll_back(launch, user=editor)

    assert again(page).title == "Lighthouse"
    assert again(never_saved).title == "Harbour"
    assert again(category).slug == "prints"
    assert again(page).url_path == "/home/prints/lighthouse/"
    assert not again(new).live
    assert again(launch).state == Launch.State.ROLLED_BACK
    # The drafts are still there, to be mended and launched again.
    assert again(page).get_latest_revision_as_object().title == "Lighthouse in winter"
    launches.launch_now(launch, user=editor)
    assert again(page).title == "Lighthouse in winter"


def test_a_page_that_was_published_since_is_named_before_it_is_rolled_back(editor, page, category):
    other = draft(make_page("Harbour", category), title="Harbour in winter")
    launch = launches.launch_now(make_launch(page, other), user=editor)
    draft(again(other), title="Corrected").latest_revision.publish()

    assert [str(part) for part in launches.changed_since(launch)] == ["Harbour in winter"]
    with pytest.raises(LaunchError) as refused:
        launches.roll_back(launch, user=editor)
    assert problems(refused) == ["“Harbour in winter”: It was changed after the launch."]
    assert again(page).title == "Lighthouse in winter"

    launches.roll_back(launch, user=editor, anyway=True)
    assert [again(page).title, again(other).title] == ["Lighthouse", "Harbour"]


def test_a_roll_back_that_fails_halfway_changes_nothing(editor, page, category):
    page = draft(page, slug="lighthouse-in-winter")
    other = draft(make_page("Harbour", category), title="Harbour in winter")
    launch = launches.launch_now(make_launch(page, other), user=editor)
    make_page("Lighthouse", category, slug="lighthouse")

    with pytest.raises(LaunchError, match="lighthouse"):
        launches.roll_back(launch, user=editor)

    assert again(launch).state == Launch.State.LIVE
    assert again(other).title == "Harbour in winter"


def test_the_home_page_is_a_part_like_any_other(editor):
    home = Site.objects.get(is_default_site=True).root_page.specific
    home = draft(home, seo_title="Winter has come")

    launch = launches.launch_now(make_launch(home), user=editor)
    assert again(home).seo_title == "Winter has come"

    launches.roll_back(launch, user=editor)
    assert again(home).seo_title == ""


def test_an_alias_cannot_be_launched(editor, page, category):
    alias = page.create_alias(parent=make_category("Gifts"))

    assert "follows its source" in str(launches.check(make_launch(alias), editor)[0])


def test_a_part_tells_what_a_form_would_tell(editor, page):
    """The wrong block lies deep in the story, where only the form's own checks look."""
    content = dict(page.latest_revision.content)
    content["description"] = '[{"type": "picture", "value": {"image": null}, "id": "1"}]'
    Revision.objects.filter(pk=page.latest_revision_id).update(content=content)

    (problem,) = launches.check(make_launch(page), editor)

    assert problem.sentence == "Description: a part of it is not filled in as it should be."


def test_nothing_is_written_by_checking(editor, page, category):
    launch = make_launch(page, draft(category, slug="winter"))
    before = every_row()

    assert launches.check(launch, editor) == []

    assert every_row() == before


def test_a_validation_error_without_fields_is_said_as_it_is(page):
    assert list(launches.parts.spelled_out(ValidationError("No."), page)) == ["No."]
    assert Page.objects.filter(pk=page.pk).exists()
    assert CategoryPage.objects.exists()
