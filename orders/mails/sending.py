"""Send what the outbox owes by mail, with headers that nothing in it can forge."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.crypto import salted_hmac

from orders import outbox
from orders.documents import invoice
from orders.mails import about_orders, about_stock, line, rendering
from orders.mails.kinds import KINDS, MailKind
from orders.mails.letters import Letter
from orders.mails.texts import Words
from orders.models import Outbox


@dataclass(frozen=True)
class Writer:
    """Who writes mails of a kind: the letter for a row, and the language it is written in.

    ``letter`` raises NoLongerNeededError where the row owes none any more. ``example`` writes one
    about nothing real, in a language and to an address, for the merchant who edits its words.
    """

    letter: Callable[[Outbox], Letter]
    language: Callable[[Outbox], str]
    example: Callable[[str, str], Letter] | None = None


_writers: dict[str, Writer] = {
    outbox.BACK_IN_STOCK: Writer(about_stock.back_in_stock, about_stock.language_of),
    outbox.LOW_STOCK: Writer(about_stock.low_stock, about_stock.language_of),
}
_about_orders = Writer(about_orders.letter_for, lambda row: row.order.language)


@outbox.handles(*KINDS)
def send(row: Outbox) -> None:
    line.send(message_for(row))


outbox.around(line.held)


def register(kind: MailKind, writer: Writer) -> None:
    """Let the outbox send mails of a kind that an app above has, whose words can be edited too."""
    KINDS[kind.slug] = kind
    _writers[kind.slug] = writer
    outbox.handles(kind.slug)(send)


def example_of(kind: MailKind) -> Callable[[str, str], Letter] | None:
    """Who writes an example of a kind from an app above; None for the kinds of orders."""
    return _writers.get(kind.slug, _about_orders).example


def message_for(row: Outbox) -> EmailMultiAlternatives:
    """The mail that a row owes, as it stands now; NoLongerNeededError where it owes none."""
    with translation.override(language_of(row)):
        letter = _writers.get(row.kind, _about_orders).letter(row)
    return message(letter, row.key)


def language_of(row: Outbox) -> str:
    """The shopper's, as it was when they ordered or asked; the shop's own to the merchant."""
    if KINDS[row.kind].is_for_merchant:
        return settings.LANGUAGE_CODE
    return _writers.get(row.kind, _about_orders).language(row)


def message(letter: Letter, key: str, words: Words | None = None) -> EmailMultiAlternatives:
    """The letter as a message; the same ``key`` gives it the same Message-ID, for life."""
    rendered = rendering.render(letter, words)
    email = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=sender(),
        to=[letter.to],
        headers={"Message-ID": message_id(key), **_headers(letter)},
    )
    if contact := letter.reply_to or rendering.contact():
        email.reply_to = [contact]
    email.attach_alternative(rendered.html, "text/html")
    if (order := letter.invoice_of) is not None:
        email.attach(*invoice.document(order), "application/pdf")
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


def sender() -> str:
    """The configured sender; one without a name gets the shop's."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or rendering.shop_name(), address))
