"""Variants, prices and stock of a product: facts, so they have a form of their own."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.forms.utils import ErrorList
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from catalog.models import ProductPage, Stock
from catalog.stock import OutOfStockError

from . import variants
from .forms import BaseVariantFormSet, VariantFormSet

LOG_ACTION = "catalog.variants.edit"


class VariantsView(WagtailAdminTemplateMixin, View):
    template_name = "catalog/admin/variants.html"
    page_title = gettext_lazy("Variants, prices & stock")
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, page_id: int) -> HttpResponse:
        self.page = get_object_or_404(ProductPage, pk=page_id)
        # What is saved here counts at once, so it takes the right to publish.
        if not self.page.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        return super().dispatch(request, page_id)

    @cached_property
    def story(self) -> ProductPage:
        """The page as its latest draft tells it: an option named there can be filled in here."""
        return self.page.get_latest_revision_as_object()

    @cached_property
    def columns(self) -> dict[str, str]:
        """The options to fill in, headed as the page names them.

        One that has values but no name is shown too: hidden, nobody could take them away.
        """
        names = dict(enumerate(self.story.option_names, 1))
        skus = list(self.page.product.skus.all())
        columns = {}
        for number in (1, 2, 3):
            field = f"option{number}"
            if number in names or any(getattr(sku, field) for sku in skus):
                columns[field] = names.get(number) or _("Option %(number)d") % {"number": number}
        return columns

    def get_formset(self, data: QueryDict | None = None) -> BaseVariantFormSet:
        return VariantFormSet(
            data, product=self.page.product, columns=self.columns, prefix="variants"
        )

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        return self.show(self.get_formset(), token=uuid.uuid4().hex)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        formset = self.get_formset(request.POST.copy())
        token = request.POST.get("token") or uuid.uuid4().hex
        if formset.is_valid() and self.save(formset, token[:64]):
            return redirect("catalog_variants", page_id)
        messages.error(request, _("Nothing was saved yet. Please mend what is marked below."))
        return self.show(formset, token=token)

    def save(self, formset: BaseVariantFormSet, token: str) -> bool:
        try:
            with transaction.atomic():
                changes = variants.save(formset, user=self.request.user, token=token)
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

    def _ask_to_count_again(self, formset: BaseVariantFormSet, error: OutOfStockError) -> None:
        left = Stock.objects.get(pk=error.sku.pk).on_hand
        form = next(form for form in formset.forms if form.instance.pk == error.sku.pk)
        message = ngettext(
            "Some were sold meanwhile and %(count)d is left. "
            "Please write how many are on hand now.",
            "Some were sold meanwhile and %(count)d are left. "
            "Please write how many are on hand now.",
            left,
        )
        form.add_error("on_hand", message % {"count": left})
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
        return super().get_context_data(
            page=self.page,
            columns=self.columns,
            submit_button_label=_("Save"),
            submit_button_active_label=_("Saving…"),
            **kwargs,
        )
