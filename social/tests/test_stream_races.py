"""The same action by several requests at once."""

import threading

import pytest
from django.utils import timezone

from catalog.tests.factories import make_page
from orders.tests.test_races import race
from social.models import Action
from social.stream import SAME_WITHIN, create_action
from social.tests.people import make_member

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

RIVALS = 12


def test_the_same_action_at_once_is_written_once():
    ada, product = make_member("ada"), make_page().product

    results = race(lambda _: create_action(ada, Action.Verb.LIKES, product), RIVALS)

    assert not [result for result in results if isinstance(result, Exception)], results
    assert len([result for result in results if result]) == 1
    assert Action.objects.count() == 1


def test_without_holding_the_member_it_is_written_many_times():
    """The control: each looks for the same action, and finds none."""
    ada, product = make_member("ada"), make_page().product
    all_have_looked = threading.Barrier(RIVALS)

    def write_carelessly(_number: int) -> bool:
        same = {"user": ada, "verb": Action.Verb.LIKES, "target_id": product.pk}
        is_new = not Action.objects.filter(
            **same, created__gt=timezone.now() - SAME_WITHIN
        ).exists()
        all_have_looked.wait(timeout=30)
        if is_new:
            Action.objects.create(**same)
        return is_new

    assert race(write_carelessly, RIVALS) == [True] * RIVALS
    assert Action.objects.count() == RIVALS


def test_different_members_and_things_at_once_are_all_written():
    members = [make_member(f"member{number}") for number in range(3)]
    products = [make_page().product for _ in range(4)]

    results = race(
        lambda n: create_action(members[n % 3], Action.Verb.LIKES, products[n % 4]), RIVALS
    )

    assert all(isinstance(result, Action) for result in results), results
    assert Action.objects.count() == RIVALS
