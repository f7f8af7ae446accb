"""How members show themselves: words, name, picture, and nothing that hides in a picture."""

import pytest
from django.db import IntegrityError
from PIL import Image

from catalog.tests.factories import make_page
from social import contacts
from social.models import Action, Contact, Profile, User
from social.stream import create_action
from social.tests.portraits import files, picture, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

PROFILE = "/account/profile/"


@pytest.mark.usefixtures("member")
def test_a_profile_is_hidden_until_its_member_says_otherwise(client, send_profile):
    assert "Until you choose this you appear nowhere" in " ".join(
        client.get(PROFILE).content.decode().split()
    )

    assert send_profile().url == PROFILE

    profile = Profile.objects.get()
    assert (profile.name, profile.about) == ("Ada L.", "I count.")
    assert (profile.is_public, profile.shows_purchases) == (False, False)


def test_showing_and_hiding_oneself_keeps_the_counts_of_others(send_profile, member, other):
    contacts.set_public(other, True)
    Contact.objects.create(user_from=member, user_to=other)

    send_profile(is_public="on", shows_purchases="on")
    profile = Profile.objects.get(user=member)
    assert (profile.is_public, profile.shows_purchases) == (True, True)
    assert Profile.objects.get(user=other).followers == 1

    send_profile()
    profile.refresh_from_db()
    assert (profile.is_public, profile.shows_purchases) == (False, False)
    assert Profile.objects.get(user=other).followers == 0


def test_what_was_bought_is_not_shown_again_after_a_change_of_mind(send_profile, member, other):
    for user in (member, other):
        create_action(user, Action.Verb.BOUGHT, make_page().product)
    create_action(member, Action.Verb.LIKES, make_page().product)

    send_profile(is_public="on", shows_purchases="on")
    assert Action.objects.filter(user=member).count() == 2

    send_profile(is_public="on")
    assert list(Action.objects.values_list("user", "verb").order_by("pk")) == [
        (other.pk, Action.Verb.BOUGHT),
        (member.pk, Action.Verb.LIKES),
    ]


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"username": "bob"}, "username", "already"),
        ({"username": "BOB"}, "username", "already"),
        ({"username": "a b"}, "username", "no spaces"),
        ({"username": "ab"}, "username", "at least 3"),
        ({"username": ""}, "username", "required"),
        ({"username": "x" * 151}, "username", "at most 150"),
        ({"username": "a\x00da"}, "username", "Null"),
        ({"name": "x" * 81}, "name", "at most 80"),
        ({"name": "one\ntwo"}, "name", "one line"),
        ({"name": "\u200b\u2800\u00ad"}, "name", "can be seen"),
        ({"about": "x" * 501}, "about", "at most 500"),
        ({"about": "a\x07b"}, "about", "control"),
        ({"about": "a\x00b"}, "about", "Null"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_comes_back(
    client, send_profile, member, typed, field, words
):
    answer = send_profile(**typed, is_public="on")

    assert answer.status_code == 200
    form = answer.context["form"]
    assert words in str(form.errors[field])
    assert form[field].value() == typed[field]
    assert form["is_public"].value() is True
    member.refresh_from_db()
    assert (member.username, member.profile.name, member.profile.is_public) == ("ada", "", False)


def test_a_username_may_change_its_capitals_and_be_a_new_one(send_profile, member):
    send_profile(username="Ada")
    member.refresh_from_db()
    assert member.username == "Ada"

    send_profile(username="lovelace")
    member.refresh_from_db()
    assert member.username == "lovelace"


def test_a_short_username_of_before_the_rule_can_stay(send_profile, member):
    User.objects.filter(pk=member.pk).update(username="al")

    assert send_profile(username="al").status_code == 302


@pytest.mark.usefixtures("member", "other")
def test_a_name_taken_at_the_last_moment_is_an_error_at_the_field(send_profile, media, monkeypatch):
    def take(*_args, **_kwargs):
        raise IntegrityError

    monkeypatch.setattr("social.account.profile.ProfileForm._write", take)

    answer = send_profile(upload(picture()), username="carol")

    assert "username" in answer.context["form"].errors
    assert files(media) == []


def test_a_picture_is_made_anew_shown_and_taken_away_again(client, send_profile, member, media):
    send_profile(upload(picture()))

    profile = Profile.objects.get(user=member)
    [first] = files(media)
    with Image.open(first) as image:
        assert (image.size, image.format) == ((512, 512), "WEBP")
    assert profile.picture.url in client.get("/account/").content.decode()

    send_profile(upload(picture(kind="PNG"), "me.png"))
    [second] = files(media)
    assert second != first

    send_profile(removes_picture="on")
    assert files(media) == []
    assert not Profile.objects.get(user=member).picture


def test_whoever_hides_leaves_no_picture_where_others_knew_it(send_profile, member, media):
    send_profile(upload(picture()), is_public="on")
    [known] = files(media)

    send_profile()

    [now] = files(media)
    assert now != known
    assert Profile.objects.get(user=member).picture.path == str(now)


@pytest.mark.usefixtures("member")
def test_a_picture_stays_when_nothing_is_said_about_it(send_profile, media):
    send_profile(upload(picture()))
    before = files(media)

    send_profile(name="Countess")

    assert files(media) == before
    assert Profile.objects.get().picture


@pytest.mark.usefixtures("member")
def test_a_picture_is_asked_for_again_when_something_else_was_wrong(send_profile, media):
    answer = send_profile(upload(picture()), username="")

    assert "once more" in str(answer.context["form"].errors["picture"])
    assert files(media) == []


@pytest.mark.usefixtures("member")
def test_the_page_costs_few_queries(client, django_assert_max_num_queries):
    client.get(PROFILE)

    with django_assert_max_num_queries(16):
        client.get(PROFILE)
