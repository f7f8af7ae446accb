"""A member hears once of each answer, when it can be read."""

import pytest
from django.core import mail

from catalog.tests.factories import make_page
from orders import outbox
from orders.mails import example, sending
from orders.mails.kinds import KINDS
from orders.models import Outbox
from social import reviews
from social.review_mails import REVIEW_ANSWERED

from .reviewing import make_member, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return make_page("Dune & <b>Moon</b>", slug="dune")


def rows():
    return Outbox.objects.filter(kind=REVIEW_ANSWERED)


def test_an_answer_is_told_with_both_texts(page, settings):
    settings.BASE_URL = "https://shop.example.com"
    review = make_review(page, make_member("ada"), text="<i>Fine</i>\nBcc: x@example.com")
    reviews.reply(review, "We are <u>glad</u>.\n\nCome again")

    outbox.drain()

    [message] = mail.outbox
    assert message.to == ["ada@example.com"]
    assert message.subject == "Storefront has answered your review of Dune & <b>Moon</b>"
    for line in ("<i>Fine</i>", "Bcc: x@example.com", "We are <u>glad</u>.", "Come again"):
        assert f"    {line}\n" in message.body
    assert "https://shop.example.com/prints/dune/#reviews" in message.body
    html = message.alternatives[0].content
    for tag in ("<i>Fine", "<u>glad", "<b>Moon"):
        assert tag not in html
    assert rows().get().state == "sent"
    assert rows().get().payload == {"review": review.pk}


def test_an_answer_to_what_waits_is_told_when_it_is_approved(page):
    review = reviews.reply(make_review(page, is_approved=False), "Thanks")
    assert not rows().exists()

    reviews.approve(review)

    assert rows().count() == 1


def test_a_correction_is_not_told_again_but_a_new_answer_is(page):
    review = make_review(page)
    reviews.reply(review, "Thakns")
    reviews.reply(review, "Thanks")
    reviews.approve(reviews.hide(review))
    assert rows().count() == 1

    reviews.reply(review, "")
    reviews.reply(review, "Thank you")
    assert rows().count() == 2


@pytest.mark.parametrize("gone", ["reply", "hidden", "review", "account"])
def test_what_is_no_longer_there_is_not_told(page, gone):
    review = reviews.reply(make_review(page), "Thanks")
    if gone == "reply":
        reviews.reply(review, "")
    elif gone == "hidden":
        reviews.hide(review)
    elif gone == "review":
        reviews.delete(review)
    else:
        type(review.user).objects.filter(pk=review.user_id).update(is_active=False)

    outbox.drain()

    assert mail.outbox == []
    assert rows().get().state == Outbox.State.DROPPED


def test_of_a_product_that_is_not_shown_it_leads_to_ones_own_reviews(page, settings):
    settings.BASE_URL = "https://shop.example.com"
    reviews.reply(make_review(page), "Thanks")
    page.unpublish()

    outbox.drain()

    assert "https://shop.example.com/account/reviews/" in mail.outbox[0].body


@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
def test_a_merchant_who_edits_its_words_sees_an_example(language):
    letter = example.letter(KINDS[REVIEW_ANSWERED], language, "owner@example.com")

    message = sending.message(letter, "example")

    assert message.to == ["owner@example.com"]
    assert "{" not in message.subject + message.body
