"""A category: a place in the shop, with the products of its own and of all below it."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from catalog import cards
from catalog.addresses import AddressMixin
from catalog.blocks import StoryBlock

from .products import ProductPage

PRODUCTS_PER_PAGE = 24


class SoldOut(models.TextChoices):
    """What a listing does with products of which nothing is to be had."""

    KEEP = "keep", _("stay where they are")
    END = "end", _("go to the end")
    HIDE = "hide", _("are left out")


class CategoryPage(AddressMixin, Page):
    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    above = StreamField(StoryBlock(), verbose_name=_("above the products"), blank=True)
    below = StreamField(StoryBlock(), verbose_name=_("below the products"), blank=True)
    default_sort = models.CharField(_("order of the products"), max_length=16, default="newest")
    sold_out = models.CharField(
        _("sold-out products"), max_length=4, choices=SoldOut, default=SoldOut.KEEP
    )

    # By name only: catalog imports nobody.
    parent_page_types = ["home.HomePage", "catalog.CategoryPage"]
    subpage_types = ["catalog.CategoryPage", "catalog.ProductPage"]
    # A new category is meant to be found; an editor can take it out of the menu.
    show_in_menus_default = True

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("picture")]
    search_fields = [*Page.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = _("category page")
        verbose_name_plural = _("category pages")

    def products(self, sort: str = "") -> models.QuerySet:
        """Live product pages here and below, sorted by a key of ``cards.SORTS``."""
        pages = ProductPage.objects.live().public().descendant_of(self)
        return cards.sorted_pages(pages, sort)

    def get_context(self, request, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        sort = cards.known_sort(request.GET.get("sort"))
        paginator = Paginator(self.products(sort), PRODUCTS_PER_PAGE)
        page: ListPage = paginator.get_page(request.GET.get("page"))
        context.update(
            page_obj=page,
            cards=cards.cards(page.object_list),
            sorts=cards.SORTS,
            sort=sort,
            subcategories=CategoryPage.objects.child_of(self).live().public(),
        )
        return context


class CategoryProduct(Orderable):
    """A product picked by hand to stand first in its category."""

    page = ParentalKey(CategoryPage, on_delete=models.CASCADE, related_name="first_products")
    product_page = models.ForeignKey(
        ProductPage, verbose_name=_("product"), on_delete=models.CASCADE, related_name="+"
    )
