"""Retired products: the list of them, and the way back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.models import Page

from catalog import retiring
from catalog.models import ArchivePage, ProductPage, Sku

from .life_forms import PlaceForm, ProductFormView
from .life_move import tell_brought_back
from .shop_report import ShopReport


class RetiredReport(ShopReport):
    """Products that were taken out of the shop, with the way back."""

    page_title = gettext_lazy("Retired products")
    header_icon = "folder-inverse"
    index_name = "catalog_retired"
    export_filename = "retired-products"
    is_searchable = True
    search_fields = ["title"]
    default_ordering = "-product__retired"
    list_export = ["title", "former", "retired", "sold"]
    export_headings = {
        "title": gettext_lazy("Product"),
        "former": gettext_lazy("Stood in"),
        "retired": gettext_lazy("Retired"),
        "sold": gettext_lazy("Times sold"),
    }
    columns = [
        TitleColumn(
            "title",
            label=gettext_lazy("Product"),
            get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk]),
            sort_key="title",
        ),
        Column("former", label=gettext_lazy("Stood in")),
        DateColumn("retired", label=gettext_lazy("Retired"), sort_key="product__retired"),
        NumberColumn("sold", label=gettext_lazy("Times sold")),
        TitleColumn(
            "bring_back",
            label="",
            accessor=lambda page: _("Bring back"),
            get_url=lambda page: reverse("catalog_bring_back", args=[page.pk]),
        ),
    ]

    def get_base_queryset(self) -> QuerySet:
        archived = Q(pk__in=[])
        for archive in ArchivePage.objects.all():
            archived |= Q(path__startswith=archive.path)
        pages = ProductPage.objects.filter(archived, alias_of=None)
        return pages.select_related("product__retirement")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        coded = Sku.objects.filter(code__icontains=self.search_query).values("product")
        return queryset.filter(Q(title__icontains=self.search_query) | Q(product__in=coded))

    def decorate_paginated_queryset(self, pages: Any) -> Any:
        sold = retiring.times_sold({page.product_id for page in pages})
        places = {}
        for page in pages:
            retirement = getattr(page.product, "retirement", None)
            places[page.pk] = (retirement.places if retirement else {}).get(str(page.pk), {})
        parents = {place.get("parent") for place in places.values()}
        titles = dict(Page.objects.filter(pk__in=parents).values_list("pk", "title"))
        for page in pages:
            page.former = titles.get(places[page.pk].get("parent"), "–")
            page.retired = page.product.retired
            page.sold = sold.get(page.product_id, 0)
        return pages


class BringBackView(ProductFormView):
    page_title = gettext_lazy("Bring back")
    report = RetiredReport

    @cached_property
    def page(self) -> ProductPage:
        page = get_object_or_404(ProductPage, pk=self.kwargs["page_id"])
        if not page.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        return page

    def get_page_subtitle(self) -> str:
        return self.page.title

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        if gone := self.is_back():
            return gone
        former = retiring.former_parent(self.page)
        return self.ask(PlaceForm(user=request.user, initial={"category": former}))

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        if gone := self.is_back():
            return gone
        form = PlaceForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.ask(form)
        page = retiring.bring_back(
            self.page, user=request.user, parent=form.cleaned_data["category"]
        )
        tell_brought_back(request, page)
        return redirect("wagtailadmin_pages:edit", page.pk)

    def is_back(self) -> HttpResponse | None:
        if retiring.is_archived(self.page):
            return None
        messages.info(self.request, _("“%(page)s” is not retired.") % {"page": self.page.title})
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def ask(self, form: PlaceForm) -> HttpResponse:
        return self.show(
            form=form,
            text=_(
                "The page comes back as a draft, and its SKUs go on sale again as they were. "
                "Shoppers see it when you publish it."
            ),
            submit_button_label=_("Bring back"),
        )


def refuse_to_publish(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A retired product that somebody unlocked is sold only when it is back."""
    if not retiring.is_archived(page):
        return None
    messages.error(request, _("A retired product is not published. Bring it back first."))
    return redirect("catalog_bring_back", page.pk)
