"""Counts that stay exact whoever follows, hides and leaves at the same moment."""

import threading

import pytest

from orders.tests.test_races import race
from social import contacts
from social.contacts import NobodyToFollowError, follow, set_public, unfollow
from social.models import Action, Contact, Profile, User
from social.tests.people import counts_are_right, counts_of, make_member

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

RIVALS = 12


def test_the_same_follow_sent_many_times_at_once_is_one():
    ada, bob = make_member("ada"), make_member("bob")

    results = race(lambda _: follow(ada, bob), RIVALS)

    assert sorted(results) == [False] * (RIVALS - 1) + [True], results
    assert (counts_of(ada), counts_of(bob)) == ((0, 1), (1, 0))
    assert Contact.objects.count() == Action.objects.count() == 1


def test_looking_first_counts_the_same_follow_many_times():
    """The control: look whether there is one, count, and insert what is not there."""
    ada, bob = make_member("ada"), make_member("bob")
    all_have_looked = threading.Barrier(RIVALS)

    def follow_carelessly(_number: int) -> bool:
        is_new = not Contact.objects.filter(user_from=ada, user_to=bob).exists()
        all_have_looked.wait(timeout=30)
        if is_new:
            contacts._count(ada.profile, bob.profile, 1)
        return is_new

    assert race(follow_carelessly, RIVALS) == [True] * RIVALS
    assert counts_of(bob) == (RIVALS, 0)


def test_many_who_follow_one_at_once_are_all_counted():
    star = make_member("star")
    fans = [make_member(f"fan{number}") for number in range(RIVALS)]

    results = race(lambda number: follow(fans[number], star), RIVALS)

    assert results == [True] * RIVALS, results
    assert counts_of(star) == (RIVALS, 0)


def test_two_who_follow_each_other_at_once_do_not_block_each_other():
    pairs = [(make_member(f"ada{n}"), make_member(f"bob{n}")) for n in range(RIVALS // 2)]

    def follow_back(number: int) -> bool:
        one, two = pairs[number // 2]
        return follow(one, two) if number % 2 else follow(two, one)

    results = race(follow_back, RIVALS)

    assert results == [True] * RIVALS, results
    assert counts_are_right()


def test_following_and_leaving_at_once_ends_in_one_of_both():
    ada, bob = make_member("ada"), make_member("bob")

    results = race(lambda n: (unfollow if n % 2 else follow)(ada, bob), RIVALS)

    assert not [result for result in results if isinstance(result, Exception)], results
    assert counts_are_right()


def test_following_beside_hiding_and_showing_oneself_leaves_the_counts_right():
    members = [make_member(f"member{number}") for number in range(4)]

    def do(number: int) -> object:
        one, two = members[number % 4], members[(number + 1) % 4]
        if number % 3:
            return follow(one, two)
        return set_public(one, number % 2 == 0)

    results = race(do, RIVALS)

    errors = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, NobodyToFollowError) for error in errors), results
    assert counts_are_right()


@pytest.mark.postgresql
def test_without_holding_the_contacts_a_follow_in_flight_is_counted_wrong(monkeypatch):
    """The control: the follow has seen a public profile, which hides before it is counted."""
    monkeypatch.setattr(contacts, "_hold_contacts", lambda: None)

    assert _hidden_while_following(monkeypatch) == (1, 0)
    assert not counts_are_right()


@pytest.mark.postgresql
def test_who_hides_waits_for_a_follow_in_flight(monkeypatch):
    assert _hidden_while_following(monkeypatch) == (0, 0)
    assert counts_are_right()


def _hidden_while_following(monkeypatch) -> tuple[int, int]:
    """Let a member hide in the middle of a follow; return the counts of whom they follow."""
    ada, bob = make_member("ada"), make_member("bob")
    has_looked, has_hidden = threading.Event(), threading.Event()

    def pause(*_args: object) -> None:
        has_looked.set()
        # Whoever waits for this transaction does not come through.
        has_hidden.wait(timeout=1)

    # It stands between the look at both profiles and the counting.
    monkeypatch.setattr(contacts, "create_action", pause)

    def work(number: int) -> object:
        if number:
            has_looked.wait(timeout=30)
            set_public(ada, False)
            has_hidden.set()
            return "hidden"
        return follow(ada, bob)

    assert race(work, 2) == [True, "hidden"]
    return counts_of(bob)


def test_a_member_who_is_deleted_while_others_follow_them_leaves_no_trace():
    star = make_member("star")
    fans = [make_member(f"fan{number}") for number in range(RIVALS - 1)]

    def do(number: int) -> object:
        if number == 0:
            return User.objects.get(pk=star.pk).delete()
        return follow(fans[number - 1], star)

    results = race(do, RIVALS)

    errors = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, NobodyToFollowError) for error in errors), results
    assert not Contact.objects.exists()
    assert not Profile.objects.filter(following__gt=0).exists()
