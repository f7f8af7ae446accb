"""Menus, announcements and the shop's settings as editors set them in the admin."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Site
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from catalog.tests.factories import make_category
from home.models import Announcement, Menu, ShopSettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def member_of(client, django_user_model):
    def log_in(name):
        user = django_user_model.objects.create_user(name, f"{name}@example.com", "secret")
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)

    return log_in


def menu_form(title, *entries):
    blocks = [
        (
            "entry",
            {
                "page": str(page.pk if page else ""),
                "address": address,
                "title": words,
                "links": streamfield([]),
                "with_children": "",
            },
        )
        for page, address, words in entries
    ]
    return nested_form_data({"title": title, "place": "navigation", "entries": streamfield(blocks)})


def announcement_form(text):
    return nested_form_data(
        {
            "text": text,
            "link": streamfield([]),
            "starts": "",
            "ends": "",
            "tone": "loud",
            "can_be_closed": "on",
        }
    )


def url_of(model, action, *args):
    return reverse(model.snippet_viewset.get_url_name(action), args=args)


def shown():
    return Client().get("/people/").content.decode()


def test_a_marketer_sets_the_navigation_in_a_draft_and_publishes_it(client, member_of):
    member_of("Marketer")
    prints = make_category("Prints", show_in_menus=False)
    data = menu_form("Main", (prints, "", "All our prints"), (None, "/people/", "Who we are"))

    client.post(url_of(Menu, "add"), data)
    menu = Menu.objects.get()
    assert not menu.live
    assert "All our prints" not in shown()

    client.post(url_of(Menu, "edit", menu.pk), data | {"action-publish": "1"})

    assert Menu.objects.get().live
    assert "All our prints" in shown()
    assert menu.revisions.count() == 2
    assert client.get(url_of(Menu, "list")).status_code == 200
    assert client.get(url_of(Menu, "history", menu.pk)).status_code == 200


def test_what_is_wrong_in_a_menu_is_said_and_nothing_is_kept(client, member_of):
    member_of("Marketer")
    data = menu_form("Main", (None, "javascript:alert(1)", "Click"))

    text = client.post(url_of(Menu, "add"), data | {"action-publish": "1"}).content.decode()

    assert "Begin with / for this shop, or with https://" in text
    assert not Menu.objects.exists()


def test_a_draft_of_a_menu_is_previewed_around_the_home_page(client, member_of):
    member_of("Marketer")
    Menu.objects.create(
        title="Now",
        entries=[("entry", {"address": "/people/", "title": "As it is", "links": []})],
        locale=Locale.get_default(),
    )
    address = url_of(Menu, "preview_on_add")

    answer = client.post(address, menu_form("Next", (None, "/rankings/", "As it will be")))
    assert answer.json() == {"is_valid": True, "is_available": True}
    text = client.get(address, {"mode": ""}).content.decode()

    assert "As it will be" in text
    assert "As it is" not in text
    assert Menu.objects.count() == 1
    assert "As it will be" not in shown()


def test_an_announcement_is_previewed_whatever_its_moments(client, member_of):
    member_of("Marketer")
    data = announcement_form("Free delivery") | {"starts": "2099-01-01 10:00"}
    address = url_of(Announcement, "preview_on_add")

    assert client.post(address, data).json()["is_valid"]
    text = client.get(address, {"mode": ""}).content.decode()

    assert "Free delivery" in text
    assert "data-starts" not in text
    client.post(url_of(Announcement, "add"), data | {"action-publish": "1"})
    assert Announcement.objects.get().live
    assert client.get(url_of(Announcement, "list")).status_code == 200
    assert "Free delivery" not in shown()


def test_settings_are_previewed_before_they_are_saved(client, member_of):
    member_of("Marketer")
    site = Site.objects.get()
    ShopSettings.objects.create(site=site, name="Before")
    args = ["home", "shopsettings", site.pk]
    hours = ("hours", {"opens": "09:00", "closes": "17:30"})
    data = nested_form_data(
        {
            "name": "After",
            "tagline": "",
            "contact_email": "",
            "phone": "0117 496 0123",
            "postal_address": "",
            "opening_hours": streamfield([hours]),
            "other_hours": streamfield([]),
            "social_links": streamfield([("link", {"network": "x", "url": "https://x.example"})]),
            "translations": streamfield([]),
            "footer": rich_text("<p>Small</p>"),
        }
    )
    data["opening_hours-0-value-days"] = ["Monday", "Tuesday"]

    preview = reverse("wagtailsettings:preview_on_edit", args=args)
    assert client.post(preview, data).json()["is_valid"]
    text = client.get(preview, {"mode": ""}).content.decode()
    for expected in ("After", "0117 496 0123", "Monday – Tuesday", "5:30 p.m.", "//x.example"):
        assert expected in text
    assert "Before" in shown()

    client.post(reverse("wagtailsettings:edit", args=args), data)
    assert "After" in shown()
    assert client.get(reverse("wagtailsettings:edit", args=args)).status_code == 200


@pytest.mark.parametrize("model", [Menu, Announcement])
def test_only_those_who_speak_for_the_shop_set_its_frame(client, member_of, model):
    for group, may in [
        ("Owner", True),
        ("Marketer", True),
        ("Merchandiser", False),
        ("Finance", False),
    ]:
        member_of(group)
        assert (client.get(url_of(model, "add")).status_code == 200) is may, group


def test_a_menu_is_translated_in_the_admin(client, editor):
    korean = Locale.objects.create(language_code="ko")
    menu = Menu.objects.create(
        title="Main",
        entries=[("entry", {"address": "/people/", "title": "People", "links": []})],
        locale=Locale.get_default(),
    )
    address = reverse(
        "simple_translation:submit_snippet_translation", args=["home", "menu", menu.pk]
    )

    client.post(address, {"locales": [korean.pk]})

    copy = Menu.objects.get(locale=korean)
    assert copy.translation_key == menu.translation_key
    assert copy.entries[0].value["title"] == "People"
