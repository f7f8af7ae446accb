"""The average is of all reviews that can be read, whoever is at work at the same moment."""

from decimal import Decimal

import pytest

from catalog.models import Product
from catalog.tests.factories import make_page
from orders.tests.test_races import race
from social import reviews
from social.models import Action, Review

from .reviewing import make_member, make_review

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ROUNDS = 3
AT_ONCE = 8


def figures(product):
    product = Product.objects.get(pk=product.pk)
    return product.rating, product.total_reviews


def true_figures(product):
    stars = list(Review.objects.shown().filter(product=product).values_list("stars", flat=True))
    return (reviews.average(sum(stars), len(stars)) if stars else None), len(stars)


def act_on(waiting):
    """Approve one half; hide or delete one of the other, which was approved before."""

    def act(number):
        review = Review.objects.get(pk=waiting[number].pk)
        if number % 2:
            return reviews.approve(review)
        return reviews.hide(review) if number % 4 else reviews.delete(review)

    return act


def one_round():
    product = make_page().product
    found = [
        make_review(product, stars=number % 5 + 1, is_approved=not number % 2)
        for number in range(AT_ONCE)
    ]
    errors = [one for one in race(act_on(found), AT_ONCE) if isinstance(one, Exception)]
    assert not errors
    return figures(product), true_figures(product)


def test_moderators_at_the_same_moment_leave_the_right_average():
    for _number in range(ROUNDS):
        written, true = one_round()
        assert written == true == (Decimal("2.50"), 4)


@pytest.mark.postgresql
def test_without_holding_the_product_the_same_race_counts_wrong(monkeypatch):
    """The control. Only on PostgreSQL: on SQLite each has the whole database to itself."""
    monkeypatch.setattr(reviews, "hold_products", lambda product_ids: None)
    rounds = [one_round() for _number in range(ROUNDS * 4)]

    assert any(written != true for written, true in rounds)


def test_a_form_sent_twice_is_one_review():
    product, member = make_page().product, make_member()

    results = race(
        lambda number: reviews.write(member, product, stars=4, text="Once", language="en"), 6
    )

    assert not [one for one in results if isinstance(one, Exception)]
    assert Review.objects.count() == 1


def test_a_review_approved_twice_is_told_once():
    review = make_review(is_approved=False)

    results = race(lambda number: reviews.approve(review), 6)

    assert not [one for one in results if isinstance(one, Exception)]
    assert Action.objects.count() == 1
    assert figures(review.product) == (Decimal("4.00"), 1)


def test_members_who_go_while_others_are_approved_wait_for_nobody_in_a_circle():
    products = [make_page().product for _number in range(4)]
    members = [make_member() for _number in range(4)]
    for number, member in enumerate(members):
        # Each in another order.
        for product in products[number:] + products[:number]:
            make_review(product, member, stars=1)
    waiting = [make_review(product, stars=5, is_approved=False) for product in products]

    def act(number):
        if number < 4:
            return members[number].delete()
        return reviews.approve(waiting[number - 4])

    results = race(act, 8)

    assert not [one for one in results if isinstance(one, Exception)]
    for product in products:
        assert figures(product) == (Decimal("5.00"), 1)
