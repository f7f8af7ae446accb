"""Variants, prices and stock of a product: facts, so they have a form of their own.

The page editor edits them in a grid that saves at once (``grid_views``); this page does
the same without JavaScript.
"""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.forms.utils import ErrorList
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from catalog.models import ProductPage, Stock
from catalog.stock import OutOfStockError

from . import variants
from .forms import VariantForm
from .formsets import ROWS_PER_PAGE, BaseVariantFormSet, VariantFormSet
from .grid import LOG_ACTION, asked_reason, count_again, option_columns, reasons
from .rights import rights


class VariantsView(WagtailAdminTemplateMixin, View):
    template_name = "catalog/admin/variants.html"
    page_title = gettext_lazy("Variants, prices & stock")
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, page_id: int) -> HttpResponse:
        self.page = get_object_or_404(ProductPage, pk=page_id)
        self.rights = rights(request.user, self.page)
        if not self.rights.some:
            raise PermissionDenied
        return super().dispatch(request, page_id)

    @cached_property
    def story(self) -> ProductPage:
        """The page as its latest draft tells it: an option named there can be filled in here."""
        return self.page.get_latest_revision_as_object()

    @cached_property
    def columns(self) -> dict[str, str]:
        return option_columns(self.story, self.page.product)

    @cached_property
    def paginator(self) -> Paginator:
        return Paginator(self.page.product.skus.all(), ROWS_PER_PAGE)

    def get_formset(self, data: QueryDict | None = None) -> BaseVariantFormSet:
        return VariantFormSet(
            data,
            product=self.page.product,
            columns=self.columns,
            rights=self.rights,
            page=self.paginator.get_page(self.request.GET.get("p")).number,
            prefix="variants",
        )

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        return self.show(self.get_formset(), token=uuid.uuid4().hex)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        formset = self.get_formset(request.POST.copy())
        token = request.POST.get("token") or uuid.uuid4().hex
        if formset.is_valid() and self.save(formset, token):
            return redirect(request.get_full_path())
        messages.error(request, _("Nothing was saved yet. Please mend what is marked below."))
        return self.show(formset, token=token)

    def changed_forms(self, formset: BaseVariantFormSet) -> list[VariantForm]:
        return [form for form in formset.filled() if form.has_changed()]

    def save(self, formset: BaseVariantFormSet, token: str) -> bool:
        reason, note = asked_reason(self.request.POST)
        try:
            with transaction.atomic():
                changes = variants.save(
                    self.changed_forms(formset),
                    self.page.product,
                    user=self.request.user,
                    token=token,
                    reason=reason,
                    note=note,
                )
                changes |= self._digital()
                if changes:
                    log(self.page, LOG_ACTION, user=self.request.user, data={"changes": changes})
        except OutOfStockError as error:
            self._ask_to_count_again(formset, error)
            return False
        except IntegrityError:
            # Two editors, one code, the same moment: the constraint decided.
            formset._non_form_errors = ErrorList(
                [_("Somebody else saved at the same moment. Please check and save again.")]
            )
            return False
        messages.success(
            self.request,
            _("Saved. The shop sells by these prices and stock from now on.")
            if changes
            else _("Nothing was changed."),
            buttons=[messages.button(self.edit_url, _("Back to the page"))],
        )
        return True

    def _digital(self) -> variants.Changes:
        """What became of the box that says so, if this editor was shown one and changed it."""
        shown, now = self.request.POST.get("initial-is_digital"), "is_digital" in self.request.POST
        if not self.rights.sku or shown not in ("True", "False") or shown == str(now):
            return {}
        return variants.set_digital(self.page.product, now)

    def _ask_to_count_again(self, formset: BaseVariantFormSet, error: OutOfStockError) -> None:
        left = Stock.objects.get(pk=error.sku.pk).on_hand
        form = next(form for form in formset.forms if form.instance.pk == error.sku.pk)
        form.add_error("on_hand", count_again(left))
        # The next difference counts from here.
        form.data[form["on_hand"].html_initial_name] = str(left)

    def show(self, formset: BaseVariantFormSet, token: str) -> HttpResponse:
        return self.render_to_response(self.get_context_data(formset=formset, token=token))

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("Back to the page"), url=self.edit_url, icon_name="edit")]

    def get_page_subtitle(self) -> str:
        return self.story.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = get_breadcrumbs_items_for_page(self.page, self.request.user, include_self=False)
        return [
            *items,
            {"url": self.edit_url, "label": self.story.title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.paginator.get_page(self.request.GET.get("p"))
        return super().get_context_data(
            page=self.page,
            columns=self.columns,
            rights=self.rights,
            reasons=reasons(),
            rows=rows,
            elided_page_range=self.paginator.get_elided_page_range(rows.number),
            submit_button_label=_("Save"),
            submit_button_active_label=_("Saving…"),
            **kwargs,
        )
