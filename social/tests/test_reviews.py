"""Who writes reviews, who lets them be read, and what they come to."""

from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from wagtail.models import ModelLogEntry

from catalog.models import Product
from catalog.signals import REVIEWS, product_figures
from catalog.tests.factories import make_page, make_sku
from orders import states
from orders.models import Order
from orders.payments import refunds
from orders.tests.factories import order_for, paid
from social import reviews
from social.models import Action, Review, ReviewPicture
from social.models.reviews import small_name

from .reviewing import made_picture, make_member, make_review

pytestmark = pytest.mark.django_db
State = Review.State
TEXT = {"text": "Fine paper.", "language": "en"}


def figures(product):
    product = Product.objects.get(pk=product.pk)
    return product.rating, product.total_reviews


@pytest.fixture
def product():
    return make_page("Dune").product


def test_what_waits_counts_for_nothing_and_nobody_hears_of_it(product):
    review = reviews.write(make_member(), product, stars=5, title="Lovely", **TEXT)

    assert review.state == State.WAITING
    assert figures(product) == (None, 0)
    assert not Action.objects.exists()


def test_the_average_is_of_what_is_approved(product):
    for stars in (5, 4, 4):
        make_review(product, stars=stars)
    make_review(product, stars=1, is_approved=False)
    make_review(stars=1)

    assert figures(product) == (Decimal("4.33"), 3)
    assert product_figures.of(REVIEWS, [product.pk]) == {product.pk: 3}


@pytest.mark.parametrize(
    ("stars", "count", "expected"),
    [(9, 2, "4.50"), (20, 3, "6.67"), (37, 8, "4.63"), (1, 8, "0.13")],
)
def test_an_average_is_rounded_half_up_to_two_places(stars, count, expected):
    assert str(reviews.average(stars, count)) == expected


def test_the_stream_hears_of_a_review_once(product):
    review = make_review(product)
    reviews.hide(review)
    reviews.approve(review)

    action = Action.objects.get()
    assert (action.user, action.verb, action.target) == (review.user, Action.Verb.REVIEWED, review)
    assert figures(product) == (Decimal("4.00"), 1)


def test_a_hidden_review_counts_no_longer(product):
    review = make_review(product, stars=1)
    make_review(product, stars=5)

    reviews.hide(review)

    assert figures(product) == (Decimal("5.00"), 1)


def test_a_changed_review_waits_again_and_stays_one(product):
    review = make_review(product, stars=5)

    changed = reviews.write(review.user, product, stars=2, title="Faded", **TEXT)

    assert (changed.pk, changed.state, changed.stars) == (review.pk, State.WAITING, 2)
    assert changed.changed > review.changed
    assert figures(product) == (None, 0)


def test_what_is_as_it_was_stays_approved(product):
    review = make_review(product, pictures=[made_picture()])

    again = reviews.write(review.user, product, stars=4, text=review.text, language="ko")

    assert (again.state, again.language) == (State.APPROVED, "en")
    assert figures(product) == (Decimal("4.00"), 1)


def test_what_was_changed_since_somebody_looked_is_not_approved(product):
    review = reviews.write(make_member(), product, stars=5, **TEXT)
    seen = reviews.version(review)
    reviews.write(review.user, product, stars=5, text="Buy pills", language="en")

    for act in (reviews.approve, reviews.hide):
        with pytest.raises(reviews.ChangedMeanwhileError):
            act(review, seen=seen)
    with pytest.raises(reviews.ChangedMeanwhileError):
        reviews.reply(review, "Thanks", seen=seen)

    assert Review.objects.get().state == State.WAITING


def test_what_is_gone_cannot_be_approved(product):
    review = reviews.write(make_member(), product, stars=5, **TEXT)
    reviews.delete(Review.objects.get())

    with pytest.raises(reviews.ChangedMeanwhileError):
        reviews.approve(review)


def test_a_review_that_goes_counts_no_longer(product):
    review = make_review(product)
    make_review(product, stars=2)

    reviews.delete(review)

    assert figures(product) == (Decimal("2.00"), 1)
    assert Action.objects.count() == 1


def test_a_member_who_goes_takes_their_reviews_along(product):
    other = make_page("Sea").product
    member = make_member()
    for one in (other, product):
        make_review(one, member, stars=1)
        make_review(one, stars=5)

    member.delete()

    assert figures(product) == figures(other) == (Decimal("5.00"), 1)


def test_a_product_goes_with_its_reviews(product):
    make_review(product)
    product.pages.first().delete()

    product.delete()

    assert not Review.objects.exists()


def order(user, product, **fields):
    return order_for({make_sku(product): 2}, user=user, **fields)


def test_bought_here_is_what_the_books_say(product):
    member, other = make_member(), make_member()
    assert not reviews.has_bought(member, product)

    waiting = order(member, product)
    assert not reviews.has_bought(member, product)
    assert not reviews.write(member, product, stars=4, **TEXT).is_bought_here

    paid(waiting)
    assert reviews.has_bought(member, product)
    assert not reviews.has_bought(other, product)
    assert not reviews.has_bought(member, make_page().product)
    assert not Review.objects.get().is_bought_here
    assert reviews.write(member, product, stars=5, **TEXT).is_bought_here


def test_what_was_paid_before_its_review_is_approved_was_bought_here(product):
    member = make_member()
    waiting = order(member, product)
    review = reviews.write(member, product, stars=4, **TEXT)
    paid(waiting)

    reviews.approve(review)

    assert Review.objects.get().is_bought_here


def test_what_was_given_back_was_not_bought(product):
    member = make_member()
    bought = paid(order(member, product))

    refunds.finish(refunds.ask(bought, bought.total / 2), "R1")
    assert reviews.has_bought(member, product)

    refunds.finish(refunds.ask(Order.objects.get(pk=bought.pk), bought.total / 2), "R2")
    assert not reviews.has_bought(member, product)


@pytest.mark.parametrize("state", [Order.State.CANCELLED, Order.State.EXPIRED])
def test_what_came_to_nothing_was_not_bought(product, state):
    member = make_member()
    states.advance(order(member, product), state, by="test")
    Order.objects.update(paid_at="2026-01-01T00:00Z")

    assert not reviews.has_bought(member, product)


class TestPictures:
    def test_each_is_kept_large_and_small(self, product):
        review = make_review(product, pictures=[made_picture("teal"), made_picture("navy")])

        first, second = review.pictures.all()
        assert (first.width, first.height) == (600, 400)
        assert first.file.name != second.file.name
        assert first.file.name.startswith("reviews/")
        for name in (first.file.name, small_name(first.file.name)):
            assert default_storage.exists(name)
        assert first.small_url == f"/media/{small_name(first.file.name)}"

    def test_its_files_go_when_it_goes(self, product, django_capture_on_commit_callbacks):
        review = make_review(product, pictures=[made_picture(), made_picture()])
        gone, kept = review.pictures.all()

        with django_capture_on_commit_callbacks(execute=True):
            reviews.write(review.user, product, stars=4, removed=[gone.pk, 10**15], **TEXT)
            # Not before the commit: who undoes it finds them again.
            assert default_storage.exists(gone.file.name)

        assert list(review.pictures.all()) == [kept]
        for name in (gone.file.name, small_name(gone.file.name)):
            assert not default_storage.exists(name)
        assert default_storage.exists(kept.file.name)

        with django_capture_on_commit_callbacks(execute=True):
            review.user.delete()

        assert not default_storage.exists(kept.file.name)

    def test_of_a_hidden_review_the_addresses_that_others_know_lead_nowhere(
        self, product, django_capture_on_commit_callbacks
    ):
        review = make_review(product, pictures=[made_picture()])
        known = review.pictures.get().file
        content = known.read()

        with django_capture_on_commit_callbacks(execute=True):
            reviews.hide(review)

        picture = review.pictures.get()
        for name in (known.name, small_name(known.name)):
            assert not default_storage.exists(name)
        assert picture.file.read() == content
        assert default_storage.exists(small_name(picture.file.name))
        assert (picture.width, picture.height) == (600, 400)

    def test_nobody_takes_away_the_pictures_of_another(self, product):
        review = make_review(product, pictures=[made_picture()])
        key = review.pictures.get().pk

        reviews.write(make_member(), product, stars=4, removed=[key], **TEXT)

        assert review.pictures.count() == 1

    def test_more_than_three_are_refused_and_leave_nothing(self, product):
        review = make_review(product, pictures=[made_picture(), made_picture()])
        before = files()

        with pytest.raises(reviews.TooManyPicturesError):
            reviews.write(
                review.user,
                product,
                stars=1,
                text="No",
                language="en",
                pictures=[made_picture(), made_picture()],
            )

        review.refresh_from_db()
        assert (review.stars, review.state, review.pictures.count()) == (4, State.APPROVED, 2)
        assert files() == before
        assert figures(product) == (Decimal("4.00"), 1)

    def test_one_can_take_the_place_of_another(self, product):
        review = make_review(product, pictures=[made_picture() for _number in range(3)])
        old = review.pictures.first()

        reviews.write(
            review.user,
            product,
            stars=4,
            text=review.text,
            language="en",
            pictures=[made_picture()],
            removed=[old.pk],
        )

        assert review.pictures.count() == 3
        assert not ReviewPicture.objects.filter(pk=old.pk).exists()


def files():
    return sorted(default_storage.listdir("reviews")[1])


def test_what_a_moderator_did_is_in_the_log_without_a_word_of_the_review(product, admin_user):
    review = reviews.write(make_member(), product, stars=2, title="Secret title", **TEXT)
    reviews.approve(review, by=admin_user)
    reviews.approve(review, by=admin_user)
    reviews.reply(review, "Sorry", by=admin_user)
    reviews.hide(review, by=admin_user)
    reviews.delete(review, by=admin_user)

    entries = ModelLogEntry.objects.order_by("pk")
    assert [(entry.action, entry.user) for entry in entries] == [
        ("social.review.approve", admin_user),
        ("social.review.reply", admin_user),
        ("social.review.hide", admin_user),
        ("wagtail.delete", admin_user),
    ]
    assert {entry.label for entry in entries} == {f"Review {entries[0].object_id}"}
    assert "Secret" not in str(list(entries.values()))


def test_recounting_puts_right_what_is_wrong_and_nothing_else(product, capsys):
    make_review(product, stars=3)
    right, empty = make_review().product, make_page("Sea").product
    for wrong in (product, empty):
        Product.objects.filter(pk=wrong.pk).update(total_reviews=7, rating="1.00")

    call_command("recount_reviews")
    assert "2 products were wrong" in capsys.readouterr().out
    assert figures(product) == (Decimal("3.00"), 1)
    assert figures(right) == (Decimal("4.00"), 1)
    assert figures(empty) == (None, 0)

    call_command("recount_reviews")
    assert "0 products were wrong" in capsys.readouterr().out
