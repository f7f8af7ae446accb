"""Upload a table of tax rates, and read what became of it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from catalog.admin.price_batch_fields import text_of
from orders import tax_import

NEEDED = ("orders.add_taxrate", "orders.change_taxrate", "catalog.add_taxclass")


def may_import(user: Any) -> bool:
    """It adds rates, changes them, and adds the classes that they are for."""
    return user.has_perms(NEEDED)


class TaxImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "As WooCommerce exports it, with the columns “Country Code”, “Rate %” and "
            "“Tax Class”. Rates of countries and classes that are not in it stay as they are."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        text = text_of(self.cleaned_data["file"])
        try:
            tax_import.read(text)
        except tax_import.UnreadableTableError as error:
            raise ValidationError(str(error)) from error
        return text


class TaxImportView(WagtailAdminTemplateMixin, FormView):
    page_title = gettext_lazy("Import tax rates")
    header_icon = "upload"
    template_name = "orders/admin/tax_import.html"
    form_class = TaxImportForm
    index_url_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": gettext_lazy("Tax rates")},
            {"url": "", "label": self.page_title},
        ]

    def form_valid(self, form: TaxImportForm) -> HttpResponse:
        report = tax_import.take(form.cleaned_data["file"])
        return self.render_to_response(self.get_context_data(form=TaxImportForm(), report=report))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(index_url=reverse(self.index_url_name), **kwargs)
