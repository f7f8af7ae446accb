"""A member's newsletter: whether they get it, and the one button that changes that."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from social.models import Subscriber
from social.newsletter import subscribing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def newsletter(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        _change(request)
        return redirect("account:newsletter")
    context = {"subscriber": subscribing.of(request.user)}
    return render(request, "social/account/newsletter.html", context)


def _change(request: HttpRequest) -> None:
    """Ask for it or leave; the same again changes nothing."""
    if request.POST.get("do") == "leave":
        if subscriber := subscribing.of(request.user):
            subscribing.leave(subscriber)
        messages.success(request, _("You get no more newsletters."))
        return
    subscriber = subscribing.subscribe_member(request.user, get_language() or "en")
    if subscriber.state == Subscriber.State.CONFIRMED:
        messages.success(request, _("You get the newsletter from now on."))
    else:
        words = _("We have sent a mail to %(email)s. The link in it confirms that you want it.")
        messages.info(request, words % {"email": subscriber.email})
