"""Small forms about a product out of the shop: where its page shall stand."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminPageChooser

from catalog.models import CategoryPage
from catalog.permissions import PRODUCTS

from .shop_report import ShopReport


class PlaceForm(forms.Form):
    """In which category a product's page shall stand."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=CategoryPage.objects.all(),
        widget=AdminPageChooser(target_models=[CategoryPage]),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_category(self) -> CategoryPage:
        category = self.cleaned_data["category"]
        if not category.permissions_for_user(self.user).can_add_subpage():
            raise forms.ValidationError(_("You may not add products to this category."))
        return category


class NewPageForm(PlaceForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=255)

    field_order = ["title", "category"]


class ProductFormView(WagtailAdminTemplateMixin, View):
    """A small form about one thing, for those who may edit products."""

    template_name = "catalog/admin/life_form.html"
    header_icon = "tag"
    needed: Sequence[str] = (PRODUCTS,)
    report: type[ShopReport]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perms(self.needed):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def show(self, **context: Any) -> HttpResponse:
        form = context.get("form")
        return self.render_to_response(
            self.get_context_data(media=form.media if form else "", **context)
        )

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.report.index_name), "label": self.report.page_title},
            {"url": "", "label": self.get_page_title()},
        ]
