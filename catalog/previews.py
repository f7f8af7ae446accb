"""How an editor may look at a draft before it is published: as whom, as what, and when.

A preview writes nothing: no view is counted, no cart is touched, and prices are read
from the ledger at the moment shown. It shows half-filled drafts as far as they go.
"""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.models import PreviewableMixin

from catalog import moment

MOST_MOMENTS = 5
CARDS_BESIDE = 3

SOLD_OUT = "sold-out"
MEMBER = "member"
CARD = "card"
# Followed by the moment, in seconds since 1970.
AT = "at-"

SIZES = [
    {"name": "mobile", "icon": "mobile-alt", "width": 390, "label": gettext_lazy("As on a phone")},
    {"name": "tablet", "icon": "tablet-alt", "width": 820, "label": gettext_lazy("As on a tablet")},
    {"name": "desktop", "icon": "desktop", "width": 1440, "label": gettext_lazy("As on a desk")},
]


def mode_at(at: datetime) -> tuple[str, str]:
    """The preview mode for a moment, and its name: "From Fri 27 Nov, 09:00"."""
    local = timezone.localtime(at)
    shown = date_format(local, pgettext("date format", "D j M, H:i"))
    return f"{AT}{at.timestamp():.6f}", _("From %(moment)s") % {"moment": shown}


def moment_of(mode: str | None) -> datetime | None:
    """The moment that a mode of ``mode_at`` names; None for any other text."""
    if not mode or not mode.startswith(AT):
        return None
    try:
        return datetime.fromtimestamp(float(mode.removeprefix(AT)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


class PreviewsMixin(PreviewableMixin):
    """Phone, tablet and desktop; nothing is written while a preview is shown."""

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [("", _("As a shopper")), *map(mode_at, self.moments_to_preview())]

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        return [
            {**{key: size[key] for key in ("name", "icon", "label")}, "device_width": size["width"]}
            for size in SIZES
        ]

    def is_previewable(self) -> bool:
        # Listings ask it of each draft, and the modes cost queries.
        return True

    def moments_to_preview(self) -> list[datetime]:
        """The next moments at which the page will show other prices, the earliest first."""
        return []

    def shown_as(self, mode: str | None) -> AbstractContextManager[None]:
        return moment.at(moment_of(mode) or timezone.now(), sold_out=mode == SOLD_OUT)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        with self.shown_as(mode_name):
            response = super().serve_preview(request, mode_name)
            # Now, and not when the response is sent: templates read prices too.
            if isinstance(response, TemplateResponse):
                response.render()
        return response


class ListingPreviewsMixin(PreviewsMixin):
    """For pages that list products: also at the moments when prices below them change."""

    def moments_to_preview(self) -> list[datetime]:
        # The models themselves import this module.
        from catalog.models.skus import Product

        changes = Product.objects.filter(
            self.products_to_preview(), price_changes_at__gt=timezone.now()
        )
        moments = changes.values_list("price_changes_at", flat=True).distinct()
        return list(moments.order_by("price_changes_at")[:MOST_MOMENTS])

    def products_to_preview(self) -> Q:
        """Whose prices count: by default any product's may."""
        return Q()

    def shown_as(self, mode: str | None) -> AbstractContextManager[None]:
        from catalog.rehearsal import rehearsal

        if at := moment_of(mode):
            # Listings sort and filter by columns that tell today's prices.
            return rehearsal(at)
        return super().shown_as(mode)


class CategoryPreviewsMixin(ListingPreviewsMixin):
    def products_to_preview(self) -> Q:
        # A category that is just being made has no place in the tree yet, and no products.
        return Q(pages__path__startswith=self.path) if self.path else Q(pk__in=[])


class ProductPreviewsMixin(PreviewsMixin):
    """As a shopper, as sold out, at its next prices, as a member, and as a card."""

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [
            *super().preview_modes,
            (SOLD_OUT, _("As sold out")),
            (MEMBER, _("As a member")),
            (CARD, _("As a product card")),
        ]

    def moments_to_preview(self) -> list[datetime]:
        if self.product_id is None:
            return []
        from catalog.models.prices import Price

        now = timezone.now()
        of_product = Price.objects.standing().filter(
            sku__product=self.product_id, currency=settings.SHOP_CURRENCY
        )
        begins = of_product.filter(valid_from__gt=now).values_list("valid_from", flat=True)
        ends = of_product.filter(valid_until__gt=now).values_list("valid_until", flat=True)
        # An entry that another one follows or that nobody sees may end: harmless to show.
        return sorted({*begins.distinct(), *ends.distinct()})[:MOST_MOMENTS]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        if mode_name == MEMBER:
            request.user = _member()
        return super().serve_preview(request, mode_name)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        if mode_name == CARD:
            return "catalog/preview_card.html"
        return super().get_preview_template(request, mode_name)

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context = super().get_preview_context(request, mode_name)
        if mode_name == CARD:
            context["cards"] = self._among_others()
        return context

    def _among_others(self) -> list[Any]:
        """The draft's card, and a few of those that it will stand beside."""
        from catalog.cards import cards

        parent = self.get_parent() if self.path else None
        others = type(self).objects.live().exclude(product=self.product_id)
        if parent is not None:
            others = others.child_of(parent)
        own, *beside = cards([self, *others.order_by("-pk")[:CARDS_BESIDE]])
        # The draft's picture, which no other reader of the database knows yet.
        first = next(iter(self.gallery.all()), None)
        picture = first.image if first else None
        alt_text = (first.alt_text or picture.description or self.title) if first else ""
        return [replace(own, page=self, picture=picture, alt_text=alt_text), *beside]


def _member() -> Any:
    """Somebody who is signed in and has no business in the admin; never saved."""
    return get_user_model()(pk=0, username="member", is_active=True)
