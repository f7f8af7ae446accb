"""A card gateway to try the shop with, on a page of the shop itself; only where DEBUG is on.

Card numbers are looked at and forgotten: nothing of them reaches a row, a log or the session.
"""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db.models import TextChoices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from orders.access import for_its_shopper
from orders.models import Order, Payment, Refund
from orders.payments import ledger, paying
from orders.payments.base import Gateway, Step

CODE = "123456"
# How long a shopper may look for the code of the second step.
STEP_SECONDS = 600
SALT = "orders.payments.demo_card"


class Outcome(TextChoices):
    PAID = "paid", gettext_lazy("is accepted")
    DECLINED = "declined", gettext_lazy("is declined")
    SECOND_STEP = "second_step", gettext_lazy("needs a second step")
    AWAY = "away", gettext_lazy("finds the card network away")


# Numbers that no bank gives out, but that are built like those of banks.
CARDS = {
    "4242 4242 4242 4242": Outcome.PAID,
    "4000 0000 0000 0002": Outcome.DECLINED,
    "4000 0025 0000 3155": Outcome.SECOND_STEP,
    "4000 0000 0000 0119": Outcome.AWAY,
}
OUTCOMES = {number.replace(" ", ""): outcome for number, outcome in CARDS.items()}


class DemoCard(Gateway):
    slug = "demo_card"
    label = gettext_lazy("Demo card")
    hint = gettext_lazy("For trying the shop: no money moves.")

    def is_offered(self, currency: str) -> bool:
        return settings.DEBUG

    def begin(self, payment: Payment) -> Step:
        return Step(reverse("orders:demo_card", args=[payment.order.secret, payment.key]))

    def settle(self, payment: Payment) -> None:
        """Nobody else can be asked: the page below is the bank, and writes at once."""

    def refund(self, refund: Refund) -> str:
        return f"demo-{refund.key}"


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0


class ForgetfulInput(forms.TextInput):
    """Never sends back what was typed."""

    def format_value(self, value: object) -> None:
        return None


class CardForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Card number"),
        max_length=40,
        widget=ForgetfulInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "list": "demo-cards"}
        ),
    )

    def clean_number(self) -> Outcome:
        """What the card of that number does; the number itself goes no further."""
        digits = "".join(self.cleaned_data["number"].split()).replace("-", "")
        if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19):
            raise forms.ValidationError(_("A card number has 12 to 19 digits."))
        if not passes_luhn(digits):
            raise forms.ValidationError(_("A digit of this card number is wrong."))
        if digits not in OUTCOMES:
            raise forms.ValidationError(_("Only the demo cards below work here."))
        outcome = OUTCOMES[digits]
        if outcome is Outcome.AWAY:
            raise forms.ValidationError(
                _("The card network does not answer. Nothing was taken; please try again.")
            )
        return outcome


class CodeForm(forms.Form):
    """The second step; ``step`` proves that the first was made, for this payment, just now."""

    step = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("A bank would send it to your telephone. Here it is 123456."),
        widget=ForgetfulInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        if self.cleaned_data["code"].strip() != CODE:
            raise forms.ValidationError(_("This code is wrong."))
        return CODE


@sensitive_post_parameters("number", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_shopper
def page(request: HttpRequest, order: Order, key: UUID) -> HttpResponse:
    """Where the shopper gives a card, and confirms it if the bank asks for that."""
    if not settings.DEBUG:
        raise Http404
    payments = Payment.objects.select_related("order").filter(gateway=DemoCard.slug)
    payment = get_object_or_404(payments, key=key, order=order)
    if payment.state not in ledger.OPEN or not paying.is_payable(payment.order):
        return redirect("orders:paid", order.secret, key)
    if "step" in request.POST:
        return _confirm(request, payment)
    form = CardForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, payment, form)
    outcome = form.cleaned_data["number"]
    if outcome is Outcome.SECOND_STEP:
        step = signing.dumps(str(key), salt=SALT)
        return _show(request, payment, CodeForm(initial={"step": step}))
    if outcome is Outcome.DECLINED:
        ledger.record_failure(payment, gettext_lazy("The card was declined."))
    else:
        _take(payment)
    return redirect("orders:paid", order.secret, key)


def _confirm(request: HttpRequest, payment: Payment) -> HttpResponse:
    if not _is_fresh(request.POST["step"], payment):
        messages.warning(request, _("That took too long. Please begin again."))
        return _show(request, payment, CardForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _show(request, payment, form)
    _take(payment)
    return redirect("orders:paid", payment.order.secret, payment.key)


def _is_fresh(step: str, payment: Payment) -> bool:
    """Whether the first step was made for this payment, a short while ago."""
    try:
        return signing.loads(step, salt=SALT, max_age=STEP_SECONDS) == str(payment.key)
    except signing.BadSignature:
        return False


def _take(payment: Payment) -> None:
    ledger.record_capture(
        payment, payment.amount, payment.currency, reference=f"demo-{payment.key}"
    )


def _show(request: HttpRequest, payment: Payment, form: forms.Form) -> HttpResponse:
    cards = [(number, outcome.label) for number, outcome in CARDS.items()]
    context = {"payment": payment, "order": payment.order, "form": form, "cards": cards}
    return render(request, "orders/demo_card.html", context)
