"""Send what the outbox owes by mail, with headers that nothing in it can forge."""

from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.crypto import salted_hmac

from orders import outbox
from orders.documents import invoice
from orders.mails import about_orders, about_stock, rendering
from orders.mails.kinds import KINDS
from orders.mails.letters import Letter
from orders.mails.texts import Words
from orders.models import Outbox

ABOUT_STOCK = {
    outbox.BACK_IN_STOCK: about_stock.back_in_stock,
    outbox.LOW_STOCK: about_stock.low_stock,
}


@outbox.handles(*KINDS)
def send(row: Outbox) -> None:
    message_for(row).send()


def message_for(row: Outbox) -> EmailMultiAlternatives:
    """The mail that a row owes, as it stands now; NoLongerNeededError where it owes none."""
    with translation.override(language_of(row)):
        letter = (ABOUT_STOCK.get(row.kind) or about_orders.letter_for)(row)
    return message(letter, row.key)


def language_of(row: Outbox) -> str:
    """The shopper's, as it was when they ordered or asked; the shop's own to the merchant."""
    if KINDS[row.kind].is_for_merchant:
        return settings.LANGUAGE_CODE
    if row.order is not None:
        return row.order.language
    return about_stock.language_of(row)


def message(letter: Letter, key: str, words: Words | None = None) -> EmailMultiAlternatives:
    """The letter as a message; the same ``key`` gives it the same Message-ID, for life."""
    rendered = rendering.render(letter, words)
    email = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=_sender(),
        to=[letter.to],
        headers={"Message-ID": message_id(key), **_headers(letter)},
    )
    if contact := rendering.contact():
        email.reply_to = [contact]
    email.attach_alternative(rendered.html, "text/html")
    if (order := letter.invoice_of) is not None:
        email.attach(invoice.file_name(order), invoice.pdf(order), "application/pdf")
    return email


def message_id(key: str) -> str:
    """One Message-ID for life, so that a mail sent twice is one mail (RFC 5322, 3.6.4)."""
    digest = salted_hmac("orders.mail", key, algorithm="sha256").hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.BASE_URL).hostname}>"


def _headers(letter: Letter) -> dict[str, str]:
    headers = {
        "Content-Language": letter.language,
        # No holiday notes in answer (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        # One click in the mail program is enough (RFC 8058).
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _sender() -> str:
    """The configured sender; one without a name gets the shop's."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or rendering.shop_name(), address))
