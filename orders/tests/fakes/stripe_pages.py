"""The fake's hosted page, where a shopper pays, is declined, confirms at the bank or goes back."""

from html import escape
from typing import TYPE_CHECKING

from orders.tests.fakes.stripe_parameters import Fields, StripeRefusal

if TYPE_CHECKING:
    from orders.tests.fakes.stripe import FakeStripe

Answer = tuple[int, dict[str, str], bytes]

BUTTONS = {
    "pay": "Pay",
    "decline": "Pay with a card that is declined",
    "secure": "Pay with a card that needs a second step",
    "later": "Pay by bank debit",
}
SECOND_STEP = {"confirm": "Complete authentication", "refuse": "Fail authentication"}


def answer(stripe: "FakeStripe", method: str, path: str) -> Answer:
    """``/c/pay/<session>`` shows the page, a POST to ``/c/pay/<session>/<button>`` presses it."""
    name, _, button = path.removeprefix("/c/pay/").partition("/")
    with stripe.lock:
        try:
            session = stripe.account.session(name)
            if method == "POST":
                return _press(stripe, session, button)
        except StripeRefusal as refusal:
            return _page(f"<p role='alert'>{escape(str(refusal))}</p>", refusal.status)
    if session["status"] != "open":
        return _page("<p role='alert'>This page has expired.</p>", 410)
    return _show(session, BUTTONS)


def _press(stripe: "FakeStripe", session: Fields, button: str) -> Answer:
    account, name = stripe.account, session["id"]
    if button in ("pay", "confirm"):
        account.pay(name)
    elif button == "later":
        account.pay_later(name)
    elif button == "secure":
        return _show(session, SECOND_STEP)
    else:
        account.decline(name, "authentication_required" if button == "refuse" else "card_declined")
        return _show(session, BUTTONS, "<p role='alert'>Your card was declined.</p>")
    back = session["success_url"].replace("{CHECKOUT_SESSION_ID}", name)
    return 303, {"Location": back}, b""


def _show(session: Fields, buttons: dict[str, str], notice: str = "") -> Answer:
    forms = "".join(
        f"<form method='post' action='/c/pay/{session['id']}/{button}'>"
        f"<button>{label}</button></form>"
        for button, label in buttons.items()
    )
    total = f"<p>{session['amount_total']} {session['currency']}</p>"
    back = f"<a href='{escape(session['cancel_url'])}'>Back</a>"
    return _page(notice + total + forms + back)


def _page(body: str, status: int = 200) -> Answer:
    head = "<!doctype html><meta charset='utf-8'><title>Checkout</title>"
    return status, {"Content-Type": "text/html; charset=utf-8"}, (head + body).encode()
