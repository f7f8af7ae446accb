"""The addresses that a member keeps for the next order: theirs to see, add, change and delete."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_countries import countries

from orders import addresses
from orders.forms import AddressForm
from orders.models import AddressFields, OrderSettings, SavedAddress

PER_PAGE = 20
# More would be no address book any more.
MOST_KEPT = 100


class SavedAddressForm(AddressForm):
    """Judged as the checkout judges it, which begins with what is kept here."""

    class Meta:
        model = SavedAddress
        fields = list(AddressFields.FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of the country that was chosen: address_regions.html.
        self.fields["region"].widget.attrs["list"] = "regions"

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        user = self.instance.user
        if self.instance._state.adding and user.addresses.count() >= MOST_KEPT:
            raise forms.ValidationError(
                _("You keep %(count)d addresses already. Please delete one first.")
                % {"count": MOST_KEPT}
            )
        return values


@never_cache
@require_safe
@login_required
def addresses_list(request: HttpRequest) -> HttpResponse:
    own = SavedAddress.objects.filter(user=request.user)
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "social/account/addresses.html", {"page_obj": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    user = request.user
    initial = {
        "country": OrderSettings.load().home_country,
        "first_name": user.first_name,
        "last_name": user.last_name,
    }
    return _edited(request, SavedAddress(user=user), initial)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edited(request, _own(request, pk), {})


def _edited(request: HttpRequest, address: SavedAddress, initial: dict[str, Any]) -> HttpResponse:
    form = SavedAddressForm(request.POST or None, instance=address, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The address is saved."))
        return redirect("account:addresses")
    context = {
        "form": form,
        "is_new": address.pk is None,
        "regions": _regions(str(form["country"].value() or "")),
    }
    return render(request, "social/account/address.html", context)


@never_cache
@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Gone at the first click of the second question; a second click finds it gone."""
    SavedAddress.objects.filter(user=request.user, pk=pk).delete()
    messages.success(request, _("The address is deleted."))
    return redirect("account:addresses")


@never_cache
@require_safe
@login_required
def regions(request: HttpRequest) -> HttpResponse:
    """The states or provinces to offer for a country that was just chosen."""
    context = {"regions": _regions(request.GET.get("country", ""))}
    return render(request, "social/account/address_regions.html", context)


def _regions(country: str) -> tuple[str, ...]:
    return addresses.region_choices(country) if country in countries else ()


def _own(request: HttpRequest, pk: int) -> SavedAddress:
    return get_object_or_404(SavedAddress, user=request.user, pk=pk)
