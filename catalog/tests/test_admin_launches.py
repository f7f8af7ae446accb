"""A launch in the admin: prepared, checked, looked at, scheduled, rolled back."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from catalog import launches, rendition_work
from catalog.models import Launch, LaunchPage, Picture, PriceBatch, ProductPage, ProductPicture
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.launching import again, draft, due, every_row, make_launch

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(editor):
    page = make_page("Lighthouse", make_category("Prints"))
    page.save_revision().publish()
    make_sku(page, "LH", price="20.00")
    return draft(ProductPage.objects.get(), title="Lighthouse in winter", slug="winter")


def make_batch(sku, amount="15.00") -> PriceBatch:
    batch = PriceBatch.objects.create(
        name="Winter sale", lines=[[sku.pk, sku.code, amount]], live=False
    )
    batch.save_revision()
    return again(batch)


def url(name, launch, *args) -> str:
    return reverse(f"launches:{name}", args=[launch.pk, *args])


def text(response) -> str:
    assert response.status_code == 200, response
    return " ".join(response.content.decode().split())


def form(*pages, batches=(), initial=0, **fields):
    return nested_form_data(
        {
            "name": "Winter",
            "moment": "2040-11-27 09:00",
            "notes": "",
            "pages": inline_formset([{"page": page.pk} for page in pages], initial=initial),
            "batches": inline_formset([{"batch": batch.pk} for batch in batches]),
            **fields,
        }
    )


def test_a_launch_is_made_with_its_pages_and_prices(client, page):
    batch = make_batch(page.product.skus.get())

    response = client.post(reverse("launches:add"), form(page, batches=[batch]), follow=True)

    launch = Launch.objects.get()
    assert response.redirect_chain[-1][0] == url("inspect", launch)
    shown = text(response)
    assert "Tried out: everything can go live together." in shown
    assert "Lighthouse in winter" in shown
    assert "Winter sale" in shown
    assert [part.title for part in launch.pages.all()] == ["Lighthouse in winter"]


def test_the_same_page_twice_is_refused_and_nothing_typed_is_lost(client, page):
    response = client.post(reverse("launches:add"), form(page, page, notes="Do not forget"))

    assert "Do not forget" in text(response)
    assert not Launch.objects.exists()


def test_a_page_can_be_exchanged_for_another_one(client, page):
    launch = make_launch(page)
    row = launch.pages.get()
    LaunchPage.objects.update(chosen=page.latest_revision)
    other = make_page("Harbour")
    data = form(other, initial=1)
    data["pages-0-id"] = row.pk

    client.post(url("edit", launch), data)

    row = again(row)
    assert (row.page_id, row.title, row.chosen) == (other.pk, "Harbour", None)


def test_the_page_says_of_each_part_what_stands_in_the_way(client, page):
    other = draft(make_page("Harbour"), title="Harbour in winter")
    other.locked = True
    other.save()
    batch = make_batch(page.product.skus.get())
    batch.publish(batch.latest_revision)

    shown = text(client.get(url("inspect", make_launch(page, other, batch))))

    assert shown.count("Can go live") == 1
    assert "It is locked" in shown
    assert "It has been approved already" in shown
    assert re.search(r"(?s)<button[^>]*disabled>(?:(?!</button>).)*Schedule", shown)


def test_scheduling_and_calling_off_by_their_buttons(client, page):
    launch = make_launch(page)
    shown = client.get(url("inspect", launch))

    response = client.post(
        url("do", launch, "schedule"), {"as_seen": shown.context["as_seen"]}, follow=True
    )
    assert "Scheduled: everything goes live together on" in text(response)
    assert again(launch).state == Launch.State.SCHEDULED

    client.post(url("do", launch, "unschedule"))
    assert again(launch).state == Launch.State.DRAFT


def test_a_draft_saved_after_looking_is_not_scheduled_by_the_old_page(client, page):
    launch = make_launch(page)
    as_seen = client.get(url("inspect", launch)).context["as_seen"]
    draft(page, title="Newer")

    response = client.post(url("do", launch, "schedule"), {"as_seen": as_seen}, follow=True)

    assert "A draft was changed since you looked." in text(response)
    assert again(launch).state == Launch.State.DRAFT


def test_a_newer_draft_is_pointed_out_and_taken_by_a_button(client, editor, page):
    launch = launches.schedule(make_launch(page), user=editor)
    assert "There is a newer draft" not in text(client.get(url("inspect", launch)))
    draft(page, title="Newer")
    assert "There is a newer draft" in text(client.get(url("inspect", launch)))

    client.post(url("do", launch, "newest"), {"part": launch.pages.get().pk})

    assert "There is a newer draft" not in text(client.get(url("inspect", launch)))
    due(launch)
    launches.run_due()
    assert again(page).title == "Newer"


def test_an_older_draft_can_be_chosen(client, page):
    launch = make_launch(page)
    older = page.latest_revision
    draft(page, title="Newer")
    address = url("choose_draft", launch, launch.pages.get().pk)
    assert "Lighthouse in winter" in text(client.get(address))

    client.post(address, {"draft": older.pk})
    assert "There is a newer draft" in text(client.get(url("inspect", launch)))
    client.post(url("do", launch, "now"))

    assert again(page).title == "Lighthouse in winter"


def test_a_failed_launch_says_what_stood_in_the_way(client, editor, page):
    launch = launches.schedule(make_launch(page), user=editor)
    LaunchPage.objects.get().revision.delete()
    due(launch)
    launches.run_due()

    shown = text(client.get(url("inspect", launch)))
    assert "nothing in the shop was changed" in shown
    assert "The draft that was to go live has been deleted." in shown
    assert "The draft that was to go live" in text(client.get(reverse("launches:index")))


def test_the_first_page_tells_of_what_failed_and_what_comes_next(client, editor, page):
    launch = launches.schedule(make_launch(page), user=editor)
    assert "Goes live on" in text(client.get(reverse("wagtailadmin_home")))

    LaunchPage.objects.get().revision.delete()
    due(launch)
    launches.run_due()

    assert "Did not go live; nothing was changed" in text(client.get(reverse("wagtailadmin_home")))


def test_whoever_edits_a_page_of_a_scheduled_launch_is_told_so(client, editor, page):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    message = "What you save from now on is not part of it"
    assert message not in text(client.get(address))

    launches.schedule(make_launch(page), user=editor)

    assert message in text(client.get(address))


def test_a_page_tells_which_launches_it_is_in(client, page):
    make_launch(page)

    usage = client.get(reverse("wagtailadmin_pages:usage", args=[page.pk]))

    assert "Winter" in text(usage)


def test_the_history_says_what_happened_and_how_late(client, editor, page):
    launch = launches.schedule(make_launch(page), user=editor)
    due(launch, since=timedelta(minutes=90))
    launches.run_due()
    launches.roll_back(again(launch), user=editor)

    shown = text(client.get(url("history", launch)))

    assert "Launch scheduled" in shown
    assert "Everything in the launch went live, 90 minutes late" in shown
    assert "Everything in the launch rolled back" in shown


def test_rolling_back_asks_first_and_names_what_was_changed_since(client, editor, page):
    launch = launches.launch_now(make_launch(page), user=editor)
    draft(again(page), title="Corrected").latest_revision.publish()

    shown = text(client.get(url("roll_back", launch)))
    assert "It was changed after the launch." in shown
    refused = client.post(url("roll_back", launch))
    assert "“Lighthouse in winter”: It was changed after the launch." in text(refused)
    assert again(page).title == "Corrected"

    client.post(url("roll_back", launch), {"anyway": "1"})

    assert again(page).title == "Lighthouse"
    assert again(launch).state == Launch.State.ROLLED_BACK


@pytest.mark.parametrize("view", ["edit", "delete"])
def test_a_scheduled_launch_is_neither_changed_nor_deleted(client, editor, page, view):
    launch = launches.schedule(make_launch(page), user=editor)

    response = client.post(url(view, launch), form(name="Other"), follow=True)

    assert "Take it off the schedule to change it." in text(response)
    assert again(launch).name == "Winter"


def test_a_form_that_was_open_while_the_launch_was_scheduled_is_refused(
    client, editor, page, monkeypatch
):
    launch = make_launch(page)

    def scheduled_meanwhile(form_instance, *states):
        launches.schedule(launch, user=editor)
        return launches.states.locked(form_instance, *states)

    monkeypatch.setattr("catalog.admin.launches.locked", scheduled_meanwhile)

    response = client.post(url("edit", launch), form(name="Other", notes="Do not forget"))

    assert "Somebody changed the launch meanwhile" in text(response)
    assert "Do not forget" in text(response)


def test_a_page_is_added_to_a_launch_from_its_own_form(client, page):
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    address = reverse("launches:add_page", args=[page.pk])
    assert address in edit.content.decode()

    client.post(address, {"launch": "", "name": "Winter", "moment": "2040-11-27 09:00"})
    launch = Launch.objects.get()
    assert [part.page_id for part in launch.pages.all()] == [page.pk]

    other = make_page("Harbour")
    client.post(reverse("launches:add_page", args=[other.pk]), {"launch": launch.pk})
    client.post(reverse("launches:add_page", args=[other.pk]), {"launch": launch.pk})
    assert [part.page_id for part in launch.pages.all()] == [page.pk, other.pk]


def test_a_new_launch_from_a_page_needs_a_name_and_a_moment(client, page):
    response = client.post(reverse("launches:add_page", args=[page.pk]), {"launch": ""})

    assert text(response).count("Give this to a new launch, or choose one above.") == 2


def test_who_has_no_permission_on_launches_sees_none_of_it(client, page, django_user_model):
    user = django_user_model.objects.create_user("clerk", "clerk@example.com", "secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    launch = make_launch(page)
    addresses = [reverse("launches:index"), reverse("launches:add_page", args=[page.pk])]
    addresses += [url(name, launch) for name in ("inspect", "edit", "preview", "shown")]

    answers = {address: client.get(address) for address in addresses}
    answers["now"] = client.post(url("do", launch, "now"))

    assert {answer.status_code for answer in answers.values()} == {302}
    assert {answer.headers["Location"] for answer in answers.values()} == {"/admin/"}
    assert again(launch).state == Launch.State.DRAFT


def test_who_may_not_publish_is_told_so(client, page, django_user_model):
    user = django_user_model.objects.create_user("clerk", "clerk@example.com", "secret")
    names = ["access_admin", "add_launch", "change_launch", "view_launch"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    client.force_login(user)
    launch = make_launch(page)

    assert "clerk may not publish this page." in text(client.get(url("inspect", launch)))
    client.post(url("do", launch, "schedule"))

    assert again(launch).state == Launch.State.DRAFT


def test_the_list_takes_the_same_queries_however_many_launches_there_are(client, editor, page):
    address = reverse("launches:index")
    launches.schedule(make_launch(page), user=editor)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for _number in range(12):
        make_launch(page, scheduled_by=editor)

    with CaptureQueriesContext(connection) as many:
        shown = text(client.get(address))

    assert shown.count("Winter") >= 13
    assert len(many) == len(few)


# --- Looking at it as a whole -------------------------------------------------


@pytest.fixture
def whole(page):
    """A launch of a page with another address, a new page, new prices, and the home page."""
    new = draft(page.get_parent().add_child(instance=ProductPage(title="Snow", live=False)))
    make_sku(new, "SN", price="30.00")
    home = Site.objects.get(is_default_site=True).root_page.specific
    home = draft(home, seo_title="Winter has come")
    return make_launch(page, new, home, make_batch(page.product.skus.get()))


def test_the_preview_lists_the_launch_with_the_addresses_it_will_have(client, whole):
    shown = text(client.get(url("preview", whole)))

    base = url("shown", whole)
    for path in ("", "prints/", "prints/winter/", "prints/snow/"):
        assert f'href="{base}{path}"' in shown
    assert f'src="{base}' in shown


def test_the_pages_of_the_preview_show_everything_together(client, whole):
    base = url("shown", whole)

    home = text(client.get(base))
    product = text(client.get(base + "prints/winter/"))
    category = text(client.get(base + "prints/?sort=price"))

    assert "Winter has come" in home
    assert "Snow" in home
    assert "Lighthouse in winter" in product
    assert "€15.00" in product
    cards = category[category.index("card__link") :]
    assert cards.index("€15.00") < cards.index("€30.00")


def test_links_stay_in_the_preview_and_what_is_no_page_says_so(client, whole):
    base = url("shown", whole)

    home = text(client.get(base))

    assert f'href="{base}prints/winter/"' in home
    assert 'href="/prints' not in home
    assert "Not in the preview" in text(client.get(base + "cart/"))
    assert "nothing is sold here" in text(client.post(base + "cart/add/", {"code": "LH"}))
    assert client.get(base + "me/", headers={"HX-Request": "true"}).status_code == 204
    assert client.get(base + "nowhere/").status_code == 404


def test_the_preview_is_what_anybody_sees_and_no_other_site_may_frame_it(client, whole):
    response = client.get(url("shown", whole))

    assert "wagtail-userbar" not in response.content.decode()
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def files() -> set[str]:
    return {str(file) for file in Path(settings.MEDIA_ROOT).rglob("*")}


def add_picture(page) -> None:
    image = BytesIO()
    Image.new("RGB", (1600, 900), "navy").save(image, "PNG")
    picture = Picture.objects.create(
        title="Sea", file=ContentFile(image.getvalue(), "sea.png"), width=1600, height=900
    )
    story = page.get_latest_revision_as_object()
    story.gallery.add(ProductPicture(image=picture))
    story.save_revision()


def test_nothing_of_the_preview_stays(
    client, whole, page, monkeypatch, django_capture_on_commit_callbacks
):
    """No row, no file, no task that was rung, nothing in the cache, no view counted."""
    add_picture(page)
    client.get(url("preview", whole))
    rung, counted, cached = [], [], []
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *a, **k: rung.append(a))
    monkeypatch.setattr("social.views_counter.count", counted.append)
    monkeypatch.setattr(
        "django.core.cache.backends.locmem.LocMemCache.set", lambda *a, **k: cached.append(a)
    )
    rows, stored = every_row(), files()

    with django_capture_on_commit_callbacks(execute=True) as after_commit:
        client.get(url("preview", whole))
        for path in ("", "prints/", "prints/winter/", "prints/snow/"):
            shown = client.get(url("shown", whole) + path).content.decode()
            assert "original_images/sea" in shown or path == "prints/snow/"

    assert every_row() == rows
    assert files() == stored
    assert [rung, counted, cached, after_commit] == [[], [], [], []]


def test_the_launch_itself_does_what_the_preview_must_not(
    client, editor, whole, page, django_capture_on_commit_callbacks
):
    """The control to the test above."""
    add_picture(page)
    rows, stored = every_row(), files()

    with django_capture_on_commit_callbacks() as after_commit:
        launches.launch_now(whole, user=editor)
        client.get("/prints/winter/")
    # As the worker does who is rung for: no page makes renditions itself.
    list(rendition_work.work(None))

    assert after_commit
    assert every_row() != rows
    assert files() > stored


def test_an_address_in_any_script_is_found_in_the_preview(client, page):
    launch = make_launch(draft(page, slug="등대", title="등대"))

    shown = text(client.get(url("preview", launch)))
    (address,) = re.findall(r'href="([^"]+)" target="launch-preview">등대', shown)

    assert "등대" in text(client.get(address))


def test_a_launch_that_cannot_go_live_shows_what_can_and_says_what_not(client, page):
    other = make_page("Harbour")
    launch = make_launch(page, other)

    shown = text(client.get(url("preview", launch)))

    assert "“Harbour”: There is no draft of it." in shown
    assert "Lighthouse in winter" in text(client.get(url("shown", launch) + "prints/winter/"))


def test_the_preview_does_not_care_for_locks_and_rights(client, page, django_user_model):
    page.locked = True
    page.save()
    user = django_user_model.objects.create_user("clerk", "clerk@example.com", "secret")
    names = ["access_admin", "view_launch"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    client.force_login(user)
    launch = make_launch(page, moment=timezone.now() + timedelta(days=1))

    assert "Lighthouse in winter" in text(client.get(url("shown", launch) + "prints/winter/"))
