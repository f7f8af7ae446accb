"""A collection: products gathered by rule or by hand, wherever in the tree they are."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import Tag
from wagtail.admin.panels import PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from catalog import gathering, sorts
from catalog.addresses import AddressMixin
from catalog.admin.collections import MOST, CollectionPageForm, collection_tabs
from catalog.blocks import StoryBlock
from catalog.browsing import Listing
from catalog.later import Later
from catalog.money import DECIMAL_PLACES, MAX_DIGITS
from catalog.permissions import COLLECTIONS, DeskMixin
from catalog.previews import ListingPreviewsMixin
from catalog.visibility import public_below

from .products import Brand


class CollectionPage(ListingPreviewsMixin, DeskMixin, AddressMixin, Page):
    """Products that meet every condition given here, and before them the pinned ones."""

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
    gathered = models.CharField(
        _("products are gathered"), max_length=8, choices=Gathered, default=Gathered.BY_RULE
    )
    categories = ParentalManyToManyField(
        "catalog.CategoryPage",
        verbose_name=_("in the categories"),
        blank=True,
        related_name="+",
        help_text=_("Or below them. Tick none for products of the whole shop."),
    )
    brands = ParentalManyToManyField(
        Brand, verbose_name=_("of the brands"), blank=True, related_name="+"
    )
    any_of_tags = ParentalManyToManyField(
        Tag,
        verbose_name=_("with one of the tags"),
        blank=True,
        related_name="+",
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
        validators=[MinValueValidator(0)],
    )
    price_to = models.DecimalField(
        _("price up to"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    only_on_sale = models.BooleanField(_("only what is reduced"), default=False)
    sort = models.CharField(
        _("in this order"),
        max_length=16,
        choices=sorts.sort_choices,
        default=sorts.DEFAULT_SORT,
        help_text=_("Shoppers can choose another one."),
    )
    most = models.PositiveIntegerField(
        _("at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
        help_text=_("How many products; leave it empty for all."),
    )

    desk_permission = COLLECTIONS
    parent_page_types = ["home.HomePage", "catalog.CollectionPage"]
    subpage_types = ["catalog.CollectionPage"]
    # A new collection is meant to be found; an editor can take it out of the menu.
    show_in_menus_default = True

    edit_handler = collection_tabs()
    base_form_class = CollectionPageForm
    search_fields = [*Page.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = _("collection page")
        verbose_name_plural = _("collection pages")

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if None not in (self.price_from, self.price_to) and self.price_from > self.price_to:
            errors["price_to"] = _("This is below “price from”.")
        if self.attribute_id and self.attribute_value:
            try:
                self.attribute_value = self.attribute.understood(self.attribute_value)
            except ValidationError as error:
                errors["attribute_value"] = error
        if errors:
            raise ValidationError(errors)

    def with_content_json(self, content: Any) -> "CollectionPage":
        """A revision may be older than the name of the choice it speaks of."""
        page = super().with_content_json(content)
        if page.attribute_id and page.attribute_value:
            with suppress(ValidationError):
                page.attribute_value = page.attribute.understood(page.attribute_value)
        return page

    def listing(self) -> Listing:
        home = gathering.home_path(self)
        return Listing(
            gathering.in_collection(self),
            self.sort,
            most=self.most,
            root=home,
            name=("collection", self.pk) if self.pk else None,
            tags=(f"page:{self.pk}", "listed"),
        )

    @property
    def story_tags(self) -> tuple[str, ...]:
        """What whatever shows the story depends on (``catalog.kept``)."""
        return (f"page:{self.pk}",)

    def products(self, sort: str = "") -> models.QuerySet:
        """Live product pages that belong to it, sorted by a key of ``sorts.SORTS``."""
        listing = self.listing()
        return listing.ordered(listing.pages(), sort)

    def get_context(self, request, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(self.listing().context(request))
        context["places"] = Later(lambda: public_below(CollectionPage, self.path))
        return context


class CollectionProduct(Orderable):
    """A product picked by hand: pinned before the others, or all there is."""

    page = ParentalKey(CollectionPage, on_delete=models.CASCADE, related_name="picked")
    product_page = models.ForeignKey(
        "catalog.ProductPage",
        verbose_name=_("product"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    panels = [PageChooserPanel("product_page")]
