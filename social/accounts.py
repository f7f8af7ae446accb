"""How django-allauth keeps accounts in this shop: names, ways in and out, mails by the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from orders.visitors import network_of

USERNAME_VALIDATORS = [UnicodeUsernameValidator()]


class Adapter(DefaultAccountAdapter):
    def get_client_ip(self, request: HttpRequest) -> str:
        return network_of(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("wagtail_serve", args=[""])


def to_login(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """The admins' own log-in pages lead to the shop's, and back."""
    wanted = request.GET.get("next") or request.path.removesuffix("login/")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
