"""The orders in which products can be listed."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Sort key: (what the shopper reads, the order).
SORTS = {
    "newest": (_("Newest"), (F("first_published_at").desc(nulls_last=True), "-pk")),
    "selling": (_("Best selling"), ("-product__sold_30_days", "-product_id")),
    "viewed": (_("Most viewed"), ("-product__views", "-product_id")),
    "rated": (
        _("Best rated"),
        (
            F("product__rating").desc(nulls_last=True),
            "-product__total_reviews",
            "-product_id",
        ),
    ),
    "liked": (_("Most liked"), ("-product__total_likes", "-product_id")),
    "reduced": (
        _("Reduced first"),
        ("-product__on_sale", F("first_published_at").desc(nulls_last=True), "-pk"),
    ),
    "price": (
        _("Price, low to high"),
        (F("product__lowest_price").asc(nulls_last=True), "product_id"),
    ),
    "-price": (
        _("Price, high to low"),
        (F("product__lowest_price").desc(nulls_last=True), "-product_id"),
    ),
    "name": (pgettext_lazy("to sort by", "Name"), ("title", "pk")),
}
DEFAULT_SORT = "newest"
# What these sort by changes at the moment a price does.
BY_PRICE = {"price", "-price", "reduced"}


def sort_choices() -> list[tuple[str, str]]:
    """For an editor who chooses the order of a page."""
    return [(key, label) for key, (label, _order) in SORTS.items()]


def known_sort(asked: str | None, default: str = DEFAULT_SORT) -> str:
    return asked if asked in SORTS else default
