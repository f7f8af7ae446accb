"""A member's wish lists, and how others see one that is shared."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cart import recent
from catalog.cards import Card
from catalog.models import Sku
from catalog.models.skus import ON_SHOW
from social import wish_lists
from social.models import Profile, WishList
from social.product_cards import cards_of, is_shown
from social.wish_forms import ListNameForm

PER_PAGE = 24


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """All lists, and a form for another one."""
    form = ListNameForm(request.POST or None)
    if request.method == "POST" and (made := form.make_list(request.user)):
        return redirect("wishes:list", pk=made.pk)
    counted = Count("items", filter=is_shown("items__product"))
    lists = WishList.objects.filter(user=request.user).annotate(wishes=counted)
    context = {"lists": lists, "form": form}
    return render(request, "social/wishes/mine.html", context, status=_status(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: what is on it, who may see it, and what it is called."""
    wish_list = _own(request, pk)
    name = wish_list.name
    form = ListNameForm(request.POST or None, instance=wish_list)
    if request.method == "POST" and form.is_valid():
        wish_lists.rename(wish_list, form.cleaned_data["name"])
        messages.success(request, _("The list is called “%(name)s” now.") % {"name": wish_list})
        return redirect("wishes:list", pk=pk)
    page_obj = _page_of(wish_list, request)
    cards = cards_of(page_obj)
    removed = recent.product_key(request.GET.get("removed", ""))
    context = {
        "wish_list": wish_list,
        # Until the form is right the list is called as before.
        "name": name,
        "form": form,
        "page_obj": page_obj,
        "wishes": _wishes(cards),
        "gone": wish_list.items.exclude(is_shown()).count(),
        "removed": cards_of([removed]).get(removed) if removed else None,
        "address": f"{settings.BASE_URL}{wish_list.get_absolute_url()}",
    }
    return render(request, "social/wishes/list.html", context, status=_status(form))


@never_cache
@require_POST
@login_required
def share(request: HttpRequest, pk: int) -> HttpResponse:
    wish_list = _own(request, pk)
    if request.POST.get("shared") == "yes":
        wish_lists.share(wish_list)
        messages.success(request, _("Whoever has the link sees this list now."))
    else:
        wish_lists.make_private(wish_list)
        messages.success(request, _("Only you see this list now; its old link is dead."))
    return redirect("wishes:list", pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether one means it, then delete the list and its wishes."""
    wish_list = _own(request, pk)
    if request.method != "POST":
        context = {"wish_list": wish_list, "wishes": wish_list.items.count()}
        return render(request, "social/wishes/delete.html", context)
    wish_lists.delete(wish_list)
    messages.success(request, _("Deleted: %(name)s.") % {"name": wish_list.name})
    return redirect("wishes:mine")


@never_cache
@require_POST
@login_required
def tidy(request: HttpRequest, pk: int) -> HttpResponse:
    """Take off what the shop no longer shows, and what the list cannot show either."""
    count = wish_lists.tidy(_own(request, pk))
    text = ngettext("%(count)d wish taken off.", "%(count)d wishes taken off.", count)
    messages.success(request, text % {"count": count})
    return redirect("wishes:list", pk=pk)


@never_cache
@require_safe
def shared(request: HttpRequest, key: str) -> HttpResponse:
    """A list as anybody sees it who has its link; the same for everybody, and private to them."""
    lists = WishList.objects.filter(is_shared=True, user__is_active=True)
    wish_list = get_object_or_404(lists, key=key)
    page_obj = _page_of(wish_list, request)
    context = {
        "wish_list": wish_list,
        "owner": Profile.objects.shown().filter(user=wish_list.user_id).first(),
        "page_obj": page_obj,
        "cards": cards_of(page_obj).values(),
    }
    response = render(request, "social/wishes/shared.html", context)
    # Its address is the key.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _own(request: HttpRequest, pk: int) -> WishList:
    return get_object_or_404(WishList, user=request.user, pk=pk)


def _page_of(wish_list: WishList, request: HttpRequest) -> Page:
    """The keys of the products on a page of a list, those that the shop shows."""
    products = wish_list.items.filter(is_shown()).values_list("product", flat=True)
    return Paginator(products, PER_PAGE).get_page(request.GET.get("page"))


def _wishes(cards: dict[int, Card]) -> list[dict[str, Any]]:
    """The cards, each with whether the cart can take it without a choice."""
    skus = Sku.objects.with_availability().filter(ON_SHOW, product__in=cards)
    purchasable: dict[int, list[bool]] = {}
    for product, is_purchasable in skus.values_list("product", "is_purchasable"):
        purchasable.setdefault(product, []).append(is_purchasable)
    return [
        {"product": product, "card": card, "is_simple": purchasable.get(product) == [True]}
        for product, card in cards.items()
    ]


def _status(form: ListNameForm) -> int:
    return 422 if form.errors else 200
