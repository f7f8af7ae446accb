"""What members think of products: who writes it, who lets it be read, and the average of it.

``Product.rating`` and ``total_reviews`` are those of approved reviews. Whatever changes them holds
the product's row first, and counts what it then reads; several products in the order of their
keys. So a member's row, which ``create_action`` holds, comes after the product's.
"""

from collections.abc import Collection, Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from wagtail.log_actions import log

from catalog.models import Product
from catalog.signals import REVIEWS, product_figures
from catalog.telling_facts import listed_changed
from orders.models import CAME_TO_NOTHING, OrderItem
from social.holding import hold_products
from social.models import Action, Review, ReviewPicture, User
from social.models.reviews import MOST_PICTURES
from social.review_mails import owe_answer
from social.review_pictures import move, stored
from social.stream import create_action

LOG_APPROVE = "social.review.approve"
LOG_HIDE = "social.review.hide"
LOG_REPLY = "social.review.reply"
CENTS = Decimal("0.01")


class ChangedMeanwhileError(Exception):
    """The member has changed the review since it was looked at, or it is gone."""


class TooManyPicturesError(Exception):
    """More pictures than a review may have."""


class SentTwiceError(Exception):
    """The same form came again, or the same text from a window that shows an older version."""


def write(
    user: User,
    product: Product,
    *,
    stars: int,
    text: str,
    title: str = "",
    language: str,
    pictures: Iterable[File] = (),
    removed: Collection[int] = (),
    seen: str | None = None,
) -> Review:
    """Write a review, or change the one there is; either waits until somebody has looked at it.

    ``pictures`` are files made anew (``social.pictures``), ``removed`` keys of pictures it had.
    ``seen`` is the ``version`` that the member has changed, empty where there was none.
    What is as it was before stays approved. Raises TooManyPicturesError, SentTwiceError.
    """
    with stored(pictures) as added, transaction.atomic():
        hold_products([product.pk])
        review = Review.objects.filter(user=user, product=product).first()
        now = timezone.now()
        review = review or Review(user=user, product=product, created=now)
        gone = list(review.pictures.filter(pk__in=removed)) if review.pk else []
        written = {"stars": stars, "title": title, "text": text}
        is_same = review.pk and all(getattr(review, name) == it for name, it in written.items())
        if is_same and not added and not gone:
            return review
        if is_same and seen is not None and seen != version(review):
            raise SentTwiceError
        for name, it in {**written, "language": language}.items():
            setattr(review, name, it)
        review.state = Review.State.WAITING
        review.is_bought_here = has_bought(user, product)
        review.changed = now
        review.save()
        _change_pictures(review, added, gone)
        recount(product.pk)
        return review


def _change_pictures(review: Review, added: list[ReviewPicture], gone: list[ReviewPicture]) -> None:
    for picture in gone:
        picture.delete()
    if review.pictures.count() + len(added) > MOST_PICTURES:
        raise TooManyPicturesError
    for picture in added:
        picture.review = review
        picture.save()


def has_bought(user: User, product: Product) -> bool:
    """Whether the books say that this member bought it and kept it."""
    bought = OrderItem.objects.filter(
        order__user=user, sku__product=product, order__paid_at__isnull=False
    )
    bought = bought.exclude(order__state__in=CAME_TO_NOTHING)
    given_back = {
        "order__amount_refunded__gt": 0,
        "order__amount_refunded__gte": F("order__amount_paid"),
    }
    return bought.exclude(**given_back).exists()


def approve(review: Review, *, by: Any = None, seen: str = "") -> Review:
    """Let everybody read it; the first time, the stream tells of it.

    ``seen`` is the ``version`` that was looked at; ChangedMeanwhileError where it is another.
    """
    with transaction.atomic():
        review = _held(review, seen)
        if review.state == Review.State.APPROVED:
            return review
        # A transfer may have arrived since it was written.
        review.is_bought_here = has_bought(review.user, review.product)
        _enter(review, Review.State.APPROVED)
        if not _actions(review).exists():
            create_action(review.user, Action.Verb.REVIEWED, review)
        owe_answer(review)
        _log(review, LOG_APPROVE, by)
    return review


def hide(review: Review, *, by: Any = None, seen: str = "") -> Review:
    """Let nobody read it but its author. Raises ChangedMeanwhileError."""
    with transaction.atomic():
        review = _held(review, seen)
        if review.state != Review.State.HIDDEN:
            _enter(review, Review.State.HIDDEN)
            _log(review, LOG_HIDE, by)
            # After the commit, so that no row is held up by a slow store.
            transaction.on_commit(partial(move, review.pk), robust=True)
    return review


def reply(review: Review, text: str, *, by: Any = None, seen: str = "") -> Review:
    """Answer it where it is shown, or take the answer back (an empty text).

    The member gets a mail about a new answer, once both can be read, and none about a correction.
    """
    with transaction.atomic():
        review = _held(review, seen)
        if review.reply == text:
            return review
        if not review.reply:
            review.replied = timezone.now()
        elif not text:
            review.replied = None
        review.reply = text
        review.save(update_fields=["reply", "replied"])
        owe_answer(review)
        _log(review, LOG_REPLY, by)
    return review


def delete(review: Review, *, by: Any = None) -> None:
    """Keep nothing of it. ``by``: a moderator, which is logged, and not the member."""
    with transaction.atomic():
        hold_products([review.product_id])
        if by is not None:
            _log(review, "wagtail.delete", by, deleted=True)
        review.delete()


def version(review: Review) -> str:
    """A short name for what the member wrote last, to be compared with what somebody saw."""
    return review.changed.strftime("%Y%m%d%H%M%S%f")


def recount(product_id: int) -> bool:
    """Write the average and the number of a product's approved reviews; whether they were wrong."""
    with transaction.atomic():
        hold_products([product_id])
        shown = Review.objects.shown().filter(product=product_id).order_by()
        figures = _figures(**shown.aggregate(count=Count("pk"), stars=Sum("stars")))
        product = Product.objects.filter(pk=product_id)
        is_wrong = product.values_list("total_reviews", "rating").first() not in (figures, None)
        if is_wrong:
            product.update(total_reviews=figures[0], rating=figures[1])
            listed_changed([product_id])
    return is_wrong


def recount_all() -> int:
    """Count anew what differs from the reviews, beside traffic; return how much was wrong."""
    shown = Review.objects.shown().order_by().values("product")
    rows = shown.annotate(count=Count("pk"), stars=Sum("stars"))
    counted = {row["product"]: _figures(row["count"], row["stars"]) for row in rows}
    written = Product.objects.filter(Q(total_reviews__gt=0) | Q(rating__isnull=False))
    was = {pk: figures for pk, *figures in written.values_list("pk", "total_reviews", "rating")}
    nothing = _figures(0, None)
    suspects = [
        pk
        for pk in sorted({*counted, *was})
        if counted.get(pk, nothing) != tuple(was.get(pk, nothing))
    ]
    return sum(recount(pk) for pk in suspects)


def _figures(count: int, stars: int | None) -> tuple[int, Decimal | None]:
    return count, average(stars, count) if stars else None


def average(stars: int, count: int) -> Decimal:
    return (Decimal(stars) / count).quantize(CENTS, ROUND_HALF_UP)


def _held(review: Review, seen: str) -> Review:
    """The review as it is now, which nobody else changes until the transaction ends."""
    hold_products([review.product_id])
    current = Review.objects.select_related("user").filter(pk=review.pk).first()
    if current is None or (seen and seen != version(current)):
        raise ChangedMeanwhileError
    return current


def _enter(review: Review, state: Review.State) -> None:
    review.state = state
    review.save(update_fields=["state", "is_bought_here"])
    recount(review.product_id)


def _actions(review: Review) -> Any:
    return Action.objects.filter(
        verb=Action.Verb.REVIEWED,
        target_type__app_label="social",
        target_type__model="review",
        target_id=review.pk,
    )


def _log(review: Review, action: str, by: Any, **options: Any) -> None:
    # Without a word of the review: a log is kept when its author is forgotten.
    data = {"product": review.product_id, "stars": review.stars}
    log(review, action, user=by, title=f"Review {review.pk}", data=data, **options)


def hold_reviewed(sender: type[User], instance: User, **_kwargs: Any) -> None:
    """Before a member is deleted: hold what they reviewed in the order in which all others do."""
    with transaction.atomic():
        hold_products(instance.reviews.values_list("product_id", flat=True))


def count_without(sender: type[Review], instance: Review, **_kwargs: Any) -> None:
    """After a review is deleted, alone or with its member."""
    _actions(instance).delete()
    recount(instance.product_id)


@product_figures.register(REVIEWS)
def counts(products: Collection[int]) -> dict[int, int]:
    """For the catalogue: how many reviews of these products shoppers can read."""
    found = Product.objects.filter(pk__in=products, total_reviews__gt=0)
    return dict(found.values_list("pk", "total_reviews"))
