"""A member leaves while something of theirs is still being written."""

import threading

import pytest
from django.db import OperationalError, transaction

from catalog.tests.factories import make_page
from orders.tests.test_races import race
from social import likes, reviews
from social.account import closing
from social.models import Review, User

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.postgresql
@pytest.mark.parametrize("guarded", [True, False])
def test_whoever_leaves_waits_in_no_circle_with_a_review_of_what_they_like(monkeypatch, guarded):
    user = User.objects.create_user("ada", "ada@example.com", "secret")
    product = make_page().product
    likes.like(user, product)
    is_written, is_held = threading.Event(), threading.Event()
    hold = closing._hold

    def held(leaving):
        hold(leaving)
        is_held.set()

    monkeypatch.setattr(closing, "_hold", held)
    if not guarded:
        monkeypatch.setattr(closing, "_hold_products", lambda leaving: None)

    def write():
        with transaction.atomic():
            reviews.write(user, product, stars=5, text="Good", language="en")
            is_written.set()
            is_held.wait(1)

    def leave():
        is_written.wait(30)
        closing.close(User.objects.get(pk=user.pk))

    results = race(lambda number: (write, leave)[number](), 2)

    errors = [type(one) for one in results if isinstance(one, Exception)]
    if guarded:
        assert errors == []
        product.refresh_from_db()
        assert (product.total_likes, product.total_reviews) == (0, 0)
        assert (User.objects.count(), Review.objects.count()) == (0, 0)
    else:
        assert OperationalError in errors
