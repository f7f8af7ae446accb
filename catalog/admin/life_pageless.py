"""Products whose page was deleted: the list of them, and what can be done with each."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from catalog import pageless, retiring
from catalog.deleting import DeletionRefusedError
from catalog.models import Product, ProductPage, Sku

from .life_forms import NewPageForm, ProductFormView
from .life_jobs import see_job
from .shop_report import ShopReport

DELETE_PRODUCTS = "catalog.delete_product"


class PagelessReport(ShopReport):
    """Products whose page was deleted: each can have a page again or be deleted for good."""

    page_title = gettext_lazy("Products without a page")
    header_icon = "no-view"
    index_name = "catalog_pageless"
    export_filename = "products-without-a-page"
    is_searchable = True
    search_fields = ["handle"]
    default_ordering = "-created"
    list_export = ["name", "codes", "on_hand", "sold"]
    export_headings = {
        "name": gettext_lazy("Product"),
        "codes": gettext_lazy("SKU codes"),
        "on_hand": gettext_lazy("On hand"),
        "sold": gettext_lazy("Times sold"),
    }
    columns = [
        TitleColumn(
            "name",
            label=gettext_lazy("Product"),
            get_url=lambda product: reverse("catalog_give_page", args=[product.pk]),
        ),
        Column("codes", label=gettext_lazy("SKU codes")),
        NumberColumn("on_hand", label=gettext_lazy("On hand")),
        NumberColumn("sold", label=gettext_lazy("Times sold")),
        TitleColumn(
            "page",
            label="",
            accessor=lambda product: _("Give it a page"),
            get_url=lambda product: reverse("catalog_give_page", args=[product.pk]),
        ),
        TitleColumn(
            "delete",
            label="",
            accessor=lambda product: "" if product.sold else _("Delete for good"),
            get_url=lambda product: (
                None if product.sold else reverse("catalog_delete_product", args=[product.pk])
            ),
        ),
    ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm(DELETE_PRODUCTS):
            return []
        return [
            HeaderButton(
                _("Delete all that were never sold"),
                url=reverse("catalog_delete_products"),
                icon_name="bin",
            )
        ]

    def get_base_queryset(self) -> QuerySet:
        skus = Sku.objects.select_related("stock")
        return pageless.pageless().prefetch_related(Prefetch("skus", queryset=skus))

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        coded = Sku.objects.filter(code__icontains=self.search_query).values("product")
        return queryset.filter(Q(handle__icontains=self.search_query) | Q(pk__in=coded))

    def decorate_paginated_queryset(self, products: Any) -> Any:
        entries = pageless.last_pages(products)
        sold = retiring.times_sold([product.pk for product in products])
        for product in products:
            skus = list(product.skus.all())
            codes = [sku.code for sku in skus]
            product.codes = ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")
            entry = entries.get(product.pk)
            product.name = entry.label if entry else product.handle or product.codes or product
            product.on_hand = sum(sku.stock.on_hand for sku in skus if hasattr(sku, "stock"))
            product.sold = sold.get(product.pk, 0)
        return products


class _PagelessView(ProductFormView):
    report = PagelessReport

    @cached_property
    def product(self) -> Product:
        return get_object_or_404(Product, pk=self.kwargs["product_id"])

    @cached_property
    def name(self) -> str:
        entry = pageless.last_pages([self.product]).get(self.product.pk)
        return pageless.name_of(self.product, entry)

    def get_page_subtitle(self) -> str:
        return self.name


class GivePageView(_PagelessView):
    page_title = gettext_lazy("Give it a page")

    def get(self, request: HttpRequest, product_id: int) -> HttpResponse:
        if page := self.product.pages.first():
            return self.has_page(page)
        return self.ask(NewPageForm(user=request.user, initial={"title": self.name}))

    def post(self, request: HttpRequest, product_id: int) -> HttpResponse:
        form = NewPageForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.ask(form)
        try:
            page = pageless.give_page(self.product, user=request.user, **form.cleaned_data)
        except pageless.HasPageError:
            return self.has_page(self.product.pages.first())
        messages.success(
            request,
            _("“%(page)s” has a page again, as a draft. Write its text, then publish it.")
            % {"page": page.title},
        )
        return redirect("wagtailadmin_pages:edit", page.pk)

    def has_page(self, page: ProductPage) -> HttpResponse:
        messages.info(self.request, _("The product has a page again."))
        return redirect("wagtailadmin_pages:edit", page.pk)

    def ask(self, form: NewPageForm) -> HttpResponse:
        return self.show(
            form=form,
            text=_(
                "The new page is a draft. It sells the SKUs that the product has, by their prices."
            ),
            submit_button_label=_("Make the page"),
        )


class DeleteForGoodView(_PagelessView):
    page_title = gettext_lazy("Delete for good")
    header_icon = "bin"
    needed = (DELETE_PRODUCTS,)

    def get(self, request: HttpRequest, product_id: int) -> HttpResponse:
        return self.show(
            text=_(
                "The product goes with its SKUs, their prices, their stock and its history. "
                "This cannot be undone. Afterwards the codes are free: %(codes)s"
            )
            % {"codes": ", ".join(self.product.skus.values_list("code", flat=True)) or "–"},
            submit_button_label=_("Delete for good"),
            is_serious=True,
        )

    def post(self, request: HttpRequest, product_id: int) -> HttpResponse:
        name = self.name
        try:
            pageless.delete_for_good(product_id, user=request.user)
        except DeletionRefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("“%(name)s” was deleted for good.") % {"name": name})
        return redirect(self.report.index_name)


class DeleteAllForGoodView(ProductFormView):
    """All that were never sold, as a job: a large category leaves thousands of them."""

    page_title = gettext_lazy("Delete for good")
    header_icon = "bin"
    needed = (DELETE_PRODUCTS,)
    report = PagelessReport

    def get_page_subtitle(self) -> str:
        return _("All that were never sold")

    def get(self, request: HttpRequest) -> HttpResponse:
        keys = list(pageless.pageless().values_list("pk", flat=True))
        count = len(keys) - len(retiring.times_sold(keys))
        text = ngettext(
            "%(count)d product goes with its SKUs, their prices, their stock and its history. "
            "This cannot be undone. It is done in the background.",
            "%(count)d products go with their SKUs, their prices, their stock and their history. "
            "This cannot be undone. It is done in the background.",
            count,
        ) % {"count": count}
        return self.show(text=text, submit_button_label=_("Delete all for good"), is_serious=True)

    def post(self, request: HttpRequest) -> HttpResponse:
        return see_job(request, pageless.delete_all_later(user=request.user))
