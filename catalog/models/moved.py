"""Addresses at which a branch of the tree used to stand."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MovedBranch(models.Model):
    """All that was below ``path`` is below ``page`` now: one row, however many pages that is."""

    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")
    # As wagtail.contrib.redirects writes a path: decoded, without a slash at the end.
    path = models.CharField(_("old address"), max_length=500)
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="+"
    )
    moved = models.DateTimeField(_("moved"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("moved branch")
        verbose_name_plural = _("moved branches")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "path", "page"], name="branch_moved_from_an_address_once"
            )
        ]

    def __str__(self) -> str:
        return self.path
