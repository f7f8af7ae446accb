"""What goes out by mail, and who asked to be told."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Sku

from .orders import Order


class OutboxQuerySet(models.QuerySet):
    def due(self, moment=None) -> Self:
        """Rows to work on now: queued, or leased by a worker that did not come back."""
        moment = moment or timezone.now()
        return self.filter(
            Q(state=Outbox.State.QUEUED, next_at__lte=moment)
            | Q(state=Outbox.State.LEASED, leased_until__lte=moment)
        )

    def given_up(self) -> Self:
        """What nobody tries any more, until somebody says so."""
        return self.filter(state=Outbox.State.FAILED)


class Outbox(models.Model):
    """What must be done after a commit, written in the same transaction as its cause.

    Celery only rings (docs/decisions/0004); this row is the fact that a mail is owed.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("state of a mail", "waiting")
        LEASED = "leased", pgettext_lazy("state of a mail", "being sent")
        SENT = "sent", pgettext_lazy("state of a mail", "sent")
        FAILED = "failed", pgettext_lazy("state of a mail", "given up")
        # What it was about has changed, so that there was nothing to do any more.
        DROPPED = "dropped", pgettext_lazy("state of a mail", "no longer needed")

    # What it is for, once and for ever: "order:17:placed".
    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=50)
    order = models.ForeignKey(
        Order, null=True, on_delete=models.CASCADE, related_name="outbox", verbose_name=_("order")
    )
    # What else it is about: ids and languages, never a secret.
    payload = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("not before"), default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    last_error = models.TextField(_("last error"), blank=True)
    created = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = OutboxQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return self.key


class MailText(models.Model):
    """The merchant's own words for a kind of mail in a language; without one, the shop's own.

    ``{name}`` and other words in braces are filled in (``orders.mail``).
    """

    kind = models.CharField(_("kind"), max_length=50)
    language = models.CharField(_("language"), max_length=12)
    subject = models.CharField(_("subject"), max_length=200)
    heading = models.CharField(_("heading"), max_length=200)
    text = models.TextField(_("text"), max_length=5_000, blank=True)
    closing = models.TextField(_("closing words"), max_length=2_000, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("text of a mail")
        verbose_name_plural = _("texts of mails")
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language"],
                name="one_text_for_a_kind_and_language",
                violation_error_message=_("There is a text for this mail in this language."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"


def new_key() -> str:
    return secrets.token_urlsafe(16)


class BackInStock(models.Model):
    """Somebody wants to be told once when a SKU is to be had again."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("email"))
    language = models.CharField(_("language"), max_length=12)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # In the address by which one changes one's mind.
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created = models.DateTimeField(_("asked"), default=timezone.now)
    told = models.DateTimeField(_("told"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("wish to be told")
        verbose_name_plural = _("wishes to be told")
        constraints = [
            models.UniqueConstraint(
                "sku", Lower("email"), condition=Q(told__isnull=True), name="asked_once_for_a_sku"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.email}"
