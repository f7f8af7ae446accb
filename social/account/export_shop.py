"""What a member did in the shop, as their data say it: cart, likes, reviews, lists, letters."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Lower
from wagtail.contrib.forms.models import FormSubmission

from cart.entries import load
from cart.models import SavedCart
from catalog.models import Product, ProductPage
from orders import claiming
from orders.models import BackInStock
from social.account.export_people import absolute
from social.models import Action, Like, Review, Subscriber, User, WishList, WishListItem


def title_of(product: str) -> Subquery:
    """The title of a product's page, the original before its translations."""
    pages = ProductPage.objects.filter(product=OuterRef(product)).order_by("pk")
    return Subquery(pages.values("title")[:1])


def _cart(user: User) -> dict[str, Any] | None:
    cart = SavedCart.objects.filter(user=user).first()
    if cart is None:
        return None
    parts = {"lines": load(cart.entries), "taken_out": load(cart.removed)}
    return {"changed": cart.changed} | {
        name: [
            {"sku": code, "quantity": entry.quantity, "added": entry.added}
            for code, entry in entries.items()
        ]
        for name, entries in parts.items()
    }


def _likes(user: User) -> Iterator[dict[str, Any]]:
    likes = Like.objects.filter(user=user).order_by("pk")
    yield from likes.values("created", title=title_of("product")).iterator()


def _reviews(user: User) -> Iterator[dict[str, Any]]:
    found = Review.objects.filter(user=user).order_by("pk").prefetch_related("pictures")
    for review in found.annotate(product_title=title_of("product")):
        yield {
            "product": review.product_title,
            "stars": review.stars,
            "title": review.title,
            "text": review.text,
            "language": review.language,
            "state": review.state,
            "bought_here": review.is_bought_here,
            "pictures": [absolute(picture.file.url) for picture in review.pictures.all()],
            "written": review.created,
            "changed": review.changed,
            "reply": review.reply,
            "replied": review.replied,
        }


def _wish_lists(user: User) -> Iterator[dict[str, Any]]:
    items = WishListItem.objects.annotate(product_title=title_of("product"))
    lists = WishList.objects.filter(user=user).prefetch_related(Prefetch("items", items))
    for wishes in lists:
        yield {
            "name": wishes.name,
            "is_shared": wishes.is_shared,
            "made": wishes.created,
            "wishes": [
                {"product": item.product_title, "added": item.added} for item in wishes.items.all()
            ],
        }


def _actions(user: User) -> Iterator[dict[str, Any]]:
    """What stands in the stream; with the product where it was about one."""
    product = ContentType.objects.get_for_model(Product)
    actions = Action.objects.filter(user=user).order_by("pk")
    for row in actions.values(
        "verb", "created", "target_type", title=title_of("target_id")
    ).iterator():
        about = row["title"] if row["target_type"] == product.pk else None
        yield {"verb": row["verb"], "product": about, "when": row["created"]}


def _newsletter(user: User) -> Iterator[dict[str, Any]]:
    found = Subscriber.objects.filter(user=user).prefetch_related("deliveries__page")
    for subscriber in found:
        yield {
            "email": subscriber.email,
            "state": subscriber.state,
            "language": subscriber.language,
            "asked": subscriber.created,
            "confirmed": subscriber.confirmed,
            "left": subscriber.left,
            "issues": [
                {"title": delivery.page.title, "state": delivery.state, "sent": delivery.sent}
                for delivery in subscriber.deliveries.all()
            ],
        }


def _back_in_stock(user: User) -> Iterator[dict[str, Any]]:
    wishes = BackInStock.objects.filter(user=user).order_by("pk")
    yield from wishes.values("email", "language", "created", "told", code=F("sku__code"))


def submissions_of(user: User) -> QuerySet[FormSubmission]:
    """What was sent by forms with an address that is known to be the member's."""
    # In small letters, as several letters have the same capital: "ı" and "i".
    sent = FormSubmission.objects.alias(words=Lower(Cast("form_data", TextField())))
    found = FormSubmission.objects.none()
    for address in claiming.confirmed_addresses(user):
        found = found | sent.filter(words__contains=f'"{address.lower()}"')
    return found


def _forms(user: User) -> Iterator[dict[str, Any]]:
    for one in submissions_of(user).select_related("page").order_by("pk"):
        yield {"form": one.page.title, "sent": one.submit_time, "answers": one.form_data}


shop_parts: dict[str, Callable[[User], Any]] = {
    "cart": _cart,
    "likes": _likes,
    "reviews": _reviews,
    "wish_lists": _wish_lists,
    "actions": _actions,
    "newsletter": _newsletter,
    "back_in_stock": _back_in_stock,
    "form_submissions": _forms,
}
