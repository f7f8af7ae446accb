"""Wish lists: what goes on them, and who may see them.

Whatever changes the lists of a member holds the member's row first, so that limits are kept and
one list is made by two first wishes at the same moment.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from catalog.models import Product
from social.models import Action, User, WishList, WishListItem
from social.models.wishlists import new_key
from social.product_cards import is_shown
from social.stream import create_action

MOST_LISTS = 20
MOST_WISHES = 200


class TooManyListsError(Exception):
    """The member has as many lists as one may have."""


class ListFullError(Exception):
    """There is no room for another wish on the list."""


class NoSuchListError(Exception):
    """The list is gone, or somebody else's."""


class SeveralListsError(Exception):
    """The member has to say which of their lists is meant."""


@dataclass(frozen=True)
class Wish:
    """Where a wish is now, and whether it was not there before."""

    wish_list: WishList
    is_new: bool


@transaction.atomic
def make(user: Any, name: str) -> WishList:
    """Raises TooManyListsError."""
    _hold(user)
    return _make(user, name)


@transaction.atomic
def wish(user: Any, product: Product, list_id: int | None = None) -> Wish:
    """Put a product on a list; without one on the only list, which is made for the first wish.

    Raises ListFullError, NoSuchListError, SeveralListsError.
    """
    _hold(user)
    wish_list = _only_list(user) if list_id is None else _list(user, list_id)
    if wish_list.items.filter(product=product).exists():
        return Wish(wish_list, is_new=False)
    if wish_list.items.count() >= MOST_WISHES:
        raise ListFullError
    item = WishListItem.objects.create(wish_list=wish_list, product=product)
    # A private list betrays nothing.
    if wish_list.is_shared:
        create_action(user, Action.Verb.WISHED, item)
    return Wish(wish_list, is_new=True)


def take_off(user: Any, product_id: int, list_id: int) -> bool:
    """Wish for it no longer; whether it was there."""
    items = WishListItem.objects.filter(wish_list=list_id, wish_list__user=user, product=product_id)
    deleted, _of_models = items.delete()
    return bool(deleted)


def tidy(wish_list: WishList) -> int:
    """Take off what is no longer shown in the shop; return how many wishes that were."""
    gone = wish_list.items.exclude(is_shown())
    deleted, _of_models = gone.delete()
    return deleted


@transaction.atomic
def delete(wish_list: WishList) -> None:
    """Delete a list with its wishes, after whatever is just being put on it."""
    _hold(wish_list.user)
    wish_list.delete()


def rename(wish_list: WishList, name: str) -> None:
    """Its name and nothing else: it may have been made private, or deleted, in another tab."""
    WishList.objects.filter(pk=wish_list.pk).update(name=name)


def share(wish_list: WishList) -> None:
    """Show the list to whoever has its address."""
    WishList.objects.filter(pk=wish_list.pk).update(is_shared=True)


def make_private(wish_list: WishList) -> None:
    """Show it to nobody else; its address is dead for good, even when it is shared again."""
    WishList.objects.filter(pk=wish_list.pk).update(is_shared=False, key=new_key())


def with_wish(user: Any, product_id: int) -> QuerySet[WishList]:
    """The member's lists, each with ``has_it``: whether a product is on it."""
    items = WishListItem.objects.filter(wish_list=OuterRef("pk"), product=product_id)
    return WishList.objects.filter(user=user).annotate(has_it=Exists(items))


def _hold(user: Any) -> None:
    # Rows that point to the member are written by others meanwhile: no need to hold them up.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _list(user: Any, list_id: int) -> WishList:
    wish_list = WishList.objects.filter(user=user, pk=list_id).first()
    if wish_list is None:
        raise NoSuchListError
    return wish_list


def _only_list(user: Any) -> WishList:
    lists = list(WishList.objects.filter(user=user)[:2])
    if len(lists) > 1:
        raise SeveralListsError
    return lists[0] if lists else _make(user, _("My wish list"))


def _make(user: Any, name: str) -> WishList:
    if WishList.objects.filter(user=user).count() >= MOST_LISTS:
        raise TooManyListsError
    return WishList.objects.create(user=user, name=name)
