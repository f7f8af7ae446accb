"""The home page and pages of words."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from catalog import cards, sorts
from catalog.addresses import AddressMixin
from catalog.blocks import StoryBlock
from catalog.models import CategoryPage, ProductPage
from catalog.permissions import WORDS, DeskMixin
from catalog.previews import ListingPreviewsMixin, PreviewsMixin

NEWEST_ON_HOME = 8


class HomePage(ListingPreviewsMixin, DeskMixin, Page):
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    desk_permission = WORDS
    holds_other_kinds = True
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "catalog.CategoryPage",
        "catalog.CollectionPage",
        "home.ContentPage",
        "home.FormPage",
        "social.NewsletterIndexPage",
    ]

    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("intro"),
        FieldPanel("picture"),
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["categories"] = (
            CategoryPage.objects.child_of(self)
            .live()
            .public()
            .select_related("picture")
            .prefetch_related("picture__renditions")
        )
        products = ProductPage.objects.live().public().descendant_of(self)
        newest = cards.sorted_pages(products, sorts.DEFAULT_SORT)[:NEWEST_ON_HOME]
        context["cards"] = cards.cards(newest)
        return context


class ContentPage(PreviewsMixin, DeskMixin, AddressMixin, Page):
    """A page of words: about us, delivery, terms."""

    body = StreamField(StoryBlock(), verbose_name=_("text"), blank=True)

    desk_permission = WORDS
    subpage_types = ["home.ContentPage"]
    parent_page_types = ["home.HomePage", "home.ContentPage"]

    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("content page")
