"""Choose SKUs in a modal, searched by code and by the title of their product."""

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from catalog.keys import read_keys
from catalog.models import ProductPage, Sku
from catalog.money import format_money


def title_of(sku: Sku) -> str:
    """The code and what it is the code of."""
    page = next(iter(sku.product.pages.all()), None)
    parts = [sku.code, page.draft_title or page.title if page else "", sku.label]
    return " – ".join(filter(None, parts))


class SkuFilterForm(BaseFilterForm):
    q = forms.CharField(
        label=_("Search term"),
        widget=forms.TextInput(attrs={"placeholder": _("SKU code or title")}),
        required=False,
    )

    def filter(self, objects: QuerySet[Sku]) -> QuerySet[Sku]:
        objects = super().filter(objects)
        if words := self.cleaned_data.get("q", "").strip():
            titled = ProductPage.objects.filter(product=OuterRef("product"), title__icontains=words)
            objects = objects.filter(Q(code__icontains=words) | Exists(titled))
            self.is_searching, self.search_query = True, words
        return objects


class _Choose(chooser.BaseChooseView):
    filter_form_class = SkuFilterForm
    ordering = ["code", "pk"]

    def get_object_list(self) -> QuerySet[Sku]:
        skus = Sku.objects.with_prices()
        return skus.select_related("product").prefetch_related("product__pages")

    @property
    def title_column(self) -> Column:
        column = super().title_column
        column.accessor = title_of
        column.label = _("SKU")
        return column

    @property
    def columns(self) -> list[Column]:
        price = Column("price", label=_("Price"), accessor=_price)
        return [*super().columns, price]


def _price(sku: Sku) -> str:
    return format_money(sku.price.amount, sku.price.currency) if sku.price else "–"


class SkuChooseView(chooser.ChooseViewMixin, chooser.CreationFormMixin, _Choose):
    pass


class SkuChooseResultsView(chooser.ChooseResultsViewMixin, chooser.CreationFormMixin, _Choose):
    pass


class _Chosen(chooser.ChosenResponseMixin):
    def get_display_title(self, instance: Sku) -> str:
        return title_of(instance)


class SkuChosenView(chooser.ChosenViewMixin, _Chosen, chooser.View):
    pass


class SkuChosenMultipleView(chooser.ChosenMultipleViewMixin, _Chosen, chooser.View):
    def get_objects(self, pks: list[str]) -> QuerySet[Sku]:
        found = super().get_objects(read_keys(pks))
        return found.select_related("product").prefetch_related("product__pages")


class SkuChooser(BaseChooser):
    show_edit_link = False

    def get_display_title(self, instance: Sku) -> str:
        return title_of(instance)


class SkuChooserViewSet(ChooserViewSet):
    model = Sku
    icon = "tag"
    choose_one_text = _("Choose a SKU")
    choose_another_text = _("Choose another SKU")
    choose_view_class = SkuChooseView
    choose_results_view_class = SkuChooseResultsView
    chosen_view_class = SkuChosenView
    chosen_multiple_view_class = SkuChosenMultipleView
    base_widget_class = SkuChooser
    per_page = 20


sku_choosers = SkuChooserViewSet("catalog_sku_chooser", url_prefix="skus/choose")
