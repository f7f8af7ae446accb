"""How listings of products are narrowed down and searched, the explorer's and the flat one's.

The explorer lists pages of every kind, the flat listing product pages: what is asked of
products is written once, for both.
"""

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.admin.filters import DateRangePickerWidget, NumberRangeWidget, WagtailFilterSet
from wagtail.models import Page

from catalog import listing
from catalog.admin.filters import MAX_WORDS, YesNoFilter
from catalog.models import (
    Brand,
    CategoryPage,
    Product,
    ProductCategory,
    ProductPage,
    ProductTag,
    Sku,
)

from .explorer_facts import ProductState, in_state

MOST_SUGGESTED = 200


class SuggestingInput(forms.TextInput):
    """A text field that suggests the names there are; a shop may have too many for a list."""

    def __init__(self, names: QuerySet, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.names = names

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        list_id = f"names-of-{name}"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        names = self.names.values_list("name", flat=True).distinct()[:MOST_SUGGESTED]
        context = {"list_id": list_id, "names": names}
        return format_html(
            "{}{}", field, render_to_string("catalog/admin/explorer_suggestions.html", context)
        )


class CategoryField(django_filters.fields.ModelChoiceField):
    def to_python(self, value: Any) -> CategoryPage | None:
        try:
            return super().to_python(value)
        except OverflowError as error:
            # A number that fits no column, and no list of ours has it.
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from error

    def label_from_instance(self, category: CategoryPage) -> str:
        # Below the root and the home page; a category in another stands under it.
        return "\u2003" * max(category.depth - 3, 0) + category.draft_title


class CategoryFilter(django_filters.ModelChoiceFilter):
    field_class = CategoryField


class ProductFilterSet(WagtailFilterSet):
    stock = django_filters.MultipleChoiceFilter(
        label=_("Stock"),
        choices=ProductState.choices,
        widget=forms.CheckboxSelectMultiple,
        method="by_stock",
    )
    price = django_filters.RangeFilter(
        label=_("Price"), widget=NumberRangeWidget, method="by_price"
    )
    on_sale = YesNoFilter(label=_("Reduced"), method="by_reduction")
    brand = django_filters.CharFilter(
        label=_("Brand"), widget=SuggestingInput(Brand.objects.all()), method="by_brand"
    )
    tag = django_filters.CharFilter(
        label=_("Tag"),
        widget=SuggestingInput(
            Tag.objects.filter(pk__in=ProductTag.objects.values("tag")).order_by("name")
        ),
        method="by_tag",
    )
    category = CategoryFilter(
        label=_("Category, with those below it"),
        queryset=lambda request: CategoryPage.objects.order_by("path"),
        method="by_category",
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[
            ("live", _("Live")),
            ("changed", _("Live, with unpublished changes")),
            ("draft", _("Not live")),
        ],
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="by_status",
    )
    retired = YesNoFilter(label=_("Retired"), method="by_retirement")
    latest_revision_created_at = django_filters.DateFromToRangeFilter(
        label=_("Date updated"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def by_stock(self, pages: QuerySet, name: str, states: list[str]) -> QuerySet:
        return of_products(pages, in_state(states))

    def by_price(self, pages: QuerySet, name: str, wanted: slice) -> QuerySet:
        _refresh_prices()
        condition = Q(lowest_price__isnull=False)
        if wanted.start is not None:
            condition &= Q(lowest_price__gte=wanted.start)
        if wanted.stop is not None:
            condition &= Q(lowest_price__lte=wanted.stop)
        return of_products(pages, condition)

    def by_reduction(self, pages: QuerySet, name: str, wanted: str) -> QuerySet:
        _refresh_prices()
        return of_products(pages, Q(on_sale=wanted == "yes"))

    def by_brand(self, pages: QuerySet, name: str, wanted: str) -> QuerySet:
        return product_pages(pages, Q(brand__in=_named(Brand.objects.all(), wanted)))

    def by_tag(self, pages: QuerySet, name: str, wanted: str) -> QuerySet:
        tagged = ProductTag.objects.filter(tag__in=_named(Tag.objects.all(), wanted))
        return pages.filter(pk__in=tagged.values("content_object"))

    def by_category(self, pages: QuerySet, name: str, category: CategoryPage) -> QuerySet:
        inside = CategoryPage.objects.descendant_of(category, inclusive=True)
        further = ProductCategory.objects.filter(category__in=inside.values("pk"))
        below = Q(path__startswith=category.path) & ~Q(pk=category.pk)
        return pages.filter(below | Q(pk__in=further.values("page")))

    def by_status(self, pages: QuerySet, name: str, wanted: str) -> QuerySet:
        if wanted == "changed":
            return pages.filter(live=True, has_unpublished_changes=True)
        return pages.filter(live=wanted == "live")

    def by_retirement(self, pages: QuerySet, name: str, wanted: str) -> QuerySet:
        return of_products(pages, Q(retired__isnull=wanted == "no"))


def of_products(pages: QuerySet, condition: Q) -> QuerySet:
    """The product pages among ``pages`` whose ``Product`` meets the condition."""
    return product_pages(pages, Q(product__in=Product.objects.filter(condition).values("pk")))


def product_pages(pages: QuerySet, condition: Q) -> QuerySet:
    """The product pages among ``pages`` that meet a condition on ``ProductPage``."""
    if issubclass(pages.model, ProductPage):
        return pages.filter(condition)
    return pages.filter(pk__in=ProductPage.objects.filter(condition).values("pk"))


def search(pages: QuerySet, query: str) -> QuerySet:
    """Pages in which each word is part of the title or of a SKU's code, or begins its barcode."""
    for word in query.split()[:MAX_WORDS]:
        found = Q(title__icontains=word) | Q(draft_title__icontains=word)
        pages = pages.filter(found | _of_skus(pages, word))
    return pages


def best_first(pages: QuerySet, query: str) -> QuerySet:
    """What was searched for, in order: that very code or barcode, then titles that begin so."""
    whole = Sku.objects.filter(Q(code__iexact=query) | Q(barcode=query)).values("product")
    products = ProductPage.objects.filter(product__in=whole).values("pk")
    rank = Case(
        When(pk__in=products, then=Value(0)),
        When(title__istartswith=query, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return pages.order_by(rank, "title", "pk")


def _of_skus(pages: QuerySet, word: str) -> Q:
    skus = Sku.objects.filter(Q(code__icontains=word) | Q(barcode__startswith=word))
    if issubclass(pages.model, ProductPage):
        return Q(product__in=skus.values("product"))
    return Q(pk__in=ProductPage.objects.filter(product__in=skus.values("product")).values("pk"))


def _named(things: QuerySet, name: str) -> QuerySet:
    """Those of that very name; where there are none, those with it in their name."""
    exactly = things.filter(name__iexact=name)
    return (exactly if exactly.exists() else things.filter(name__icontains=name)).values("pk")


def _refresh_prices() -> None:
    # A price that changed since its row was written would be looked for in the wrong place.
    listing.refresh_due()


def given(request: HttpRequest) -> ProductFilterSet:
    """The filters as the address of a listing says them."""
    return ProductFilterSet(data=request.GET, request=request)
