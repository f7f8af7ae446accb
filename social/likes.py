"""Likes, and how many each product has: exact, whoever likes at the same moment.

``Product.total_likes`` follows the rows by signals, so that what is deleted along with a member
counts as well. Whatever changes a like holds the product's row, and only then the member's:
nobody can wait for each other in a circle.
"""

from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet

from catalog.models import Product
from social.holding import hold_products
from social.models import Action, Like, User
from social.stream import create_action, forget_former


@transaction.atomic
def like(user: Any, product: Product) -> bool:
    """Like a product; whether that is new."""
    hold_products([product.pk])
    _like, is_new = Like.objects.get_or_create(user=user, product=product)
    if is_new:
        create_action(user, Action.Verb.LIKES, product)
        forget_former(user, Action.Verb.LIKES, product)
    return is_new


@transaction.atomic
def unlike(user: Any, product: Product) -> bool:
    """Like it no longer; whether that is new."""
    hold_products([product.pk])
    deleted, _of_models = Like.objects.filter(user=user, product=product).delete()
    return bool(deleted)


def is_liked(user: Any, product_id: int) -> bool:
    return Like.objects.filter(user=user, product=product_id).exists()


def count_new(sender: type[Like], instance: Like, created: bool, raw: bool, **_kwargs: Any) -> None:
    """After a like is saved. What is loaded from a file brings its counts along."""
    if created and not raw:
        _count(instance.product_id, 1)


def count_gone(sender: type[Like], instance: Like, origin: Any = None, **_kwargs: Any) -> None:
    """After a like is deleted, alone or with its member. A product takes its number with it."""
    deleted = origin.model if isinstance(origin, QuerySet) else type(origin)
    if deleted is not Product:
        _count(instance.product_id, -1)


def hold_liked(sender: type[User], instance: User, **_kwargs: Any) -> None:
    """Before a member is deleted: they may unlike it in another tab."""
    with transaction.atomic():
        hold_products(instance.likes.values_list("product_id", flat=True))


def _count(product_id: int, step: int) -> None:
    # A number that was wrong must not keep anybody from liking something no longer.
    product = Product.objects.filter(pk=product_id, total_likes__gte=-step)
    product.update(total_likes=F("total_likes") + step)


def recount() -> int:
    """Count the likes of each product anew, beside traffic; return how many were wrong."""
    likes = Like.objects.filter(product=OuterRef("pk")).order_by().values("product")
    counted = Coalesce(Subquery(likes.annotate(count=Count("pk")).values("count")), 0)
    suspects = Product.objects.alias(counted=counted).exclude(total_likes=F("counted"))
    return sum(_recount(pk) for pk in list(suspects.values_list("pk", flat=True)))


@transaction.atomic
def _recount(product_id: int) -> bool:
    """Count again while nobody can change it; whether the number was wrong."""
    hold_products([product_id])
    total = Like.objects.filter(product=product_id).count()
    product = Product.objects.filter(pk=product_id).exclude(total_likes=total)
    return bool(product.update(total_likes=total))
