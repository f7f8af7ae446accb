"""The home page and pages of words."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from catalog import cards, gathering, kept
from catalog.addresses import AddressMixin, PlacedMixin
from catalog.browsing import Listing
from catalog.models import CategoryPage
from catalog.permissions import WORDS, DeskMixin
from catalog.previews import ListingPreviewsMixin, PreviewsMixin
from catalog.visibility import public
from home.blocks import BodyBlock
from home.models.body import BodyMixin

NEWEST_ON_HOME = 8


class HomePage(BodyMixin, ListingPreviewsMixin, DeskMixin, PlacedMixin, Page):
    """The front of the shop. Without blocks it shows categories and the newest by itself."""

    body = StreamField(
        BodyBlock(),
        verbose_name=_("content"),
        blank=True,
        help_text=_("Without any, it shows the categories and what is new."),
    )

    desk_permission = WORDS
    holds_other_kinds = True
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "catalog.CategoryPage",
        "catalog.CollectionPage",
        "home.ContentPage",
        "home.FormPage",
        "home.JournalPage",
        "social.NewsletterIndexPage",
    ]

    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        if not context["block_kinds"]:
            context |= self._by_itself()
        return context

    def _by_itself(self) -> dict[str, Any]:
        """What a shop shows whose editors have not made a home page yet."""
        kept.shows(f"below:{self.path}")
        categories = public(CategoryPage.objects.child_of(self))
        newest = Listing(gathering.everything(self.locale_id, self.path)).first(NEWEST_ON_HOME)
        return {
            "categories": categories.select_related("picture").prefetch_related(
                "picture__renditions"
            ),
            "cards": cards.cards_of_keys(newest),
        }


class ContentPage(BodyMixin, PreviewsMixin, DeskMixin, AddressMixin, Page):
    """A page of words: about us, delivery, terms."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    desk_permission = WORDS
    subpage_types = ["home.ContentPage", "home.FormPage"]
    parent_page_types = ["home.HomePage", "home.ContentPage"]

    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")
