"""A collection: products gathered by rule or by hand, wherever in the tree they are."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import Tag
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page

from catalog.addresses import AddressMixin
from catalog.blocks import StoryBlock
from catalog.money import DECIMAL_PLACES, MAX_DIGITS

from .products import Brand


class CollectionPage(AddressMixin, Page):
    """Products that meet every condition given here, the pinned ones first."""

    class Gathered(models.TextChoices):
        BY_RULE = "rule", _("by rule")
        BY_HAND = "hand", _("by hand: only the products picked below")

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
    gathered = models.CharField(
        _("products are gathered"), max_length=8, choices=Gathered, default=Gathered.BY_RULE
    )
    categories = ParentalManyToManyField(
        "catalog.CategoryPage", verbose_name=_("in the categories"), blank=True, related_name="+"
    )
    brands = ParentalManyToManyField(
        Brand, verbose_name=_("of the brands"), blank=True, related_name="+"
    )
    any_of_tags = ParentalManyToManyField(
        Tag, verbose_name=_("with one of the tags"), blank=True, related_name="+"
    )
    attribute = models.ForeignKey(
        "catalog.Attribute",
        verbose_name=_("attribute"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    attribute_value = models.CharField(_("is"), max_length=255, blank=True)
    price_from = models.DecimalField(
        _("price from"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        null=True,
        blank=True,
    )
    price_to = models.DecimalField(
        _("price up to"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        null=True,
        blank=True,
    )
    only_on_sale = models.BooleanField(_("only what is reduced"), default=False)
    sort = models.CharField(_("in this order"), max_length=16, default="newest")
    most = models.PositiveIntegerField(
        _("at most"),
        null=True,
        blank=True,
        help_text=_("How many products; leave it empty for all."),
    )

    parent_page_types = ["home.HomePage", "catalog.CollectionPage"]
    subpage_types = ["catalog.CollectionPage"]

    class Meta:
        verbose_name = _("collection page")
        verbose_name_plural = _("collection pages")


class CollectionProduct(Orderable):
    """A product picked by hand: pinned before the others, or all there is."""

    page = ParentalKey(CollectionPage, on_delete=models.CASCADE, related_name="picked")
    product_page = models.ForeignKey(
        "catalog.ProductPage",
        verbose_name=_("product"),
        on_delete=models.CASCADE,
        related_name="+",
    )
