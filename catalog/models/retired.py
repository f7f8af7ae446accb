"""Where products go that are no longer sold: their pages, and the way back."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from catalog.permissions import DeskMixin


class ArchivePage(DeskMixin, Page):
    """Holds the pages of retired products; no shopper ever gets to it or below it.

    ``catalog.retiring`` makes one below each home page when it is first needed, with a
    view restriction that keeps everything in it out of listings and of the search.
    """

    is_creatable = False
    parent_page_types: list[str] = []
    # Products get here by being retired only: nobody adds, copies or moves a page to it.
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("archive of retired products")
        verbose_name_plural = _("archives of retired products")

    def route(self, request: Any, path_components: list[str]) -> Any:
        raise Http404

    def get_sitemap_urls(self, request: Any = None) -> list[dict[str, Any]]:
        return []


class Retirement(models.Model):
    """That a product was retired, and what it takes to bring it back as it was."""

    product = models.OneToOneField(
        "catalog.Product", primary_key=True, on_delete=models.CASCADE, related_name="retirement"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created = models.DateTimeField(_("when"), default=timezone.now)
    # Keys of the SKUs that were on sale.
    on_sale = models.JSONField(default=list)
    # For each of its pages, by key: {"parent": key, "slug": "..."}.
    places = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("retired product")
        verbose_name_plural = _("retired products")

    def __str__(self) -> str:
        return str(self.product)
