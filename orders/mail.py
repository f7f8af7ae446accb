"""Write and send the mails about orders, in the language the shopper ordered in."""

from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac

from orders import outbox
from orders.models import Order, Outbox


def message_id(key: str) -> str:
    """One Message-ID for life, so that a mail sent twice is one mail (RFC 5322, 3.6.4)."""
    digest = salted_hmac("orders.mail", key, algorithm="sha256").hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.BASE_URL).hostname}>"


def order_placed(order: Order, key: str) -> EmailMultiAlternatives:
    """The confirmation of an order, as text and as HTML."""
    with translation.override(order.language):
        items = list(order.items.all())
        context = {
            "order": order,
            "items": items,
            "order_url": settings.BASE_URL + order.get_absolute_url(),
            "base_url": settings.BASE_URL,
        }
        message = EmailMultiAlternatives(
            subject=" ".join(_render("order_placed.subject.txt", context).split()),
            body=_render("order_placed.txt", context),
            from_email=_sender(),
            to=[order.email],
            headers={"Message-ID": message_id(key)},
        )
        if contact := _render("reply_to.txt", context).strip():
            message.reply_to = [contact]
        message.attach_alternative(_render("order_placed.html", context), "text/html")
    return message


def _sender() -> str:
    """The configured sender; one without a name gets the shop's."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or " ".join(_render("sender_name.txt", {}).split()), address))


@outbox.handles(outbox.ORDER_PLACED)
def send_order_placed(row: Outbox) -> None:
    order_placed(row.order, row.key).send()


def _render(name: str, context: dict[str, object]) -> str:
    return render_to_string(f"orders/mail/{name}", context).strip() + "\n"
