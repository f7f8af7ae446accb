"""Wishes: put on a list from a product's page, taken off, moved to the cart."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cart import recent
from cart.answers import Outcome, leading, wants_part
from cart.cart import Cart
from cart.origin import same_origin_instead_of_token
from catalog.models import ProductPage, Sku
from catalog.models.skus import ON_SHOW
from social import heart, wish_lists
from social.like_views import to_login
from social.models import WishList
from social.product_cards import asked_page
from social.wish_forms import ListNameForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Ask on which list a product is wanted, or take the name of a new one.

    A log-in for a wish leads here, too: one click away, for an address must change nothing.
    """
    page = asked_page(request)
    form = ListNameForm(request.POST or None)
    if request.method == "POST" and (made := form.make_list(request.user)):
        wish_lists.wish(request.user, page.product, made.pk)
        return redirect("wishes:list", pk=made.pk)
    lists = wish_lists.with_wish(request.user, page.product_id)
    context = {"product_page": page, "lists": lists, "form": form}
    status = 422 if form.errors else 200
    return render(request, "social/wishes/choose.html", context, status=status)


@never_cache
@require_POST
@same_origin_instead_of_token
def add(request: HttpRequest) -> HttpResponse:
    page = asked_page(request)
    choice = f"{reverse('wishes:choose')}?{urlencode({'product': page.product_id})}"
    if not request.user.is_authenticated:
        return leading(request, to_login(choice))
    try:
        wish = wish_lists.wish(request.user, page.product, _list_id(request))
    except (wish_lists.SeveralListsError, wish_lists.NoSuchListError):
        return leading(request, redirect(choice))
    except wish_lists.ListFullError:
        text = _("That list is full: it holds %(count)d wishes.")
        outcome = Outcome(messages.ERROR, text % {"count": wish_lists.MOST_WISHES})
        return _answer(request, page, outcome, choice)
    if wish.is_new:
        text = _("“%(title)s” is on your list “%(name)s” now.")
    else:
        text = _("“%(title)s” is on your list “%(name)s” already.")
    outcome = Outcome(messages.SUCCESS, text % {"title": page.title, "name": wish.wish_list.name})
    return _answer(request, page, outcome, reverse("wishes:list", args=[wish.wish_list.pk]))


@never_cache
@require_POST
@same_origin_instead_of_token
def remove(request: HttpRequest) -> HttpResponse:
    """Take a wish off a list; what is gone from the shop, too."""
    if not request.user.is_authenticated:
        return leading(request, to_login(reverse("wishes:mine")))
    key = recent.product_key(request.POST.get("product", ""))
    list_id = _list_id(request)
    if key is None or list_id is None:
        raise Http404
    wish_lists.take_off(request.user, key, list_id)
    if wants_part(request):
        return heart.answer(request, key)
    get_object_or_404(WishList, user=request.user, pk=list_id)
    there = reverse("wishes:list", args=[list_id])
    return redirect(f"{there}?{urlencode({'removed': key})}")


@never_cache
@require_POST
@login_required
def to_cart(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a wish to the cart; to the product where there is something to choose."""
    wish_list = get_object_or_404(WishList, user=request.user, pk=pk)
    page = asked_page(request)
    skus = list(Sku.objects.with_availability().filter(ON_SHOW, product=page.product_id)[:2])
    if len(skus) != 1 or not skus[0].is_purchasable:
        return redirect(page.get_url(request))
    now, wanted = Cart.of(request).put(skus[0], 1, more=True)
    if now < wanted:
        messages.warning(request, _("No more of it can be put in your cart."))
        return redirect("wishes:list", pk=wish_list.pk)
    wish_lists.take_off(request.user, page.product_id, wish_list.pk)
    text = _("“%(title)s” has moved from your list to your cart.")
    messages.success(request, text % {"title": page.title})
    return redirect("cart:detail")


def _answer(request: HttpRequest, page: ProductPage, outcome: Outcome, there: str) -> HttpResponse:
    if wants_part(request):
        return heart.answer(request, page.product_id, outcome)
    messages.add_message(request, outcome.level, outcome.text)
    return redirect(there)


def _list_id(request: HttpRequest) -> int | None:
    """The list that a form names; one that nobody can have where it names nonsense."""
    named = request.POST.get("list", "")
    return (recent.product_key(named) or 0) if named else None
