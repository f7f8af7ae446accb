"""The prices of a product: those in force, those to come, and all there were."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from catalog import prices
from catalog.models import Price, ProductPage, Sku
from catalog.models.prices import PricePoint
from catalog.price_history import entry_of
from catalog.timeline import Timeline, times_of

from .price_ledger_form import NewPriceForm, interruptions
from .rights import rights

LOG_ACTION = "catalog.prices.edit"
SEE = "catalog.view_price"
SKUS_PER_PAGE = 20
# Older ones are in the report.
MOST_PAST = 10
SHOWN = ("user", "batch", "withdrawal__user")


@dataclass(frozen=True)
class Shown:
    """An entry of the ledger and when, from now on, it counts."""

    price: Price
    times: list[tuple[datetime, datetime | None]]
    is_in_force: bool
    can_be_withdrawn: bool

    @property
    def withdrawal(self) -> Any:
        return getattr(self.price, "withdrawal", None)


@dataclass(frozen=True)
class SkuLedger:
    sku: Sku
    now: PricePoint | None
    next_change: datetime | None
    then: PricePoint | None
    # Those that count now or will, the earliest first; and all others, the latest first.
    lasting: list[Shown]
    past: list[Shown]
    more: int


def ledger_of(sku: Sku, rows: Iterable[Price], now: datetime) -> SkuLedger:
    """What the rows of one SKU say at a moment."""
    rows = list(rows)
    entries = {row.pk: entry_of(row, _withdrawn(row)) for row in rows}
    times: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for kind in Price.Kind:
        times |= times_of(entry for entry in entries.values() if entry.kind == kind)
    lasting, past = [], []
    for row in sorted(rows, key=lambda row: (row.valid_from, row.pk)):
        to_come = [
            (max(start, now), end) for start, end in times.get(row.pk, ()) if not end or end > now
        ]
        is_in_force = any(start <= now for start, _end in to_come)
        entry = entries[row.pk]
        is_over = entry.end is not None and entry.end <= now
        shown = Shown(row, to_come, is_in_force, not is_over and _may_go(row, now))
        # One that begins later and that others cover wholly is still shown, so that it can go.
        (lasting if to_come or (row.valid_from > now and not is_over) else past).append(shown)
    timeline = Timeline(entries.values(), settings.SHOP_CURRENCY)
    change = timeline.next_change(now)
    return SkuLedger(
        sku=sku,
        now=timeline.price_at(now),
        next_change=change,
        then=timeline.price_at(change) if change else None,
        lasting=lasting,
        past=past[::-1][:MOST_PAST],
        more=max(len(past) - MOST_PAST, 0),
    )


def _withdrawn(row: Price) -> datetime | None:
    withdrawal = getattr(row, "withdrawal", None)
    return withdrawal.moment if withdrawal else None


def _may_go(row: Price, now: datetime) -> bool:
    """A regular price in force for good is followed by another one, never by none."""
    return (
        row.kind == Price.Kind.SALE or row.valid_from > now or row.valid_until is not None
    ) and _withdrawn(row) is None


class LedgerView(WagtailAdminTemplateMixin, View):
    """What the pages about the prices of one product share."""

    header_icon = "tag"
    writes = False

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponse:
        self.page = get_object_or_404(ProductPage, pk=page_id)
        granted = rights(request.user, self.page)
        self.may_write = granted.prices
        may_see = granted.some or request.user.has_perm(SEE)
        if not (self.may_write if self.writes else may_see):
            raise PermissionDenied
        return super().dispatch(request, page_id=page_id, **kwargs)

    @cached_property
    def title(self) -> str:
        return self.page.get_admin_display_title()

    @property
    def ledger_url(self) -> str:
        return reverse("catalog_prices", args=[self.page.pk])

    def get_page_subtitle(self) -> str:
        return self.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = get_breadcrumbs_items_for_page(self.page, self.request.user, include_self=False)
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        items = [*items, {"url": edit, "label": self.title}]
        if self.writes:
            items.append({"url": self.ledger_url, "label": _("Prices")})
        return [*items, {"url": "", "label": self.get_page_title(), "sublabel": self.title}]

    def log(self, **data: Any) -> None:
        log(self.page, LOG_ACTION, user=self.request.user, data=data)


class PricesView(LedgerView):
    template_name = "catalog/admin/price_ledger.html"
    page_title = gettext_lazy("Prices")

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.may_write or not self.page.product.skus.exists():
            return []
        add = reverse("catalog_prices_add", args=[self.page.pk])
        return [HeaderButton(_("New price"), url=add, icon_name="plus")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        skus = self.page.product.skus.order_by("position", "pk")
        shown = Paginator(skus, SKUS_PER_PAGE).get_page(self.request.GET.get("p"))
        rows: dict[int, list[Price]] = {}
        of_skus = Price.objects.filter(
            sku__in=[sku.pk for sku in shown], currency=settings.SHOP_CURRENCY
        )
        for row in of_skus.select_related(*SHOWN).defer(*_heavy()):
            rows.setdefault(row.sku_id, []).append(row)
        now = timezone.now()
        return super().get_context_data(
            page=self.page,
            skus=shown,
            ledgers=[ledger_of(sku, rows.get(sku.pk, ()), now) for sku in shown],
            may_write=self.may_write,
            now=now,
            **kwargs,
        )


def _heavy() -> list[str]:
    return [f"batch__{name}" for name in ("lines", "price_list", "products")]


class NewPriceView(LedgerView):
    template_name = "catalog/admin/price_new.html"
    page_title = gettext_lazy("New price")
    header_icon = "plus"
    writes = True

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        asked = {"sku": request.GET.get("sku", "")}
        return self.show(NewPriceForm(product=self.page.product, initial=asked))

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        form = NewPriceForm(request.POST, product=self.page.product)
        if not form.is_valid():
            messages.error(request, _("Nothing was saved yet. Please mend what is marked below."))
            return self.show(form)
        with transaction.atomic():
            written = self.write(form)
        text = ngettext(
            "%(count)s price is in the ledger.",
            "%(count)s prices are in the ledger.",
            len(written),
        )
        messages.success(request, text % {"count": f"{len(written):,}"})
        for sentence in interruptions(written):
            messages.warning(request, sentence)
        return redirect(self.ledger_url)

    def write(self, form: NewPriceForm) -> list[Price]:
        values = form.cleaned_data
        written = prices.add_prices(
            form.chosen,
            values["kind"],
            values["amount"],
            start=values["starts_at"],
            end=values["ends_at"],
            user=self.request.user,
            reason=values["reason"],
        )
        self.log(
            codes=[sku.code for sku in form.chosen],
            kind=values["kind"],
            amount=str(values["amount"]),
            starts_at=values["starts_at"].isoformat(),
            ends_at=values["ends_at"] and values["ends_at"].isoformat(),
        )
        return written

    def show(self, form: NewPriceForm) -> HttpResponse:
        context = self.get_context_data(
            form=form,
            media=form.media,
            submit_button_label=_("Write it into the ledger"),
            submit_button_active_label=_("Writing…"),
        )
        return self.render_to_response(context)


class WithdrawView(LedgerView):
    """Cancel a price that is to come, or end one that is running."""

    template_name = "catalog/admin/price_withdraw.html"
    header_icon = "cross"
    writes = True

    def dispatch(self, request: HttpRequest, page_id: int, price_id: int) -> HttpResponse:
        product = get_object_or_404(ProductPage, pk=page_id).product_id
        rows = Price.objects.select_related("sku", *SHOWN)
        self.price = get_object_or_404(rows, pk=price_id, sku__product=product)
        self.now = timezone.now()
        return super().dispatch(request, page_id=page_id, price_id=price_id)

    def get_page_title(self) -> str:
        return _("End a price") if self.price.valid_from <= self.now else _("Cancel a price")

    @property
    def is_possible(self) -> bool:
        is_over = self.price.valid_until is not None and self.price.valid_until <= self.now
        return not is_over and _may_go(self.price, self.now)

    def get(self, request: HttpRequest, page_id: int, price_id: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, page_id: int, price_id: int) -> HttpResponse:
        if not self.is_possible:
            messages.warning(request, _("This price can be neither cancelled nor ended."))
            return redirect(self.ledger_url)
        with transaction.atomic():
            reason = request.POST.get("reason", "").strip()[:255]
            done = prices.withdraw([self.price], user=request.user, reason=reason)
            if done:
                self.log(codes=[self.price.sku.code], withdrawn=str(self.price.amount or ""))
        messages.success(request, _("It counts no longer.") if done else _("It was gone already."))
        return redirect(self.ledger_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = max(self.price.valid_from, self.now)
        rows = Price.objects.filter(sku=self.price.sku_id, currency=settings.SHOP_CURRENCY)
        others = rows.exclude(pk=self.price.pk).select_related("withdrawal")
        entries = (entry_of(row, _withdrawn(row)) for row in others)
        without = Timeline(entries, settings.SHOP_CURRENCY)
        return super().get_context_data(
            price=self.price,
            moment=moment,
            without=without.price_at(moment),
            has_begun=self.price.valid_from <= self.now,
            is_possible=self.is_possible,
            ledger_url=self.ledger_url,
            **kwargs,
        )
