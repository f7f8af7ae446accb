"""Ways into an account and out of it: allauth's, where the shop wants something more of them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cart import recent
from orders.limits import Limit
from social import devices
from social.account_forms import LoginForm, ProofForm, SignupForm

TOO_MANY = 429
# Passwords to confirm an address with.
PROOFS = Limit("address-proofs", most=10)
# What a page of the shop asks for at most, so that nothing of it is lost where a limit is reached.
MOST_TYPED, LONGEST_TYPED = 10, 500
SECRET = ("password", "code", "csrf")


def to_login(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """The admins' own log-in pages lead to the shop's, and back."""
    wanted = request.GET.get("next") or request.path.removesuffix("login/")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


class LogIn(allauth_views.LoginView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return super().get(request, *args, **kwargs)
        if _is_shut(self.get_next_url(), request.user):
            # The admin sends here whom it does not let in; to send them back would never end.
            return render(request, "account/no_access.html", status=403)
        return HttpResponseRedirect(self.get_authenticated_redirect_url())

    def form_valid(self, form: LoginForm) -> HttpResponse:
        """Whoever was logged in on this device before is so no longer, or both could be one."""
        if self.request.user.is_authenticated:
            logout(self.request)
        return super().form_valid(form)

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.asks_too_often():
            response.status_code = TOO_MANY
        return response


def _is_shut(url: str | None, user: Any) -> bool:
    """Whether an address is in an admin that does not let this member in."""
    path = urlsplit(url or "").path
    if path.startswith(reverse("admin:index")):
        return not user.is_staff
    is_admin = path.startswith(reverse("wagtailadmin_home"))
    return is_admin and not user.has_perm("wagtailadmin.access_admin")


class SignUp(allauth_views.SignupView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(self.get_authenticated_redirect_url())
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: SignupForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except IntegrityError:
            # Somebody else took name or address at the same moment; now the form can tell.
            form = self.get_form_class()(**self.get_form_kwargs())
        return super().form_valid(form) if form.is_valid() else self.form_invalid(form)


class LogOut(allauth_views.LogoutView):
    """Leaves nothing of the member on the device: neither session nor what was looked at."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(*args, **kwargs)
        recent.forget(response)
        return response


class MailSent(allauth_views.EmailVerificationSentView):
    """After sign-up, and at a login before the address is proven."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send it again to who is known by their session; the answer is the same in any case."""
        stage = LoginStageController.enter(request, EmailVerificationStage.key)
        if stage is None:
            return redirect("account_login")
        send_verification_email_at_login(request, stage.login)
        text = _("Another mail is on its way, unless one has left within three minutes.")
        messages.info(request, text)
        return redirect("account_email_verification_sent")


class ConfirmEmail(allauth_views.ConfirmEmailView):
    def logout_other_user(self, confirmation: Any) -> None:
        """Only by the button: whoever is led to such an address stays logged in."""
        if self.request.method == "POST":
            super().logout_other_user(confirmation)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.object = self.get_object()
            if self.form is not None and (answer := self._not_proven()):
                return answer
            return super().post(*args, **kwargs)
        except Http404:
            # Pressed twice, or too late.
            self.object = None
            return self.render_to_response(self.get_context_data())

    @cached_property
    def form(self) -> ProofForm | None:
        """Asks for the password where nothing says that this browser is the member's."""
        member = self.object.email_address.user
        stage = LoginStageController.enter(self.request, EmailVerificationStage.key)
        if self.request.user == member or (stage and stage.login.user == member):
            return None
        typed = self.request.POST if self.request.method == "POST" else None
        return ProofForm(typed, user=member)

    def _not_proven(self) -> HttpResponse | None:
        if PROOFS.is_reached(str(self.object.email_address.user_id)):
            return too_many(self.request)
        if self.form.is_valid():
            return None
        return self.render_to_response(self.get_context_data(), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.form if self.object else None
        return super().get_context_data(**kwargs) | {"form": form}


class Email(allauth_views.EmailView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "action_primary" in request.POST:
            # There is one address; another takes its place by being proven, and no other way.
            return redirect("account_email")
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        new = context["new_emailaddress"]
        context["is_waiting"] = new is not None and new.email != self.request.user.email
        return context


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_devices(request: HttpRequest) -> HttpResponse:
    """Where the member is logged in; POST ends one of these logins, or all but this one."""
    if request.method != "POST":
        context = {"devices": devices.devices_of(request)}
        return render(request, "usersessions/usersession_list.html", context)
    key = request.POST.get("device")
    if key is not None and not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise Http404
    devices.end(request, key)
    template = "usersessions/messages/sessions_logged_out.txt"
    get_adapter().add_message(request, messages.SUCCESS, template, {"is_one": key is not None})
    return redirect("usersessions_list")


def too_many(request: HttpRequest) -> HttpResponse:
    """A limit is reached: say so, and keep what was typed, except for what is secret."""
    typed = [
        (name, value)
        for name, value in request.POST.items()
        if not any(part in name for part in SECRET) and len(value) <= LONGEST_TYPED
    ]
    context = {"typed": typed[:MOST_TYPED], "here": request.get_full_path()}
    response = render(request, "429.html", context, status=TOO_MANY)
    response["Retry-After"] = "60"
    return response


def never_kept(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: no page of an account is left behind in a browser or in a cache between."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if match and match.func.__module__.startswith(("allauth.", __name__)):
            add_never_cache_headers(response)
        return response

    return middleware
