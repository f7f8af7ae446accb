"""A category: a place in the shop, with the products of its own and of all below it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from catalog import gathering, sorts
from catalog.addresses import AddressMixin
from catalog.blocks import StoryBlock
from catalog.browsing import Listing, SoldOut
from catalog.first_revision import FirstRevisionMixin
from catalog.later import Later
from catalog.permissions import DeskMixin
from catalog.previews import CategoryPreviewsMixin
from catalog.visibility import public_below

from .products import ProductPage


class CategoryPage(FirstRevisionMixin, CategoryPreviewsMixin, DeskMixin, AddressMixin, Page):
    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    above = StreamField(
        StoryBlock(),
        verbose_name=_("above the products"),
        blank=True,
        help_text=_("Shown on the first page of the listing."),
    )
    below = StreamField(
        StoryBlock(),
        verbose_name=_("below the products"),
        blank=True,
        help_text=_("Shown on the first page of the listing."),
    )
    default_sort = models.CharField(
        _("order of the products"),
        max_length=16,
        choices=sorts.sort_choices,
        default=sorts.DEFAULT_SORT,
        help_text=_("Shoppers can choose another one."),
    )
    sold_out = models.CharField(
        _("sold-out products"), max_length=4, choices=SoldOut, default=SoldOut.KEEP
    )

    # By name only: catalog imports nobody.
    parent_page_types = ["home.HomePage", "catalog.CategoryPage"]
    subpage_types = ["catalog.CategoryPage", "catalog.ProductPage"]
    # A new category is meant to be found; an editor can take it out of the menu.
    show_in_menus_default = True

    story_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("picture"),
        FieldPanel("above"),
        FieldPanel("below"),
    ]
    product_panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("default_sort"), FieldPanel("sold_out")])],
            heading=_("Order"),
        ),
        MultipleChooserPanel(
            "first_products",
            chooser_field_name="product_page",
            heading=_("First products"),
            label=_("Product"),
            help_text=_("They stand first, in this order, until a shopper sorts otherwise."),
        ),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(story_panels, heading=_("Story")),
            ObjectList(product_panels, heading=_("Products")),
            ObjectList([*Page.promote_panels, *Page.settings_panels], heading=_("Promote")),
        ]
    )
    search_fields = [*Page.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = _("category page")
        verbose_name_plural = _("category pages")

    def listing(self) -> Listing:
        return Listing(
            gathering.in_category(self),
            self.default_sort,
            self.sold_out,
            root=self.path,
            name=("category", self.pk) if self.pk else None,
            tags=(f"page:{self.pk}", f"in:{self.path}"),
        )

    @property
    def story_tags(self) -> tuple[str, ...]:
        """What whatever shows the story depends on (``catalog.kept``)."""
        return (f"page:{self.pk}",)

    def products(self, sort: str = "") -> models.QuerySet:
        """Live product pages here and below, sorted by a key of ``sorts.SORTS``."""
        listing = self.listing()
        return listing.ordered(listing.pages(), sort)

    def get_context(self, request, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(self.listing().context(request))
        context["places"] = Later(lambda: public_below(CategoryPage, self.path))
        return context


class CategoryProduct(Orderable):
    """A product picked by hand to stand first in its category."""

    page = ParentalKey(CategoryPage, on_delete=models.CASCADE, related_name="first_products")
    product_page = models.ForeignKey(
        ProductPage, verbose_name=_("product"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("product_page")]
