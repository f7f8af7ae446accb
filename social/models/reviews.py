"""What members think of products."""

import secrets
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Product

from .profiles import Profile

MOST_STARS = 5
MOST_PICTURES = 3


class ReviewQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """Those that everybody may read."""
        return self.filter(state=Review.State.APPROVED)


class Review(models.Model):
    """One member's opinion of one product. Only ``social.reviews`` writes its state."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a review", "waiting")
        APPROVED = "approved", pgettext_lazy("state of a review", "approved")
        HIDDEN = "hidden", pgettext_lazy("state of a review", "hidden")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="reviews",
    )
    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="reviews"
    )
    stars = models.PositiveSmallIntegerField(
        _("stars"), validators=[MinValueValidator(1), MaxValueValidator(MOST_STARS)]
    )
    title = models.CharField(_("title"), max_length=100, blank=True)
    text = models.TextField(_("text"), max_length=3_000)
    language = models.CharField(_("language"), max_length=12)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    # Whether the books said that this member bought it, when it was written or last approved.
    is_bought_here = models.BooleanField(_("bought here"), default=False)
    reply = models.TextField(_("the shop's reply"), max_length=3_000, blank=True)
    replied = models.DateTimeField(null=True, blank=True, editable=False)
    created = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    changed = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    objects = ReviewQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "product"],
                name="reviewed_once",
                violation_error_message=_("You have reviewed this already."),
            ),
            models.CheckConstraint(
                name="stars_from_one_to_five", condition=Q(stars__gte=1, stars__lte=MOST_STARS)
            ),
        ]
        indexes = [
            models.Index(fields=["product", "state", "-created"]),
            models.Index(fields=["state", "-created"]),
        ]

    def __str__(self) -> str:
        return f"{self.stars} ★ {self.title or self.text[:40]}"

    @property
    def author(self) -> Profile | None:
        """The profile of whoever wrote it, if they want to be seen."""
        profile = getattr(self.user, "profile", None)
        is_shown = profile is not None and profile.is_public and self.user.is_active
        return profile if is_shown else None


def picture_path(picture: "ReviewPicture", filename: str) -> str:
    """A name that nobody can guess: pictures of reviews that wait are nobody's to see."""
    return f"reviews/{secrets.token_hex(16)}.webp"


def small_name(name: str) -> str:
    """The name of the small square that is made along with a picture."""
    return f"{name.removesuffix('.webp')}-small.webp"


class ReviewPicture(models.Model):
    """A picture of a review, made anew from what was uploaded (``social.pictures``)."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="pictures")
    file = models.ImageField(
        _("picture"), upload_to=picture_path, width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("picture of a review")
        verbose_name_plural = _("pictures of reviews")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name

    @property
    def small_url(self) -> str:
        return self.file.storage.url(small_name(self.file.name))
