"""Ask for the newsletter, confirm, leave and come back: from public pages, without a cookie."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from cart.answers import wants_part
from cart.origin import same_origin_instead_of_token
from orders.limits import Limit
from orders.traps import TrapForm
from social.models import Subscriber
from social.newsletter import subscribing

SIGN_UPS = Limit("newsletter", most=20)
TOO_MANY = _(
    "So many have asked from where you are that we take no more for now. "
    "Please try again in an hour."
)
PLACES = ("page", "footer", "account")


class SignUpForm(TrapForm):
    said_at = "email"

    email = forms.EmailField(label=_("Email"), max_length=254)
    # Where on which page it stands, so that the answer to a script has the same ids.
    place = forms.CharField(required=False)

    def clean_place(self) -> str:
        place = self.cleaned_data["place"]
        return place if place in PLACES else "page"


@never_cache
@same_origin_instead_of_token
@require_http_methods(["POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether or not the address gets the newsletter already."""
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _answer(request, form, "ask", status=422)
    if SIGN_UPS.is_reached_from(request):
        form.add_error("email", TOO_MANY)
        return _answer(request, form, "ask", status=429)
    email, user = form.cleaned_data["email"], None
    if request.user.is_authenticated and request.user.email.lower() == email.lower():
        user = request.user
    subscribing.ask(email, get_language() or "en", user)
    if wants_part(request):
        return _answer(request, form, "asked")
    return redirect("newsletter:asked")


@never_cache
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    return _show(request, "asked")


# Mail programs open links, so only a form confirms. Its key is the proof, wherever it comes from.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    if request.method == "POST":
        if _of_key(key) is None or subscribing.confirm(key) is None:
            return _show(request, "over", status=404)
        return redirect("newsletter:confirm", key)
    subscriber = _of_key(key)
    if subscriber is None:
        return _show(request, "over", status=404)
    what = "in" if subscriber.state == Subscriber.State.CONFIRMED else "sure"
    return _show(request, what, subscriber=subscriber)


# One click in a mail program sends a POST with nothing else (RFC 8058), to whatever key it has.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: str) -> HttpResponse:
    subscriber = _of_key(key)
    if subscriber and request.method == "POST":
        subscribing.leave(subscriber)
    if subscriber is None or subscriber.state == Subscriber.State.LEFT:
        return _show(request, "out", subscriber=subscriber)
    return _show(request, "leaving", subscriber=subscriber)


def _of_key(key: str) -> Subscriber | None:
    # A database may refuse what it is asked for else.
    if "\x00" in key:
        return None
    return Subscriber.objects.filter(key=key).first()


def _answer(request: HttpRequest, form: SignUpForm, what: str, status: int = 200) -> HttpResponse:
    """To a script the form's own place, with what became of it; to others a page."""
    if not wants_part(request):
        return _show(request, what, status=status, signup_form=form)
    place = form.cleaned_data.get("place") or "page"
    context = {"signup_form": form, "what": what, "place": place, "is_part": True}
    # htmx puts nothing but a success into the page.
    return render(request, "social/newsletter/signup.html", context)


def _show(request: HttpRequest, what: str, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render(
        request, "social/newsletter/subscription.html", {"what": what, **context}, status=status
    )
    # Its address may be the key.
    response["Referrer-Policy"] = "no-referrer"
    return response
