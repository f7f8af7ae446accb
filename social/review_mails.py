"""The mail by which a member learns that the shop has answered a review."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cart.lines import shown_pages
from orders import outbox
from orders.mails import sending
from orders.mails.about_stock import absolute
from orders.mails.filling import one_line
from orders.mails.kinds import ABOUT_SHOP, GREETING, MailKind
from orders.mails.letters import Letter
from orders.models import Outbox
from orders.outbox import NoLongerNeededError
from social.models import Review

REVIEW_ANSWERED = "review_answered"
KIND = MailKind(
    REVIEW_ANSWERED,
    label=gettext_lazy("The shop answered your review"),
    words={"product": gettext_lazy("the product's title"), **ABOUT_SHOP},
    subject=gettext_lazy("{shop} has answered your review of {product}"),
    heading=gettext_lazy("We have answered your review"),
    text=gettext_lazy("Thank you for your review of {product}. This is our answer:"),
    closing=GREETING,
    button=gettext_lazy("See the reviews"),
)


def owe_answer(review: Review) -> None:
    """Owe the mail about an answer that everybody can read by now; one for each answer."""
    if not review.reply or review.state != Review.State.APPROVED:
        return
    key = f"review:{review.pk}:answered:{review.replied:%Y%m%d%H%M%S%f}"
    outbox.owe(key, REVIEW_ANSWERED, review=review.pk)
    transaction.on_commit(outbox.ring, robust=True)


def letter(row: Outbox) -> Letter:
    review = _review(row)
    if review is None or not review.reply or review.state != Review.State.APPROVED:
        raise NoLongerNeededError("the review is not shown with an answer any more")
    if not (review.user.is_active and review.user.email):
        raise NoLongerNeededError("the account is closed")
    page = shown_pages({review.product_id}).get(review.product_id)
    if page is None:
        url = settings.BASE_URL + reverse("reviews:mine")
    else:
        url = f"{absolute(page)}#reviews"
    title = page.title if page else review.title or _("a product")
    return _letter(review, title, url)


def language_of(row: Outbox) -> str:
    review = _review(row)
    return review.language if review else settings.LANGUAGE_CODE


def example(language: str, to: str) -> Letter:
    review = Review(
        language=language,
        text=_("It hangs above my desk, and I look at it every day."),
        reply=_("We are glad to read that."),
    )
    return _letter(review, _("a product"), settings.BASE_URL, to)


def _review(row: Outbox) -> Review | None:
    return Review.objects.select_related("user").filter(pk=row.payload["review"]).first()


def _letter(review: Review, product: str, url: str, to: str = "") -> Letter:
    return Letter(
        kind=KIND,
        language=review.language,
        to=to or review.user.email,
        words={"product": one_line(product)},
        url=url,
        facts=[
            (_("Your review"), _readable(review.text)),
            (_("Our answer"), _readable(review.reply)),
        ],
    )


def _readable(text: str) -> str:
    return "\n".join(one_line(line) for line in text.splitlines())


def register() -> None:
    sending.register(KIND, sending.Writer(letter, language_of, example))
