"""What the shop knows of a member: theirs to take along, and theirs to have deleted."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cart import recent
from orders import erasing
from orders.limits import Limit
from orders.models import Order
from social.account import closing, export
from social.models import User

# Somebody at a telephone left lying about must not find out the password here.
TRIES = Limit("delete-account", most=10)


@never_cache
@require_safe
@login_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "social/account/privacy.html")


@never_cache
@require_safe
@login_required
@reauthentication_required
def data(request: HttpRequest) -> HttpResponse:
    """Where one lands who has just shown that they are the member: the file is a click away."""
    return render(request, "social/account/data.html")


@never_cache
@require_safe
@login_required
@reauthentication_required
def data_file(request: HttpRequest) -> StreamingHttpResponse:
    """The member's data as a file."""
    name = f"my-data-{timezone.now():%Y-%m-%d}.json"
    return StreamingHttpResponse(
        export.written(request.user),
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


class DeleteForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        max_length=1_000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if TRIES.is_reached(str(self.user.pk)):
            raise forms.ValidationError(_("Too many attempts. Please try again in an hour."))
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays, and do it for whoever types the password."""
    user = User.objects.get(pk=request.user.pk)
    form = DeleteForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(user)
        except closing.LastOwnerError:
            messages.error(request, _("You are the last who may do everything in this shop."))
        else:
            logout(request)
            response = redirect("account:closed")
            recent.forget(response)
            return response
    own = Order.objects.filter(user=user, erased__isnull=True)
    count = own.count()
    context = {
        "form": form,
        "orders": count,
        "on_their_way": count - erasing.ended(own).count(),
        "is_last_owner": closing.is_last_owner(user),
    }
    return render(request, "social/account/delete.html", context)


@never_cache
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """The last page: the account is gone."""
    return render(request, "social/account/closed.html")
