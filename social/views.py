from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cart import recent


class LogIn(LoginView):
    """Members log in here; where to afterwards is checked by Django, so that no other site gets it.

    The cart of this session joins the member's own (``cart.merging``).
    """

    def get_default_redirect_url(self) -> str:
        return reverse("wagtail_serve", args=[""])


class LogOut(LogoutView):
    """Leaves nothing of the member on the device: neither session nor what was looked at."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        recent.forget(response)
        return response

    def get_default_redirect_url(self) -> str:
        return reverse("wagtail_serve", args=[""])
