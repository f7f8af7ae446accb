"""What editors put around every page: the navigation, the columns of the footer, announcements.

Each language has its own. Rows are read by ``home.frame``; links are kept as references to
pages, so that a page that is renamed, moved or unpublished changes them by itself.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, PublishingPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin

from catalog.previews import PreviewsMixin
from home import languages
from home.frame_blocks import EntryBlock, LinkBlock


class FrameQuerySet(models.QuerySet):
    def shown_in(self, language: str) -> QuerySet:
        return self.filter(live=True, locale__language_code=language)


class FramePreviewsMixin(PreviewsMixin):
    """Previewed where it will stand: around the home page in its language."""

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        request.frame_draft = self
        language = self.locale.language_code if self.locale_id else translation.get_language()
        with translation.override(language):
            # As it is now: what the languages know of it is kept, and no more than its place.
            home = languages.home(request).get_specific(copy_attrs=())
            return home.serve_preview(request, "")


class Menu(FramePreviewsMixin, DraftStateMixin, RevisionMixin, TranslatableMixin):
    class Place(models.TextChoices):
        NAVIGATION = "navigation", _("navigation, at the top")
        FOOTER = "footer", _("columns, at the bottom")

    title = models.CharField(_("name"), max_length=100, help_text=_("Shoppers never see it."))
    place = models.CharField(_("place"), max_length=10, choices=Place, default=Place.NAVIGATION)
    entries = StreamField([("entry", EntryBlock())], verbose_name=_("entries"), max_num=12)

    objects = models.Manager.from_queryset(FrameQuerySet)()

    panels = [
        HelpPanel(
            _(
                "Of several menus for one place the one that was published last is shown. Where "
                "there is none, the shop shows its categories and collections that are in menus."
            )
        ),
        FieldPanel("title"),
        FieldPanel("place"),
        FieldPanel("entries"),
        PublishingPanel(),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("menu")
        verbose_name_plural = _("menus")
        ordering = [F("first_published_at").desc(nulls_last=True), "-pk"]

    def __str__(self) -> str:
        return self.title


class AnnouncementQuerySet(FrameQuerySet):
    def from_now_until(self, last: Any) -> QuerySet:
        """Those that are over in the future and begin by ``last``, the latest to begin first."""
        begins = Q(starts=None) | Q(starts__lte=last)
        is_not_over = Q(ends=None) | Q(ends__gt=timezone.now())
        return self.filter(begins, is_not_over)


class Announcement(FramePreviewsMixin, DraftStateMixin, RevisionMixin, TranslatableMixin):
    """One line above every page, between two moments.

    The moments are its own and not those of Wagtail's schedule: nothing has to run when they
    come, and a page that a cache keeps can carry them along.
    """

    class Tone(models.TextChoices):
        CALM = "calm", _("calm")
        LOUD = "loud", _("loud")
        WARNING = "warning", _("a warning")

    text = models.CharField(_("text"), max_length=160)
    link = StreamField([("link", LinkBlock())], verbose_name=_("link"), blank=True, max_num=1)
    starts = models.DateTimeField(
        _("from"), null=True, blank=True, help_text=_("Empty: from when it is published.")
    )
    ends = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until it is unpublished.")
    )
    tone = models.CharField(_("tone"), max_length=10, choices=Tone, default=Tone.CALM)
    can_be_closed = models.BooleanField(
        _("can be closed"),
        default=True,
        help_text=_("A shopper who closes it sees it again when its words have changed."),
    )

    objects = models.Manager.from_queryset(AnnouncementQuerySet)()

    panels = [
        FieldPanel("text"),
        FieldPanel("link"),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
        FieldPanel("tone"),
        FieldPanel("can_be_closed"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = [F("starts").desc(nulls_last=True), "-pk"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        super().clean()
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValidationError({"ends": gettext("It would be over before it begins.")})
