"""The story of a product: what an editor writes, drafts, previews and publishes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, InlinePanel, MultipleChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from catalog.blocks import StoryBlock
from catalog.panels import VariantsPanel

from .skus import ON_SHOW, Product, Sku


@register_snippet
class Brand(models.Model):
    name = models.CharField(pgettext_lazy("of a brand", "name"), max_length=255, unique=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProductTag(TaggedItemBase):
    content_object = ParentalKey(
        "catalog.ProductPage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class ProductPage(Page):
    """One product's page. Prices, stock and SKUs are not here: they hang on ``product``."""

    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        # Null only on a page that was never saved, such as one being previewed.
        null=True,
        blank=True,
        editable=False,
        related_name="pages",
    )
    summary = models.TextField(_("summary"), max_length=500, blank=True)
    description = StreamField(StoryBlock(), verbose_name=_("description"), blank=True)
    brand = models.ForeignKey(
        Brand,
        verbose_name=_("brand"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    tags = ClusterTaggableManager(through=ProductTag, blank=True, verbose_name=_("tags"))

    parent_page_types = ["catalog.CategoryPage"]
    subpage_types: list[str] = []
    # A copy is another thing and gets a Product of its own (see save()).
    exclude_fields_in_copy = ["product"]

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("description"),
        MultipleChooserPanel(
            "gallery", chooser_field_name="image", heading=_("Pictures"), label=_("Picture")
        ),
        FieldPanel("brand"),
        FieldPanel("tags"),
        InlinePanel(
            "options",
            heading=_("Options"),
            label=_("Option"),
            max_num=3,
            help_text=_("What a shopper chooses, such as Size or Colour. At most three."),
        ),
        VariantsPanel(heading=_("Variants, prices & stock")),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("description"),
    ]

    class Meta:
        verbose_name = _("product page")
        verbose_name_plural = _("product pages")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.product_id is None:
            self.product = self._product_of_relatives() or Product.objects.create()
        super().save(*args, **kwargs)

    def _product_of_relatives(self) -> Product | None:
        """The thing that this page's source (of an alias) or other locales already show."""
        if self.alias_of_id:
            return Product.objects.filter(pages__pk=self.alias_of_id).first()
        return Product.objects.filter(pages__translation_key=self.translation_key).first()

    def with_content_json(self, content: Any) -> "ProductPage":
        """A revision tells the story; which thing it tells about is the live row's to say."""
        page = super().with_content_json(content)
        page.product = self.product
        return page

    @property
    def main_picture(self):
        first = next(iter(self.gallery.all()), None)
        return first.image if first else None

    @property
    def option_names(self) -> list[str]:
        return [option.name for option in self.options.all()]

    def variants(self) -> list[Sku]:
        """The variants on sale or sold out, with prices and stock as they are now: one query."""
        if self.product_id is None:
            return []
        skus = Sku.objects.filter(product_id=self.product_id).with_availability().filter(ON_SHOW)
        return list(skus.select_related("picture"))

    def get_context(self, request, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        variants = self.variants()
        gallery = self.gallery.select_related("image")
        context["pictures"] = gallery.prefetch_related("image__renditions")
        context["variants"] = variants
        # A preview shows what the page will sell once it is published.
        preview = getattr(request, "is_preview", False)
        context["for_sale"] = [
            sku for sku in variants if (sku.most_to_buy(1) if preview else sku.is_purchasable)
        ]
        return context


class ProductPicture(Orderable):
    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="gallery")
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    alt_text = models.CharField(
        _("alternative text"),
        max_length=255,
        blank=True,
        help_text=_("What the picture shows, for those who cannot see it."),
    )

    panels = [FieldPanel("image"), FieldPanel("alt_text")]


class ProductOption(Orderable):
    """The name of an option. Its values are facts: each SKU has its own."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="options")
    name = models.CharField(pgettext_lazy("of an option", "name"), max_length=255)

    panels = [FieldPanel("name")]


class RelatedProduct(Orderable):
    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="related_products")
    product_page = models.ForeignKey(
        ProductPage, verbose_name=_("product"), on_delete=models.CASCADE, related_name="+"
    )


class ProductCategory(Orderable):
    """A further category that lists the product, beside the one it stands in."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="further_categories")
    category = models.ForeignKey(
        "catalog.CategoryPage",
        verbose_name=_("category"),
        on_delete=models.CASCADE,
        related_name="further_products",
    )
