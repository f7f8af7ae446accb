"""The mail by which an address confirms that it wants the newsletter."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.mails import sending
from orders.mails.kinds import ABOUT_SHOP, GREETING, MailKind
from orders.mails.letters import Letter
from orders.models import Outbox
from orders.outbox import NoLongerNeededError
from social.models import Subscriber
from social.newsletter import subscribing

KIND = MailKind(
    subscribing.CONFIRM,
    label=_("Newsletter: please confirm"),
    words=ABOUT_SHOP,
    subject=_("Please confirm: the newsletter of {shop}"),
    heading=_("Do you want our newsletter?"),
    text=_(
        "Somebody, most likely you, has asked for the newsletter of {shop} to be sent to this "
        "address. Confirm it once, and the next issue comes to you.\n\n"
        "If it was not you, do nothing: without your word we send nothing more."
    ),
    closing=GREETING,
    button=_("Confirm my address"),
)


def letter(row: Outbox) -> Letter:
    """The link is made now and stands in no table: whoever has it can speak for the address."""
    subscriber = _subscriber(row)
    if subscriber is None:
        raise NoLongerNeededError("nobody asks for the newsletter any more")
    if subscriber.state == Subscriber.State.CONFIRMED:
        raise NoLongerNeededError("the address has confirmed already")
    url = settings.BASE_URL + reverse("newsletter:confirm", args=[subscriber.key])
    return _letter(subscriber.language, subscriber.email, url)


def language_of(row: Outbox) -> str:
    subscriber = _subscriber(row)
    return subscriber.language if subscriber else settings.LANGUAGE_CODE


def example(language: str, to: str) -> Letter:
    return _letter(language, to, settings.BASE_URL)


def _subscriber(row: Outbox) -> Subscriber | None:
    return Subscriber.objects.filter(pk=row.payload["subscriber"]).first()


def _letter(language: str, to: str, url: str) -> Letter:
    return Letter(kind=KIND, language=language, to=to, words={}, url=url)


def register() -> None:
    sending.register(KIND, sending.Writer(letter, language_of, example))
