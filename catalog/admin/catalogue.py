"""The lists that products draw on: attributes, brands, tax classes."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.deletion import ProtectedError
from django.db.models.functions import Coalesce
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from catalog.models import Attribute, Brand, ProductAttribute, ProductPage, Sku, TaxClass

from .attributes import EDIT_HANDLER


def _count(rows: QuerySet, by: str) -> Coalesce:
    """How many of the rows point at each row of a listing by their column ``by``."""
    counts = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    found = Subquery(counts.annotate(count=Count("pk")).values("count"))
    return Coalesce(found, 0, output_field=IntegerField())


class AttributeIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Attribute]:
        rows = ProductAttribute.objects.all()
        return super().get_base_queryset().annotate(answers=_count(rows, "attribute"))


class AttributeViewSet(ModelViewSet):
    model = Attribute
    icon = "list-ul"
    name = "attributes"
    url_prefix = "attributes"
    menu_label = gettext_lazy("Attributes")
    list_display = [
        "name",
        Column("get_kind_display", label=gettext_lazy("Kind"), sort_key="kind"),
        "unit",
        BooleanColumn("is_facet", label=gettext_lazy("Filter"), sort_key="is_facet"),
        NumberColumn("answers", label=gettext_lazy("Products"), sort_key="answers"),
    ]
    list_filter = ["kind", "is_facet"]
    search_fields = ["name"]
    search_backend_name = None
    sort_order_field = "position"
    index_view_class = AttributeIndexView
    inspect_view_enabled = False
    copy_view_enabled = False

    def get_edit_handler(self) -> Any:
        return EDIT_HANDLER.bind_to_model(self.model)


class BrandViewSet(SnippetViewSet):
    model = Brand
    icon = "pick"
    menu_label = gettext_lazy("Brands")
    list_display = ["name", NumberColumn("products", label=gettext_lazy("Products"))]
    search_fields = ["name"]
    search_backend_name = None
    copy_view_enabled = False
    panels = [FieldPanel("name")]

    def get_queryset(self, request: Any) -> QuerySet[Brand]:
        return Brand.objects.annotate(products=_count(ProductPage.objects.all(), "brand"))


class TaxClassIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[TaxClass]:
        return super().get_base_queryset().annotate(skus=_count(Sku.objects.all(), "tax_class"))


class TaxClassDeleteView(DeleteView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            message = _("The tax class “%(name)s” is in use. Give what has it another one.")
            messages.error(self.request, message % {"name": self.object})
            return HttpResponseRedirect(self.get_success_url())


class TaxClassViewSet(ModelViewSet):
    model = TaxClass
    icon = "decimal"
    name = "tax_classes"
    url_prefix = "tax-classes"
    menu_label = gettext_lazy("Tax classes")
    list_display = ["name", NumberColumn("skus", label=gettext_lazy("SKUs"))]
    search_fields = ["name"]
    search_backend_name = None
    copy_view_enabled = False
    form_fields = ["name"]
    index_view_class = TaxClassIndexView
    delete_view_class = TaxClassDeleteView


class CatalogueGroup(SnippetViewSetGroup):
    """The menu item "Catalogue": what products draw on."""

    menu_label = pgettext_lazy("menu item", "Catalogue")
    menu_name = "catalogue"
    menu_icon = "list-ul"
    menu_order = 125
    items = (AttributeViewSet, BrandViewSet, TaxClassViewSet)
