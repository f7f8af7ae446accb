"""What a member's page tells of them: what they did, like and think, and the lists they share."""

from dataclasses import dataclass

from django.db.models import Count

from catalog.small_products import SmallProduct, small_products
from social import stream_reading, stream_sources
from social.models import Like, Profile, Review, WishList
from social.product_cards import is_shown
from social.stream_reading import Entry

ACTIONS, LIKES, REVIEWS, LISTS = 10, 12, 6, 12


@dataclass(frozen=True)
class ReviewOf:
    review: Review
    product: SmallProduct


@dataclass(frozen=True)
class ProfilePage:
    """Read where the template asks: a constant number of queries."""

    profile: Profile

    def actions(self) -> list[Entry]:
        source = stream_sources.of_member(self.profile.user)
        return stream_reading.read(source, size=ACTIONS).entries

    def likes(self) -> list[SmallProduct]:
        liked = Like.objects.filter(is_shown(), user=self.profile.user_id)
        keys = liked.order_by("-created", "-pk").values_list("product", flat=True)
        return list(small_products(keys[:LIKES]).values())

    def reviews(self) -> list[ReviewOf]:
        written = Review.objects.shown().filter(is_shown(), user=self.profile.user_id)
        reviews = list(written.order_by("-created", "-pk")[:REVIEWS])
        products = small_products(review.product_id for review in reviews)
        return [
            ReviewOf(review, products[review.product_id])
            for review in reviews
            if review.product_id in products
        ]

    def lists(self) -> list[WishList]:
        counted = Count("items", filter=is_shown("items__product"))
        shared = WishList.objects.filter(user=self.profile.user_id, is_shared=True)
        return list(shared.annotate(count=counted)[:LISTS])
