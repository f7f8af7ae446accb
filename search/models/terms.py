"""What shoppers search for: how often on which day, and how much it found. Never who asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.search_promotions.models import Query


class TermDay(models.Model):
    """How often one query was asked on one day in one language, and what it found last."""

    # Wagtail's own, which promoted results hang on; its text is lowered and trimmed.
    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=32)
    asked = models.PositiveIntegerField(_("searched"), default=0)
    found = models.PositiveIntegerField(_("found"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("search term")
        verbose_name_plural = _("search terms")
        constraints = [
            models.UniqueConstraint(
                fields=["query", "day", "language"], name="term_once_a_day_and_language"
            )
        ]
        indexes = [models.Index(fields=["day", "language"])]

    def __str__(self) -> str:
        return f"{self.query} ({self.day})"


class TermsSaved(models.Model):
    """The one row that says which batch of counts was written last; who holds it may write."""

    batch = models.CharField(max_length=32, blank=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.batch
