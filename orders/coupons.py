"""Whether a coupon counts for an order, and the rows that prove each use."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import CategoryPage, ProductPage
from catalog.money import format_money
from orders.coupon_tries import count_try, too_many_tries
from orders.models import CAME_TO_NOTHING, Coupon, CouponUse, Order

__all__ = [
    "CouponError",
    "CustomerError",
    "check",
    "count_try",
    "find",
    "lock",
    "products_it_counts_for",
    "release",
    "too_many_tries",
    "use",
    "use_again",
]


class CouponError(Exception):
    """The coupon does not count; the text says why, as far as a stranger may know."""


class CustomerError(CouponError):
    """The coupon does not count for this customer, which says that the shop knows the address."""


def find(code: str) -> Coupon | None:
    """The coupon with this code, without regard to case; whether it counts is another question."""
    code = code.strip()
    if not code or "\x00" in code:
        return None
    # Lowered by the database, as its constraint does it: SQLite knows only A to Z.
    wanted = [Lower(Value(text)) for text in {code, code.lower(), code.upper()}]
    return Coupon.objects.alias(lowered=Lower("code")).filter(lowered__in=wanted).first()


def products_it_counts_for(coupon: Coupon, products: Collection[int]) -> set[int]:
    """Which of the products (by key) it counts for: all, or those in its categories.

    A product stands in a category by its page, by a category above it, or by being listed
    there besides; and a category is the same in every language.
    """
    if not coupon.only_some:
        return set(products)
    chosen = coupon.categories.values("translation_key")
    paths = CategoryPage.objects.filter(translation_key__in=chosen).values_list("path", flat=True)
    inside = Q(pk__in=())
    for path in paths:
        inside |= Q(path__startswith=path) | Q(further_categories__category__path__startswith=path)
    pages = ProductPage.objects.live().filter(inside, product__in=products)
    return set(pages.values_list("product", flat=True))


def check(
    coupon: Coupon,
    *,
    counted: Decimal,
    currency: str,
    email: str = "",
    user: Any = None,
    moment: datetime | None = None,
) -> None:
    """Raise CouponError where the coupon does not count for goods that cost ``counted``.

    Without an email and a user only what does not depend on the customer is checked.
    """
    moment = moment or timezone.now()
    has_begun = coupon.valid_from is None or coupon.valid_from <= moment
    is_over = coupon.valid_until is not None and coupon.valid_until <= moment
    if not coupon.is_active or not has_begun or is_over:
        raise CouponError(_("This coupon is not valid."))
    if coupon.most_uses is not None and coupon.used >= coupon.most_uses:
        raise CouponError(_("This coupon has been used up."))
    if not counted and not _counts_for_nothing(coupon):
        raise CouponError(_("This coupon is not for anything in your cart."))
    if counted < coupon.minimum:
        least = format_money(coupon.minimum, currency)
        raise CouponError(_("This coupon is for orders of %(least)s and more.") % {"least": least})
    if email or _is_member(user):
        _check_customer(coupon, email, user)


def _counts_for_nothing(coupon: Coupon) -> bool:
    """Whether it may be used where the goods cost nothing: sending them may cost something."""
    return coupon.kind == Coupon.Kind.FREE_SHIPPING and not coupon.only_some


def _check_customer(coupon: Coupon, email: str, user: Any) -> None:
    if coupon.first_order_only:
        # An order without lines is the one that is being placed in this transaction.
        orders = Order.objects.exclude(state__in=CAME_TO_NOTHING).filter(items__isnull=False)
        if _of_customer(orders, email, user).exists():
            raise CustomerError(_("This coupon is for a first order."))
    if coupon.most_uses_each is not None:
        uses = CouponUse.objects.filter(coupon=coupon, released__isnull=True)
        if _of_customer(uses, email, user).count() >= coupon.most_uses_each:
            raise CustomerError(_("You have used this coupon already."))


def _of_customer(rows: Any, email: str, user: Any) -> Any:
    one = Q(email__iexact=email) if email else Q(pk__in=())
    return rows.filter(one | Q(user=user)) if _is_member(user) else rows.filter(one)


def _is_member(user: Any) -> bool:
    return bool(user and user.is_authenticated)


def lock(coupon: Coupon) -> Coupon:
    """The coupon as it is now, held until the transaction ends: its limits are counted alone."""
    return Coupon.objects.select_for_update().get(pk=coupon.pk)


def use(coupon: Coupon, order: Order, amount: Decimal) -> CouponUse:
    """Count one use, in the order's own transaction; CouponError if it has been used up."""
    left = Q(most_uses__isnull=True) | Q(used__lt=F("most_uses"))
    if not Coupon.objects.filter(left, pk=coupon.pk).update(used=F("used") + 1):
        raise CouponError(_("This coupon has been used up."))
    return CouponUse.objects.create(
        coupon=coupon, order=order, email=order.email.lower(), user=order.user, amount=amount
    )


@transaction.atomic
def release(order: Order) -> None:
    """The order came to nothing, so its coupon may be used again; once, however often called."""
    uses = CouponUse.objects.filter(order=order, released__isnull=True)
    ids = list(uses.values_list("coupon", flat=True))
    if uses.update(released=timezone.now()):
        Coupon.objects.filter(pk__in=ids, used__gt=0).update(used=F("used") - 1)


def use_again(order: Order) -> None:
    """An order that had come to nothing was paid after all: its price stays as it was promised.

    A limit that was reached meanwhile is exceeded by none: the use is kept, only not counted.
    """
    for use in CouponUse.objects.filter(order=order, released__isnull=False):
        left = Q(most_uses__isnull=True) | Q(used__lt=F("most_uses"))
        if Coupon.objects.filter(left, pk=use.coupon_id).update(used=F("used") + 1):
            CouponUse.objects.filter(pk=use.pk).update(released=None)
