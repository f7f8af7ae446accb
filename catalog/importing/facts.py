"""SKUs, prices and stock of one product: what the file would change, and the change itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog import listing, prices, stock
from catalog.models import Picture, Product, Sku, Stock, StockMovement
from catalog.prices import NewPrice

from .codes import candidates
from .report import Problem
from .shopify import Draft, Variant

Sell = Stock.WhenSoldOut
FIELDS = ["code", "option1", "option2", "option3", "barcode", "weight", "picture_id"]


@dataclass
class Changes:
    """What must be written for a product's SKUs to be as the file says; nothing if empty."""

    new: list[Sku] = field(default_factory=list)
    changed: list[Sku] = field(default_factory=list)
    prices: list[NewPrice] = field(default_factory=list)
    on_hand: list[tuple[Sku, int]] = field(default_factory=list)
    stocks: list[Stock] = field(default_factory=list)
    restocked: list[Stock] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.new, self.changed, self.prices, self.on_hand, self.stocks, self.restocked))


@dataclass(frozen=True)
class Codes:
    """Who has which code: SKUs of the shop, rows of the file, and those given out so far."""

    owners: dict[str, tuple[int, str]]
    in_file: set[str]
    given: dict[str, Variant]

    def make(self, draft: Draft, variant: Variant) -> str:
        for code in candidates(draft.handle, variant.options):
            key = code.lower()
            if key in self.owners or key in self.in_file:
                continue
            # Planned twice, a variant gets the same code twice.
            if self.given.setdefault(key, variant) is variant:
                return code
        raise ValueError(f"No SKU code is left for {draft.handle}")


def plan(
    draft: Draft,
    skus: Sequence[Sku],
    product: Product | None,
    codes: Codes,
    pictures: dict[str, Picture],
    sku_column: str,
) -> Changes:
    changes = Changes()
    accepted: list[Variant] = []
    for variant in draft.variants:
        owner = codes.owners.get(variant.code.lower())
        if owner and (product is None or owner[0] != product.pk):
            reason = f'"{variant.code}" is a SKU of another product, {owner[1]}.'
            changes.refused.append(Problem(variant.line, sku_column, reason))
        else:
            accepted.append(variant)
    for position, (variant, sku) in enumerate(_matched(accepted, skus)):
        if sku is None:
            sku = Sku(position=position, code=variant.code or codes.make(draft, variant))
            # As with_prices() would read them: the ledger has nothing of a new SKU.
            sku.regular_price = sku.sale_price = None
            changes.new.append(sku)
        before = [getattr(sku, name) for name in FIELDS]
        _describe(sku, variant, pictures)
        if sku.pk and before != [getattr(sku, name) for name in FIELDS]:
            changes.changed.append(sku)
        _plan_price(sku, variant, changes)
        _plan_stock(sku, variant, changes)
    return changes


def _matched(variants: Sequence[Variant], skus: Sequence[Sku]) -> list[tuple[Variant, Sku | None]]:
    """Each variant with the SKU it is: the one with its code, or else the one with its options."""
    by_code = {sku.code.lower(): sku for sku in skus}
    found = {variant.line: by_code.get(variant.code.lower()) for variant in variants}
    taken = {sku.pk for sku in found.values() if sku}
    by_options = {_options(sku): sku for sku in skus if sku.pk not in taken}
    for variant in variants:
        if found[variant.line] is None:
            options = tuple(option.lower() for option in variant.options)
            found[variant.line] = by_options.get(options)
    return [(variant, found[variant.line]) for variant in variants]


def _options(sku: Sku) -> tuple[str, ...]:
    return sku.option1.lower(), sku.option2.lower(), sku.option3.lower()


def _describe(sku: Sku, variant: Variant, pictures: dict[str, Picture]) -> None:
    sku.option1, sku.option2, sku.option3 = variant.options
    if variant.code:
        sku.code = variant.code
    if variant.barcode is not None:
        sku.barcode = variant.barcode
    if variant.grams is not None:
        sku.weight = variant.grams
    if picture := pictures.get(variant.picture):
        sku.picture = picture


def _plan_price(sku: Sku, variant: Variant, changes: Changes) -> None:
    if variant.price is None:
        return
    wanted = prices.in_the_ledger(variant.price, variant.compare_at)
    if wanted != (sku.regular_price, sku.sale_price):
        changes.prices.append(NewPrice(sku, variant.price, variant.compare_at))


def _plan_stock(sku: Sku, variant: Variant, changes: Changes) -> None:
    row: Stock | None = getattr(sku, "stock", None)
    if row is None:
        row = Stock(sku=sku, when_sold_out=Sell.SELL_ON if variant.sells_on else Sell.STOP)
        changes.stocks.append(row)
    before = row.when_sold_out, row.imported
    if variant.sells_on is not None:
        row.when_sold_out = Sell.SELL_ON if variant.sells_on else Sell.STOP
    if variant.quantity is not None and variant.quantity != row.imported:
        row.imported = variant.quantity
        if variant.quantity != row.on_hand:
            changes.on_hand.append((sku, variant.quantity - row.on_hand))
    if row.pk and before != (row.when_sold_out, row.imported):
        changes.restocked.append(row)


def write(product: Product, changes: Changes, source: str) -> None:
    """Write what is planned, in the caller's transaction; ``source`` goes into the ledgers."""
    for sku in changes.new:
        sku.product = product
    Sku.objects.bulk_create(changes.new)
    for sku in changes.changed:
        sku.save(update_fields=[name.removesuffix("_id") for name in FIELDS])
    for row in changes.stocks:
        row.sku_id = row.sku.pk
    Stock.objects.bulk_create(changes.stocks)
    Stock.objects.bulk_update(changes.restocked, ["when_sold_out", "imported"])
    with listing.refresh_once():
        listing.refresh([product.pk])
        prices.set_prices(changes.prices, reason=f"Import of {source}"[:255])
        stock.adjust(
            dict(changes.on_hand),
            reason=StockMovement.Reason.IMPORT,
            reference=source[:64],
        )
