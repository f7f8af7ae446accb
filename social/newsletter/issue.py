"""An issue as a mail: made once for all who get it, with a link to leave for each of them."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from orders.mails import rendering, sending
from orders.mails.about_stock import absolute
from orders.mails.filling import one_line
from social.models import NewsletterPage, Subscriber
from social.newsletter.parts import parts_of

# Stands for the key of whoever gets the mail, until it is known; as long as a key, and like none.
ANYBODY = "key-of-whoever-gets-it--"


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str
    language: str
    leave_url: str
    # From whom, and where answers go; empty where the shop says nothing of it.
    sender: str
    reply_to: str

    def for_key(self, key: str) -> "Rendered":
        """With the link to leave of whose key it is."""
        text, html, url = (
            body.replace(ANYBODY, key) for body in (self.text, self.html, self.leave_url)
        )
        return replace(self, text=text, html=html, leave_url=url)


def render(page: NewsletterPage) -> Rendered:
    """Both bodies in the issue's language, with the prices of this moment."""
    language = page.locale.language_code
    with translation.override(language):
        leave_url = settings.BASE_URL + reverse("newsletter:leave", args=[ANYBODY])
        context: dict[str, Any] = {
            "language": language,
            "page": page,
            "parts": parts_of(page.body),
            "web_url": absolute(page) if page.pk and page.live else "",
            "leave_url": leave_url,
            "base_url": settings.BASE_URL,
        }
        return Rendered(
            subject=one_line(page.title),
            text=rendering.without_gaps(
                render_to_string("social/newsletter/mail/issue.txt", context)
            ),
            html=render_to_string("social/newsletter/mail/issue.html", context).strip() + "\n",
            language=language,
            leave_url=leave_url,
            sender=sending.sender(),
            reply_to=rendering.contact(),
        )


def message(rendered: Rendered, page_id: int, subscriber: Subscriber) -> EmailMultiAlternatives:
    """The mail to one subscriber; its Message-ID is the same however often it is made."""
    theirs = rendered.for_key(subscriber.key)
    email = _message(theirs, subscriber.email)
    email.extra_headers |= {
        "Message-ID": sending.message_id(f"newsletter:{page_id}:{subscriber.pk}"),
        "List-Unsubscribe": f"<{theirs.leave_url}>",
        # One click in the mail program is enough (RFC 8058).
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        # By which mail programs sort it (RFC 2919).
        "List-Id": f"<newsletter.{urlsplit(settings.BASE_URL).hostname}>",
        "Precedence": "bulk",
    }
    return email


def test_message(rendered: Rendered, to: str, key: str) -> EmailMultiAlternatives:
    """The same mail to somebody who looks at it first; its link to leave is nobody's."""
    with translation.override(rendered.language):
        subject = _("[Test] %(subject)s") % {"subject": rendered.subject}
    email = _message(replace(rendered.for_key("test"), subject=subject), to)
    email.extra_headers["Message-ID"] = sending.message_id(key)
    return email


def _message(rendered: Rendered, to: str) -> EmailMultiAlternatives:
    email = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=rendered.sender,
        to=[to],
        # No holiday notes in answer (RFC 3834).
        headers={"Content-Language": rendered.language, "Auto-Submitted": "auto-generated"},
    )
    if rendered.reply_to:
        email.reply_to = [rendered.reply_to]
    email.attach_alternative(rendered.html, "text/html")
    return email
