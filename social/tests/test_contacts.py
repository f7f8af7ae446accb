"""Following, and counts that hold exactly those who are shown."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from social import contacts
from social.contacts import NobodyToFollowError, follow, recount, set_public, unfollow
from social.models import Action, Contact, Profile, User
from social.tests.people import counts_are_right, counts_of, make_member

pytestmark = pytest.mark.django_db


def test_following_counts_on_both_sides_and_is_written_in_the_stream():
    ada, bob = make_member("ada"), make_member("bob")

    assert follow(ada, bob) is True

    assert (counts_of(ada), counts_of(bob)) == ((0, 1), (1, 0))
    action = Action.objects.get()
    assert (action.user, action.verb, action.target) == (ada, "follows", bob)


def test_following_twice_changes_nothing():
    ada, bob = make_member("ada"), make_member("bob")
    follow(ada, bob)

    assert follow(ada, bob) is False

    assert (counts_of(ada), counts_of(bob)) == ((0, 1), (1, 0))
    assert Contact.objects.count() == Action.objects.count() == 1


def test_two_who_follow_each_other_are_two_contacts():
    ada, bob = make_member("ada"), make_member("bob")

    assert (follow(ada, bob), follow(bob, ada)) == (True, True)

    assert (counts_of(ada), counts_of(bob)) == ((1, 1), (1, 1))


def test_nobody_follows_themselves_the_hidden_the_closed_or_the_gone():
    ada = make_member("ada")
    gone = make_member("gone")
    User.objects.get(pk=gone.pk).delete()
    closed = make_member("closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)

    for somebody in (ada, make_member("hidden", is_public=False), closed, gone):
        with pytest.raises(NobodyToFollowError):
            follow(ada, somebody)

    assert not Contact.objects.exists()
    assert not Action.objects.exists()
    assert counts_of(ada) == (0, 0)


def test_no_longer_following_counts_back_once():
    ada, bob = make_member("ada"), make_member("bob")
    follow(ada, bob)

    assert (unfollow(ada, bob), unfollow(ada, bob)) == (True, False)

    assert (counts_of(ada), counts_of(bob)) == ((0, 0), (0, 0))
    assert not Contact.objects.exists()


def test_a_hidden_member_follows_without_being_counted():
    hidden, bob = make_member("hidden", is_public=False), make_member("bob")

    follow(hidden, bob)

    assert (counts_of(hidden), counts_of(bob)) == ((0, 1), (0, 0))
    unfollow(hidden, bob)
    assert (counts_of(hidden), counts_of(bob)) == ((0, 0), (0, 0))


def test_hiding_and_showing_oneself_changes_the_counts_of_everybody_connected():
    ada, bob, cyd = make_member("ada"), make_member("bob"), make_member("cyd")
    follow(ada, bob)
    follow(cyd, ada)

    assert set_public(ada, False) is True
    assert [counts_of(one) for one in (ada, bob, cyd)] == [(1, 1), (0, 0), (0, 0)]
    assert set_public(ada, False) is False

    assert set_public(ada, True) is True
    assert [counts_of(one) for one in (ada, bob, cyd)] == [(1, 1), (1, 0), (0, 1)]


def test_who_was_hidden_meanwhile_can_still_be_left():
    ada, bob = make_member("ada"), make_member("bob")
    follow(ada, bob)
    set_public(bob, False)

    assert unfollow(ada, bob) is True

    assert (counts_of(ada), counts_of(bob)) == ((0, 0), (0, 0))


def test_a_closed_account_is_hidden_and_stays_so_when_it_is_opened_again():
    ada, bob = make_member("ada"), make_member("bob")
    follow(ada, bob)

    ada.is_active = False
    ada.save()
    assert counts_of(bob) == (0, 0)

    ada.is_active = True
    ada.save()
    assert counts_of(bob) == (0, 0)
    assert not Profile.objects.get(user=ada).is_public


def test_a_login_asks_nothing_about_contacts():
    ada = make_member("ada")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        ada.save(update_fields=["last_login"])

    assert not [query for query in queries if "social_profile" in query["sql"]]


@pytest.mark.parametrize("is_public", [True, False])
def test_a_deleted_member_leaves_the_counts_of_others(is_public):
    ada, bob, cyd = make_member("ada", is_public=is_public), make_member("bob"), make_member("cyd")
    follow(ada, bob)
    set_public(ada, True)
    follow(cyd, ada)
    set_public(ada, is_public)

    User.objects.filter(pk=ada.pk).delete()

    assert (counts_of(bob), counts_of(cyd)) == ((0, 0), (0, 0))
    assert not Contact.objects.exists()


def test_an_old_copy_of_a_profile_does_not_undo_what_happened_meanwhile():
    ada, bob = make_member("ada"), make_member("bob")
    old = Profile.objects.get(user=bob)
    follow(ada, bob)
    set_public(bob, False)

    old.name = "Bob"
    old.save()

    new = Profile.objects.get(user=bob)
    assert (new.name, new.followers, new.is_public) == ("Bob", 1, False)


def test_followed_among_others():
    ada, bob, cyd = make_member("ada"), make_member("bob"), make_member("cyd")
    follow(ada, bob)
    follow(bob, cyd)

    assert contacts.followed_among(ada, [bob.pk, cyd.pk]) == {bob.pk}


def test_a_recount_puts_wrong_counts_right(capsys):
    ada, bob = make_member("ada"), make_member("bob")
    hidden = make_member("hidden", is_public=False)
    follow(ada, bob)
    follow(hidden, bob)
    Profile.objects.filter(user__in=[ada, bob]).update(followers=7, following=9)

    call_command("recount_people")

    assert "4 counts were wrong" in capsys.readouterr().out
    assert (counts_of(ada), counts_of(bob), counts_of(hidden)) == ((0, 1), (1, 0), (0, 1))
    assert recount() == 0
    assert counts_are_right()


def test_whoever_is_closed_with_others_in_the_admin_leaves_the_counts(admin_client):
    ada, bob, eve = make_member("ada"), make_member("bob"), make_member("eve")
    follow(ada, bob)
    follow(bob, eve)

    address = "/admin/bulk/social/user/set_active_state/"
    sent = {"mark_as_active": "False"}
    admin_client.post(f"{address}?id={ada.pk}&id={bob.pk}", sent)

    assert not User.objects.filter(pk__in=[ada.pk, bob.pk], is_active=True).exists()
    assert counts_are_right()
    assert counts_of(eve) == (0, 0)


def test_who_is_followed_again_is_told_of_once():
    ada, bob = make_member("ada"), make_member("bob")
    follow(ada, bob)
    Action.objects.update(created=timezone.now() - timedelta(minutes=2))
    unfollow(ada, bob)
    follow(ada, bob)

    assert Action.objects.count() == 1
