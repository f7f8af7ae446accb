"""The session cart: SKU codes and quantities. Never a price; that is the ledger's to say."""

import secrets
from collections.abc import Iterator, Set
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cart import open_carts
from catalog.models import ProductPage, Sku
from catalog.models.prices import PricePoint
from catalog.money import line_total

SESSION_KEY = "cart"
NAME_KEY = "cart name"
MAX_QUANTITY = 999
# A session is a row in the database: a script must not fill it without end.
MAX_LINES = 200


@dataclass(frozen=True)
class CartLine:
    """One SKU in the cart, as it stands now: what it costs and whether it can be bought."""

    code: str
    quantity: int
    added: datetime
    sku: Sku | None
    page: ProductPage | None
    # How many of it may be bought; 0 when it is gone or sold out.
    available: int

    @property
    def price(self) -> PricePoint | None:
        return self.sku.price if self.sku else None

    @property
    def unit_price(self) -> Decimal:
        return self.price.amount if self.price else Decimal(0)

    @property
    def total(self) -> Decimal:
        return line_total(self.unit_price, self.quantity, settings.SHOP_CURRENCY)

    @property
    def can_be_bought(self) -> bool:
        return 0 < self.quantity <= self.available

    @property
    def title(self) -> str:
        return self.page.title if self.page else self.code

    @property
    def problem(self) -> str:
        """What keeps the line from being bought, and what to do about it; empty if nothing."""
        if self.can_be_bought:
            return ""
        if self.sku is None:
            return _("This is no longer sold. Please remove it.")
        if not self.available:
            return _("This is sold out. Please remove it.")
        return ngettext(
            "Only %(count)d left. Please change the quantity.",
            "Only %(count)d left. Please change the quantity.",
            self.available,
        ) % {"count": self.available}


class Cart:
    """A shopper's cart. Reading it never creates a session; changing it does."""

    def __init__(self, session: Any) -> None:
        self._session = session

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The cart of whoever makes this request."""
        return cls(request.session)

    @property
    def _entries(self) -> dict[str, dict[str, Any]]:
        return self._session.get(SESSION_KEY) or {}

    def quantities(self) -> dict[str, int]:
        """SKU code: how many. Costs no query beyond the session's own."""
        return {code: entry["quantity"] for code, entry in self._entries.items()}

    def entries(self) -> dict[str, tuple[int, datetime]]:
        """SKU code: how many, and since when; what the price of a line depends on."""
        return {
            code: (entry["quantity"], datetime.fromisoformat(entry["added"]))
            for code, entry in self._entries.items()
        }

    def __len__(self) -> int:
        return sum(self.quantities().values())

    def __iter__(self) -> Iterator[CartLine]:
        return iter(self.lines)

    def __bool__(self) -> bool:
        return bool(self._entries)

    @cached_property
    def lines(self) -> list[CartLine]:
        """The lines in the order they were put in: few queries, whatever their number."""
        skus = [line.sku for line in self._amounts if line.sku]
        prefetch_related_objects([sku.picture for sku in skus if sku.picture], "renditions")
        pages = shown_pages({sku.product_id for sku in skus})
        prefetch_related_objects(list(pages.values()), "gallery__image__renditions")
        return [
            replace(line, page=pages.get(line.sku.product_id)) if line.sku else line
            for line in self._amounts
        ]

    @cached_property
    def _amounts(self) -> list[CartLine]:
        """The lines without their pages: all that the badge on every page needs."""
        entries = self._entries
        if not entries:
            return []
        skus = Sku.objects.with_availability().select_related("picture")
        found = {sku.code: sku for sku in skus.filter(code__in=entries)}
        return [_line(code, entry, found.get(code)) for code, entry in entries.items()]

    @property
    def can_be_bought(self) -> bool:
        """Whether there is something in it and nothing stands in the way of any line."""
        return bool(self.lines) and all(line.can_be_bought for line in self.lines)

    @property
    def total(self) -> Decimal:
        """What the lines that can be bought cost together."""
        return sum((line.total for line in self._amounts if line.can_be_bought), Decimal(0))

    @property
    def currency(self) -> str:
        return settings.SHOP_CURRENCY

    def put(self, sku: Sku, quantity: int, *, more: bool) -> tuple[int, int]:
        """Have this many, or so many ``more``, of a purchasable SKU.

        Return how many there are now and how many were wanted: fewer where not all
        can be bought; none, and nothing changed, where there is no room for another line.
        """
        with self._changing() as entries:
            entry = entries.get(sku.code)
            wanted = quantity + (entry["quantity"] if entry and more else 0)
            if entry is None and len(entries) >= MAX_LINES:
                return 0, wanted
            now = min(wanted, sku.most_to_buy(MAX_QUANTITY))
            added = entry["added"] if entry else timezone.now().isoformat()
            entries[sku.code] = {"quantity": now, "added": added}
            name = self._named()
        open_carts.hold(name, sku.code)
        return now, wanted

    def remove(self, code: str) -> bool:
        """Take a line out; False if it was not there."""
        with self._changing() as entries:
            was_there = entries.pop(code, None) is not None
        open_carts.let_go(self._name, [code])
        return was_there

    def forget(self, codes: Set[str], before: datetime) -> None:
        """Take out what was bought: lines with these codes that were put in before the order."""
        with self._changing() as entries:
            bought = [
                code
                for code in codes & entries.keys()
                if datetime.fromisoformat(entries[code]["added"]) <= before
            ]
            for code in bought:
                del entries[code]
        open_carts.let_go(self._name, bought)

    @property
    def _name(self) -> str:
        """By which open carts are told apart; says nothing of the session's own key."""
        return self._session.get(NAME_KEY, "")

    def _named(self) -> str:
        if not self._name:
            self._session[NAME_KEY] = secrets.token_hex(8)
        return self._name

    @contextmanager
    def _changing(self) -> Iterator[dict[str, dict[str, Any]]]:
        """The entries as they are in the database now, to be changed in place and saved at once.

        A session is one row that each request reads at its beginning: without this,
        of two tabs that add something at the same moment one would undo the other.
        """
        session = self._session
        with transaction.atomic():
            entries = self._locked_entries()
            before = deepcopy(entries)
            yield entries
            if entries != before or entries != self._entries:
                if entries:
                    session[SESSION_KEY] = entries
                else:
                    session.pop(SESSION_KEY, None)
                if session.session_key:
                    session.save()
                    # Else it would be saved again, as this request saw it, when it ends.
                    session.modified = False
        for read_before in ("lines", "_amounts"):
            self.__dict__.pop(read_before, None)

    def _locked_entries(self) -> dict[str, dict[str, Any]]:
        session = self._session
        if not session.session_key:
            return dict(self._entries)
        list(session.model.objects.select_for_update().filter(pk=session.session_key))
        return session.load().get(SESSION_KEY) or {}


def shown_pages(products: set[int]) -> dict[int, ProductPage]:
    """For each product the live page to show: the active language's, else the oldest.

    An alias only where there is nothing else.
    """
    pages = ProductPage.objects.live().public().filter(product__in=products)
    shown: dict[int, ProductPage] = {}
    language = get_language()

    def rank(page: ProductPage) -> tuple[bool, bool, int]:
        return page.locale.language_code != language, page.alias_of_id is not None, page.pk

    for page in sorted(pages.select_related("locale"), key=rank):
        shown.setdefault(page.product_id, page)
    return shown


def _line(code: str, entry: dict[str, Any], sku: Sku | None) -> CartLine:
    # Sold out is not gone: such a line keeps its name and its price.
    on_sale = sku is not None and sku.has_page and sku.is_active and sku.price is not None
    return CartLine(
        code=code,
        quantity=entry["quantity"],
        added=datetime.fromisoformat(entry["added"]),
        sku=sku if on_sale else None,
        page=None,
        available=sku.most_to_buy(MAX_QUANTITY) if sku and sku.is_purchasable else 0,
    )
