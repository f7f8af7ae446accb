"""Every kind of page that the demo shop has, by name and address: for judges and screenshots."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from catalog.models import CategoryPage, CollectionPage, ProductPage
from home.models import ArticlePage, ContentPage, FormPage, JournalPage
from orders.models import Order
from social.models import NewsletterIndexPage, Review, User, WishList


@dataclass(frozen=True)
class Stop:
    """``member`` is whose page it is, by user name; nobody's for everybody's."""

    name: str
    path: str
    member: str = ""
    has_goods: bool = False
    status: int = 200


def stops() -> list[Stop]:
    """The pages in the order in which a shopper would come to them."""
    return [*_shelves(), *_search(), *_buying(), *_people(), *_entrance(), *_account()]


def _shelves() -> Iterator[Stop]:
    yield Stop("home", "/")
    for name, model in PAGES.items():
        if page := model.objects.live().public().order_by("path").first():
            yield Stop(name, page.get_url())
    busy = ProductPage.objects.live().public().order_by("-product__total_reviews", "path").first()
    if busy:
        yield Stop("product", busy.get_url())
        yield Stop("reviews", reverse("reviews:of_product", args=[busy.product_id]))
    yield Stop("nothing-here", "/no-such-page/", status=404)


PAGES = {
    "category": CategoryPage,
    "collection": CollectionPage,
    "content": ContentPage,
    "form": FormPage,
    "journal": JournalPage,
    "article": ArticlePage,
    "newsletter": NewsletterIndexPage,
}


def _search() -> Iterator[Stop]:
    results = reverse("search:results")
    yield Stop("search", f"{results}?q=moon")
    yield Stop("search-empty", results)
    yield Stop("search-nothing", f"{results}?q=xyzzyx")


def _buying() -> Iterator[Stop]:
    yield Stop("cart-empty", reverse("cart:detail"))
    yield Stop("cart", reverse("cart:detail"), has_goods=True)
    yield Stop("checkout", reverse("orders:checkout"), has_goods=True)
    # A member's own is for them alone; a guest's opens by its address.
    if order := Order.objects.filter(user=None).order_by("-pk").first():
        yield Stop("order", order.get_absolute_url())


def _people() -> Iterator[Stop]:
    yield Stop("people", reverse("people:list"))
    yield Stop("profile", reverse("people:profile", args=[_member().username]))
    yield Stop("stream", reverse("stream:list"), _member().username)
    yield Stop("rankings", reverse("rankings:list"))


def _entrance() -> Iterator[Stop]:
    for name in ("account_login", "account_signup", "account_reset_password"):
        yield Stop(name.replace("_", "-"), reverse(name))


def _account() -> Iterator[Stop]:
    member = _member()
    views = ("home", "profile", "addresses", "newsletter", "privacy", "stock_wishes", "delete")
    for view in views:
        yield Stop(f"my-{view}".replace("_", "-"), reverse(f"account:{view}"), member.username)
    yield Stop("my-orders", reverse("orders:mine"), member.username)
    yield Stop("my-likes", reverse("likes:list"), member.username)
    yield Stop("my-lists", reverse("wishes:mine"), member.username)
    yield Stop("my-reviews", reverse("reviews:mine"), member.username)
    if wishes := WishList.objects.filter(user=member).first():
        yield Stop("my-list", wishes.get_absolute_url(), member.username)


def _member() -> User:
    """Whoever wrote most has most to show."""
    writer = (
        Review.objects.filter(user__isnull=False)
        .order_by("pk")
        .values_list("user", flat=True)
        .first()
    )
    return User.objects.get(pk=writer) if writer else User.objects.earliest("pk")
