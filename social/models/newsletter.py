"""The newsletter: who wants it, and what became of each issue for each of them."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def new_key() -> str:
    """By which a subscriber confirms and unsubscribes: 192 random bits."""
    return secrets.token_urlsafe(24)


class SubscriberQuerySet(models.QuerySet):
    def confirmed(self) -> Self:
        """Those to whom an issue may be sent."""
        return self.filter(state=Subscriber.State.CONFIRMED)

    def with_address(self, email: str) -> Self:
        """Whose address this is, whatever its capitals."""
        # Lowered by the database, as its constraint does it: SQLite knows only A to Z.
        return self.alias(lowered=Lower("email")).filter(lowered=Lower(models.Value(email)))


class Subscriber(models.Model):
    """An address that asked for the newsletter. Nothing is sent before it has confirmed."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("state of a subscriber", "not confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("state of a subscriber", "confirmed")
        LEFT = "left", pgettext_lazy("state of a subscriber", "unsubscribed")

    email = models.EmailField(_("email"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subscriptions",
    )
    language = models.CharField(_("language"), max_length=12)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ASKED)
    key = models.CharField(max_length=48, unique=True, default=new_key, editable=False)
    created = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    # The proof of consent that the law asks for (GDPR, article 7(1)).
    confirmed = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    left = models.DateTimeField(_("unsubscribed"), null=True, blank=True, editable=False)

    objects = SubscriberQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-created", "-pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="subscribed_once_without_case")]
        indexes = [models.Index(fields=["state", "id"])]

    def __str__(self) -> str:
        return self.email


class Segment(models.TextChoices):
    ALL = "all", pgettext_lazy("who gets a newsletter", "all subscribers")
    MEMBERS = "members", pgettext_lazy("who gets a newsletter", "members")
    BUYERS = "buyers", pgettext_lazy("who gets a newsletter", "who bought in a category")


class Sending(models.Model):
    """One issue going out: its story as it was when it began, and to whom it goes."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("state of a newsletter", "planned")
        RUNNING = "running", pgettext_lazy("state of a newsletter", "being sent")
        PAUSED = "paused", pgettext_lazy("state of a newsletter", "paused")
        DONE = "done", pgettext_lazy("state of a newsletter", "sent")
        CANCELLED = "cancelled", pgettext_lazy("state of a newsletter", "cancelled")

    page = models.ForeignKey("social.NewsletterPage", on_delete=models.CASCADE, related_name="+")
    # The revision whose words go out, whatever is edited meanwhile.
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    segment = models.CharField(_("to whom"), max_length=8, choices=Segment, default=Segment.ALL)
    category = models.ForeignKey(
        "catalog.CategoryPage",
        verbose_name=_("category"),
        null=True,
        blank=True,
        # Nobody gets an issue for the buyers of a category that is gone.
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PLANNED)
    begins = models.DateTimeField(_("begins"), default=timezone.now)
    began = models.DateTimeField(_("began"), null=True, editable=False)
    ended = models.DateTimeField(_("ended"), null=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    # Which worker sends it, and until when nobody else does: mails leave one after another.
    lease = models.CharField(max_length=32, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    # What keeps it from going on, such as a mail server that does not answer.
    problem = models.CharField(_("problem"), max_length=255, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sending of a newsletter")
        verbose_name_plural = _("sendings of newsletters")
        ordering = ["-pk"]
        constraints = [
            # An issue is sent once; who changes their mind before it begins plans it anew.
            models.UniqueConstraint(
                fields=["page"],
                condition=~models.Q(state="cancelled"),
                name="issue_sent_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.state}"


class Delivery(models.Model):
    """One issue to one address: written before it leaves, so that nobody gets it twice."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a delivery", "waiting")
        # Claimed by a worker. One that stays so was cut off in the middle, and is not sent again.
        SENDING = "sending", pgettext_lazy("state of a delivery", "being sent")
        SENT = "sent", pgettext_lazy("state of a delivery", "sent")
        FAILED = "failed", pgettext_lazy("state of a delivery", "failed")
        SKIPPED = "skipped", pgettext_lazy("state of a delivery", "unsubscribed meanwhile")
        UNKNOWN = "unknown", pgettext_lazy("state of a delivery", "not known")

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="deliveries")
    # The same person twice would be the same issue twice: by page, not by sending.
    page = models.ForeignKey("social.NewsletterPage", on_delete=models.CASCADE, related_name="+")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    claimed = models.DateTimeField(null=True)
    sent = models.DateTimeField(null=True)
    error = models.CharField(max_length=255, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("delivery of a newsletter")
        verbose_name_plural = _("deliveries of newsletters")
        constraints = [
            models.UniqueConstraint(fields=["page", "subscriber"], name="delivered_once")
        ]
        indexes = [models.Index(fields=["sending", "state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.sending_id} → {self.subscriber_id}: {self.state}"
