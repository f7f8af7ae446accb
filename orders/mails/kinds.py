"""All kinds of mails: to whom, which words may be filled in, and what the shop says by itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders import outbox

Text = str | Promise

ABOUT_SHOP: Mapping[str, Text] = {"shop": _("the name of the shop")}
ABOUT_ORDER: Mapping[str, Text] = {
    "name": _("the shopper's whole name"),
    "number": _("the number of the order"),
    "total": _("what the order costs"),
    "date": _("the day of the order"),
    **ABOUT_SHOP,
}
GREETING = _("Kind regards\n{shop}")
SEE_ORDER = _("See your order")
OPEN_ORDER = _("Open the order")


@dataclass(frozen=True)
class MailKind:
    """One kind of mail. ``words`` may stand in braces; the rest is what the shop says itself."""

    slug: str
    label: Text
    words: Mapping[str, Text]
    subject: Text
    heading: Text
    text: Text
    closing: Text = ""
    button: Text = ""
    is_for_merchant: bool = False
    # Whether lines and totals of the order stand in it, and where it goes.
    shows_lines: bool = False
    shows_address: bool = False

    @property
    def languages(self) -> list[str]:
        """In which languages it is written: a merchant's own mails in the shop's."""
        if self.is_for_merchant:
            return [settings.LANGUAGE_CODE]
        return [code for code, _name in settings.LANGUAGES]


# In the order in which the admin lists them.
_ALL = [
    MailKind(
        outbox.ORDER_PLACED,
        label=_("Confirmation of the order"),
        words=ABOUT_ORDER,
        subject=_("Your order {number} at {shop}"),
        heading=_("Thank you for your order"),
        text=_("Dear {name},\n\nthank you for your order {number}. This is what you bought:"),
        closing=GREETING,
        button=SEE_ORDER,
        shows_lines=True,
        shows_address=True,
    ),
    MailKind(
        outbox.PAYMENT_RECEIVED,
        label=_("Payment received"),
        words=ABOUT_ORDER,
        subject=_("Your payment for order {number} has arrived"),
        heading=_("Your payment has arrived"),
        text=_(
            "Dear {name},\n\nthank you: your payment of {total} for order {number} has arrived."
        ),
        closing=GREETING,
        button=SEE_ORDER,
        shows_lines=True,
    ),
    MailKind(
        outbox.PAYMENT_FAILED,
        label=_("Payment failed"),
        words=ABOUT_ORDER,
        subject=_("Your payment for order {number} did not go through"),
        heading=_("Your payment did not go through"),
        text=_(
            "Dear {name},\n\nthe payment of {total} for your order {number} did not go through. "
            "Your order is kept: you can try again, or pay another way."
        ),
        closing=GREETING,
        button=_("Pay another way"),
    ),
    MailKind(
        outbox.ORDER_PACKED,
        label=_("Order packed"),
        words=ABOUT_ORDER,
        subject=_("Your order {number} is packed"),
        heading=_("Your order is packed"),
        text=_("Dear {name},\n\nyour order {number} is packed and leaves us soon."),
        closing=GREETING,
        button=SEE_ORDER,
        shows_address=True,
    ),
    MailKind(
        outbox.ORDER_SHIPPED,
        label=_("Order shipped"),
        words={
            **ABOUT_ORDER,
            "carrier": _("who brings it; empty if not known"),
            "tracking": _("the tracking number; empty if there is none"),
        },
        subject=_("Your order {number} is on its way"),
        heading=_("Your order is on its way"),
        text=_("Dear {name},\n\nyour order {number} has left us and is on its way to you."),
        closing=GREETING,
        button=SEE_ORDER,
        shows_address=True,
    ),
    MailKind(
        outbox.ORDER_CANCELLED,
        label=_("Order cancelled"),
        words={**ABOUT_ORDER, "reason": _("why, as it was written down; may be empty")},
        subject=_("Your order {number} is cancelled"),
        heading=_("Your order is cancelled"),
        text=_("Dear {name},\n\nyour order {number} is cancelled.\n\n{reason}"),
        closing=GREETING,
        button=SEE_ORDER,
        shows_lines=True,
    ),
    MailKind(
        outbox.ORDER_REFUNDED,
        label=_("Money given back"),
        words={
            **ABOUT_ORDER,
            "amount": _("what is given back"),
            "reason": _("why, as it was written down; may be empty"),
        },
        subject=_("{amount} of your order {number} goes back to you"),
        heading=_("Your money is on its way back"),
        text=_(
            "Dear {name},\n\nwe have sent {amount} of your order {number} back, the way it came. "
            "Banks may need some days for it.\n\n{reason}"
        ),
        closing=GREETING,
        button=SEE_ORDER,
    ),
    MailKind(
        outbox.BACK_IN_STOCK,
        label=_("Back in stock"),
        words={
            "product": _("the product's title"),
            "variant": _("which variant it is; empty if there is only one"),
            "price": _("what it costs now"),
            **ABOUT_SHOP,
        },
        subject=_("Back again: {product}"),
        heading=_("{product} is back"),
        text=_("You asked us to tell you when this is to be had again. Now it is."),
        closing=GREETING,
        button=_("Go and see it"),
    ),
    MailKind(
        outbox.NEW_ORDER,
        label=_("New order"),
        words=ABOUT_ORDER,
        subject=_("New order {number} for {total}"),
        heading=_("New order {number}"),
        text=_("{name} has ordered this for {total}:"),
        button=OPEN_ORDER,
        is_for_merchant=True,
        shows_lines=True,
        shows_address=True,
    ),
    MailKind(
        outbox.LOW_STOCK,
        label=_("Low stock"),
        words={"products": _("the titles of the products"), **ABOUT_SHOP},
        subject=_("Low stock: {products}"),
        heading=_("Stock is running low"),
        text=_("Of these, little or nothing is left:"),
        button=_("Open the report on low stock"),
        is_for_merchant=True,
    ),
    MailKind(
        outbox.ATTENTION,
        label=_("An order needs attention"),
        words={**ABOUT_ORDER, "reason": _("what has happened")},
        subject=_("Order {number} needs attention"),
        heading=_("Somebody has to look at order {number}"),
        text=pgettext_lazy("a mail to the merchant", "{reason}"),
        button=OPEN_ORDER,
        is_for_merchant=True,
    ),
]

# Apps above add theirs with ``orders.mails.sending.register``.
KINDS: dict[str, MailKind] = {kind.slug: kind for kind in _ALL}
# Work of the outbox that is no mail, by what an operator calls it.
OTHER_WORK: dict[str, Text] = {
    outbox.REFUND: _("Refund at the payment provider"),
    outbox.PAYMENT_MESSAGE: _("Message from a payment provider"),
    outbox.TELL_OF_STOCK: _("Who is to be told that something is back"),
}


def label_of(slug: str) -> Text:
    """What an operator calls a row of the outbox of this kind."""
    if kind := KINDS.get(slug):
        return kind.label
    return OTHER_WORK.get(slug, slug)
