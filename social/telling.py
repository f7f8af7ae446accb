"""Tell what is kept of products (``catalog.kept``) what people say of them."""

from typing import Any

from catalog import kept
from catalog.telling_facts import cards_changed, facts_changed
from social.models import Like, Profile, Review, ReviewPicture, User

# What no page shows.
OF_LOGINS = {"last_login", "password"}


def review_changed(sender: type[Review], instance: Review, **_more: Any) -> None:
    cards_changed([instance.product_id])
    kept.changed("listed")


def picture_changed(sender: type[ReviewPicture], instance: ReviewPicture, **_more: Any) -> None:
    facts_changed([instance.review.product_id])


def like_changed(sender: type[Like], instance: Like, **_more: Any) -> None:
    facts_changed([instance.product_id])


def member_saved(
    sender: type[User], instance: User, update_fields: Any = None, **_more: Any
) -> None:
    if update_fields is None or not set(update_fields) <= OF_LOGINS:
        name_changed(instance.pk)


def profile_saved(sender: type[Profile], instance: Profile, **_more: Any) -> None:
    name_changed(instance.user_id)


def name_changed(user_id: int) -> None:
    """A member is shown otherwise, beside the reviews that they wrote."""
    products = Review.objects.shown().filter(user=user_id).values_list("product", flat=True)
    facts_changed(products)


def connect() -> None:
    from django.db.models.signals import post_delete, post_save

    for signal in (post_save, post_delete):
        signal.connect(review_changed, sender=Review)
        signal.connect(like_changed, sender=Like)
    post_save.connect(picture_changed, sender=ReviewPicture)
    post_save.connect(member_saved, sender=User)
    post_save.connect(profile_saved, sender=Profile)
