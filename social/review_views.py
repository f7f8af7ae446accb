"""Reviews as members write them, and as everybody reads them beyond a product's page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cart.lines import shown_pages
from catalog.keys import read_keys
from catalog.models import ProductPage
from orders.limits import Limit
from social import reviews
from social.models import Review
from social.review_forms import ReviewForm, too_many
from social.review_lists import read_stars, shown_reviews

OF_MEMBER = Limit("reviews-of-member", most=10)
OF_PLACE = Limit("reviews-of-place", most=30)
# Also what is refused costs something: pictures are decoded to be looked at.
TRIES = Limit("review-tries", most=60)
MINE_PER_PAGE = 10


@require_safe
def of_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """All reviews of a product, or those with so many stars; the same for everybody."""
    product_page = _page_or_404(product_id)
    stars = read_stars(request.GET.get("stars", ""))
    shown = shown_reviews(product_page.product)
    context = {
        "product_page": product_page,
        "product": product_page.product,
        "shown": shown,
        "stars": stars,
        "page_obj": shown.page(request.GET.get("page"), stars),
    }
    return render(request, "social/reviews/of_product.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def write(request: HttpRequest, product_id: int) -> HttpResponse:
    """Write a review of a product, or change one's own."""
    page = _page_or_404(product_id)
    own = Review.objects.filter(user=request.user, product=page.product_id).first()
    has = list(own.pictures.all()) if own else []
    if request.method != "POST":
        return _form(request, page, ReviewForm(instance=own, has=has))
    if TRIES.is_reached(str(request.user.pk)):
        return _too_many(request, page, ReviewForm(request.POST, instance=own, has=has))
    form = ReviewForm(request.POST, request.FILES, instance=own, has=has)
    if not form.is_valid():
        return _form(request, page, form, status=422)
    if OF_MEMBER.is_reached(str(request.user.pk)) or OF_PLACE.is_reached_from(request):
        return _too_many(request, page, form)
    return _written(request, page, form)


def _written(request: HttpRequest, page: ProductPage, form: ReviewForm) -> HttpResponse:
    values = {name: form.cleaned_data[name] for name in ("stars", "title", "text", "pictures")}
    language = get_language() or "en"
    try:
        review = reviews.write(
            request.user,
            page.product,
            **values,
            removed=form.cleaned_data["removed"],
            language=language,
            seen=form.cleaned_data["seen"],
        )
    except reviews.TooManyPicturesError:
        # Some were added in another window meanwhile.
        form.add_error("pictures", too_many())
        return _form(request, page, form, status=422)
    except reviews.SentTwiceError:
        messages.info(
            request, _("You had sent this review already. Below it stands as we have it.")
        )
        return redirect("reviews:mine")
    return _thanked(request, is_as_before=review.state == Review.State.APPROVED)


def _thanked(request: HttpRequest, *, is_as_before: bool = False) -> HttpResponse:
    if is_as_before:
        messages.info(request, _("Your review is as it was."))
    else:
        messages.success(
            request, _("Thank you. We look at your review first; then everybody can read it.")
        )
    return redirect("reviews:mine")


def _too_many(request: HttpRequest, page: ProductPage, form: ReviewForm) -> HttpResponse:
    form.refuse(
        _(
            "So many reviews have come from you, or from where you are, that we take no more for "
            "now. Nothing you wrote here is lost: please send it again in an hour."
        ),
        had_pictures=bool(request.FILES),
    )
    return _form(request, page, form, status=429)


def _form(
    request: HttpRequest, page: ProductPage, form: ReviewForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "product_page": page, "is_new": form.instance.pk is None}
    return render(request, "social/reviews/write.html", context, status=status)


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """What the member has written, and how it stands."""
    own = Review.objects.filter(user=request.user).prefetch_related("pictures")
    page_obj = Paginator(own, MINE_PER_PAGE).get_page(request.GET.get("page"))
    pages = shown_pages({review.product_id for review in page_obj})
    rows = [(review, pages.get(review.product_id)) for review in page_obj]
    return render(request, "social/reviews/mine.html", {"page_obj": page_obj, "rows": rows})


@never_cache
@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(Review, pk__in=read_keys([pk]), user=request.user)
    reviews.delete(review)
    messages.success(request, _("Your review is deleted."))
    return redirect("reviews:mine")


def _page_or_404(product_id: Any) -> ProductPage:
    """The page on which the product is shown; one without a page is nobody's to review."""
    keys = read_keys([product_id])
    page = shown_pages(set(keys)).get(product_id) if keys else None
    if page is None:
        raise Http404
    return page
