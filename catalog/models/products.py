"""The story of a product: what an editor writes, drafts, previews and publishes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from catalog import kept, moment, price_history, renditions, sku_facts
from catalog.addresses import PlacedMixin
from catalog.admin.answers import AnswersPanel
from catalog.admin.options import OptionsPanel
from catalog.admin.rows import ChosenPanel
from catalog.blocks import StoryBlock
from catalog.clusters import ReadMixin
from catalog.first_revision import FirstRevisionMixin
from catalog.locks import RetiredLock
from catalog.panels import FormTabs, VariantsPanel
from catalog.permissions import DeskMixin
from catalog.previews import ProductPreviewsMixin

from .attributes import ProductAttribute, respell
from .skus import Product, Sku

# The kinds of pictures (``catalog.picture_sizes``) that the page shows.
SHOWN_AS = ("product", "zoom", "thumb")


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


class ProductPage(
    ReadMixin, FirstRevisionMixin, ProductPreviewsMixin, DeskMixin, PlacedMixin, Page
):
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

    # One tab each; what a tab of another subject needs is added to its list.
    story_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("description")]
    picture_panels = [
        ChosenPanel(
            "gallery",
            chooser_field_name="image",
            heading=_("Pictures"),
            label=_("Picture"),
            help_text=_("The first one stands for the product in listings. Drag to reorder."),
        )
    ]
    placement_panels = [
        FieldPanel("brand"),
        FieldPanel("tags"),
        AnswersPanel(
            "attributes",
            heading=_("Attributes"),
            label=_("Attribute"),
            help_text=_("What the product is like. Each attribute can be answered once."),
        ),
        OptionsPanel(
            "options",
            heading=_("Options"),
            label=_("Option"),
            max_num=3,
            help_text=_("What a shopper chooses, such as Size or Colour. At most three."),
        ),
        ChosenPanel(
            "related_products",
            chooser_field_name="product_page",
            heading=_("Related products"),
            label=_("Product"),
            help_text=_("Shown below this product, in this order."),
        ),
        ChosenPanel(
            "further_categories",
            chooser_field_name="category",
            heading=_("Further categories"),
            label=_("Category"),
            help_text=_("They list the product too. Its address and its place stay as they are."),
        ),
    ]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("For search engines"),
        )
    ]
    variants_panels = [VariantsPanel(heading=_("Variants, prices & stock"))]
    edit_handler = FormTabs(
        [
            ObjectList(story_panels, heading=_("Story")),
            ObjectList(picture_panels, heading=_("Pictures")),
            ObjectList(placement_panels, heading=_("Placement")),
            # Scheduling and comments have no place of their own in a tab.
            ObjectList([*promote_panels, *Page.settings_panels], heading=_("Promote")),
            ObjectList(variants_panels, heading=_("Variants, prices & stock")),
        ]
    )
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
        if answers := page.attributes.all():
            respell(answers)
        return page

    def get_lock(self):
        # Only a locked one is asked: a listing asks every page.
        if self.locked and self.product_id and self.product.retired:
            return RetiredLock(self)
        return super().get_lock()

    @property
    def main_picture(self):
        first = next(iter(self.gallery.all()), None)
        return first.image if first else None

    @property
    def option_names(self) -> list[str]:
        return [option.name for option in self.options.all()]

    def variants(self) -> list[Sku]:
        """The variants on sale or sold out, with prices and stock as they are.

        One query, and two more where variants have pictures or prices are reduced.
        """
        if self.product_id is None:
            return []
        kept.shows(f"product:{self.product_id}")
        facts = sku_facts.of_products([self.product_id])
        if facts:
            kept.until(facts[0].product.price_changes_at)
        found = list(price_history.with_lowest([sku for sku in facts if sku.is_on_show]))
        if any(sku.picture_id for sku in found):
            prefetch_related_objects(found, "picture", renditions.prefetch("picture", *SHOWN_AS))
        if moment.is_sold_out():
            for sku in found:
                sku.stock.on_hand = 0
        return found

    def answers(self) -> list[ProductAttribute]:
        """What the product is like, with the attributes read along; also of an unsaved page."""
        rows = list(self.attributes.all())
        prefetch_related_objects(rows, "attribute")
        return [row for row in rows if row.value]

    @property
    def story_tags(self) -> tuple[str, ...]:
        """What whatever shows the story depends on (``catalog.kept``)."""
        return (f"page:{self.pk}",)

    @property
    def all_tags(self) -> tuple[str, ...]:
        """The same where facts of its product are shown too."""
        return (*self.story_tags, f"product:{self.product_id}")

    def get_context(self, request, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # It is about pages such as this one.
        from catalog import product_context

        context = super().get_context(request, *args, **kwargs)
        return context | product_context.of(self, request)


class ProductPicture(ReadMixin, Orderable):
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


class RelatedProduct(ReadMixin, Orderable):
    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="related_products")
    product_page = models.ForeignKey(
        ProductPage, verbose_name=_("product"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("product_page")]


class ProductCategory(ReadMixin, Orderable):
    """A further category that lists the product, beside the one it stands in."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="further_categories")
    category = models.ForeignKey(
        "catalog.CategoryPage",
        verbose_name=_("category"),
        on_delete=models.CASCADE,
        related_name="further_products",
    )

    panels = [PageChooserPanel("category")]
