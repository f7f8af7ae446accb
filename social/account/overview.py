"""The first page of a member's account: what there is of theirs, and the ways to it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.models import Order, SavedAddress
from social.models import Like, Profile, Review, WishList
from social.newsletter import subscribing

LATEST_ORDERS = 2


@never_cache
@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    context = {
        "profile": Profile.objects.select_related("user").get(user=user),
        "orders": Order.objects.filter(user=user).prefetch_related("items")[:LATEST_ORDERS],
        "subscriber": subscribing.of(user),
        "counts": {
            "orders": Order.objects.filter(user=user).count(),
            "addresses": SavedAddress.objects.filter(user=user).count(),
            "likes": Like.objects.filter(user=user).count(),
            "lists": WishList.objects.filter(user=user).count(),
            "reviews": Review.objects.filter(user=user).count(),
        },
    }
    return render(request, "social/account/home.html", context)
