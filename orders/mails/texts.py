"""Whose words a mail is written in: the merchant's for its kind and language, or the shop's."""

import logging
from dataclasses import dataclass

from django.utils import translation

from orders.mails import filling
from orders.mails.kinds import MailKind
from orders.models import MailText

logger = logging.getLogger(__name__)

PARTS = ("subject", "heading", "text", "closing")


@dataclass(frozen=True)
class Words:
    """The editable part of a mail, with words in braces not yet filled in."""

    subject: str
    heading: str
    text: str
    closing: str


def shops_own(kind: MailKind, language: str) -> Words:
    with translation.override(language):
        return Words(*(str(getattr(kind, part)) for part in PARTS))


def words_of(text: MailText) -> Words:
    return Words(*(getattr(text, part) for part in PARTS))


def words_for(kind: MailKind, language: str) -> Words:
    """The merchant's words; the shop's where there are none, or none that could be sent."""
    text = MailText.objects.filter(kind=kind.slug, language=language).first()
    if text is None:
        return shops_own(kind, language)
    words = words_of(text)
    if wrong := unknown_words(words, kind):
        logger.error("text %s has %s, so the shop's own is sent", text, wrong)
        return shops_own(kind, language)
    return words


def unknown_words(words: Words, kind: MailKind) -> dict[str, list[str]]:
    """For each part, what stands in braces and is no word of this kind."""
    found = {part: filling.unknown(getattr(words, part), kind.words) for part in PARTS}
    return {part: unknown for part, unknown in found.items() if unknown}
