"""Make the text and the HTML of a mail from what it is about and the words it is said in."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from orders.mails import filling
from orders.mails.letters import Letter
from orders.mails.texts import Words, words_for


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(letter: Letter, words: Words | None = None) -> Rendered:
    """The mail in its language; in other ``words`` than those that would be sent, for a preview.

    Raises UnknownWordError where the words have something in braces that is not known.
    """
    with translation.override(letter.language):
        words = words or words_for(letter.kind, letter.language)
        values = {"shop": shop_name(), **letter.words}
        context: dict[str, Any] = {
            "letter": letter,
            "order": letter.order,
            "heading": filling.one_line(filling.fill(words.heading, values)),
            "paragraphs": filling.paragraphs(filling.fill(words.text, values)),
            "closing": filling.paragraphs(filling.fill(words.closing, values)),
            "base_url": settings.BASE_URL,
        }
        return Rendered(
            subject=filling.one_line(filling.fill(words.subject, values)),
            text=without_gaps(render_to_string("orders/mail/mail.txt", context)),
            html=render_to_string("orders/mail/mail.html", context).strip() + "\n",
        )


def shop_name() -> str:
    return filling.one_line(render_to_string("orders/mail/sender_name.txt"))


def contact() -> str:
    """Where answers go; empty where the shop says nothing of it."""
    return filling.one_line(render_to_string("orders/mail/reply_to.txt"))


def without_gaps(text: str) -> str:
    """One blank line is enough anywhere, and lines end where their words end."""
    lines: list[str] = []
    for line in (raw.rstrip() for raw in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
