"""What is read of a product's newest reviews with one statement is what the models say of them."""

import random
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from catalog.tests.factories import make_page
from social import first_reviews
from social.models import Profile, Review, ReviewPicture

pytestmark = pytest.mark.django_db

MOST = 10


def reviews(seed, products):
    """By members of all kinds, waiting, shown and hidden, with and without pictures."""
    chance = random.Random(seed)
    for number in range(40):
        user = get_user_model().objects.create_user(
            f"member-{number}", f"{number}@example.com", is_active=chance.random() < 0.8
        )
        is_public = chance.random() < 0.6
        Profile.objects.filter(user=user).update(is_public=is_public, name="Ada"[: number % 4])
        if chance.random() < 0.1:
            Profile.objects.filter(user=user).delete()
        for product in products:
            review = Review.objects.create(
                user=user,
                product=product,
                stars=chance.randint(1, 5),
                text="Fine",
                state=chance.choice(["approved", "approved", "waiting", "hidden"]),
                # Some at the same moment.
                created=timezone.now() - timedelta(days=chance.randint(0, 9)),
            )
            # With a size, so that no file is opened to find it.
            ReviewPicture.objects.bulk_create(
                ReviewPicture(review=review, file=f"{review.pk}-{place}.webp", width=9, height=9)
                for place in range(chance.choice([0, 0, 0, 1, 3]))
            )


def said(review):
    author = review.author
    return {
        "review": (review.pk, review.user_id, review.stars, review.text, review.created),
        "author": author and (author.shown_name, author.get_absolute_url(), author.picture.name),
        "pictures": [(one.pk, one.file.name, one.review) for one in review.pictures.all()],
    }


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_the_models_say(seed, django_assert_num_queries):
    products = [make_page(f"Print {number}").product for number in range(2)]
    reviews(seed, products)
    for product in products:
        shown = Review.objects.shown().filter(product=product)
        expected = shown.select_related("user__profile").prefetch_related("pictures")[:MOST]

        with django_assert_num_queries(1):
            found, counts = first_reviews.of(product.pk, MOST)
            ours = [said(review) for review in found]

        assert ours == [said(review) for review in expected]
        assert counts == {stars: shown.filter(stars=stars).count() for stars in range(5, 0, -1)}
        assert any(row["pictures"] for row in ours)
        assert {bool(row["author"]) for row in ours} == {True, False}


def test_nothing_of_an_account_is_read_that_no_page_shows():
    product = make_page().product
    reviews(1, [product])
    found, _counts = first_reviews.of(product.pk, MOST)

    for review in found:
        assert {"password", "email", "last_login"} <= review.user.get_deferred_fields()


def test_a_product_without_reviews_has_none():
    assert first_reviews.of(make_page().product.pk, MOST) == ([], dict.fromkeys(range(1, 6), 0))
