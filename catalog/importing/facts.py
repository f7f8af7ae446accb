"""SKUs, prices and stock of one product: what the file would change, and the change itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from catalog import listing, prices, stock
from catalog.models import Picture, Price, Product, Sku, Stock, StockMovement
from catalog.prices import NewPrice

from .codes import candidates
from .drafts import Draft, Variant
from .inserting import create
from .more import SKU_FIELDS, STOCK_FIELDS, Extras, KnownMore, recount, without_clashes
from .report import Problem

Sell = Stock.WhenSoldOut
FIELDS = ["code", "option1", "option2", "option3", "barcode", "weight", "picture_id", *SKU_FIELDS]
KEPT_WITH_STOCK = ["when_sold_out", "imported", *STOCK_FIELDS]


@dataclass
class Changes:
    """What must be written for a product's SKUs to be as the file says; nothing if empty."""

    # The columns of the product itself that the file changes.
    product: list[str] = field(default_factory=list)
    new: list[Sku] = field(default_factory=list)
    changed: list[Sku] = field(default_factory=list)
    prices: list[NewPrice] = field(default_factory=list)
    # Prices with a beginning or an end, for the ledger as they are.
    windows: list[Price] = field(default_factory=list)
    on_hand: list[tuple[Sku, int]] = field(default_factory=list)
    stocks: list[Stock] = field(default_factory=list)
    restocked: list[Stock] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)

    def __bool__(self) -> bool:
        lists = (self.product, self.new, self.changed, self.prices, self.windows)
        return any((*lists, self.on_hand, self.stocks, self.restocked))


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
    extras: Extras,
    more: KnownMore,
) -> Changes:
    changes = Changes()
    changes.product = extras.describe_product(product, draft) if product else []
    accepted: list[Variant] = []
    for variant in draft.variants:
        owner = codes.owners.get(variant.code.lower())
        if owner and (product is None or owner[0] != product.pk):
            reason = f'"{variant.code}" is a SKU of another product, {owner[1]}.'
            changes.refused.append(Problem(variant.line, sku_column, reason))
        else:
            accepted.append(variant)
    matched, clashing = without_clashes(_matched(accepted, skus), skus)
    for variant, code in clashing:
        reason = f'has the options of "{code}", which another row would have to change first.'
        changes.refused.append(Problem(variant.line, sku_column, reason))
    for position, (variant, sku) in enumerate(matched):
        if sku is None:
            sku = Sku(position=position, code=variant.code or codes.make(draft, variant))
            # As with_prices() would read them: the ledger has nothing of a new SKU.
            sku.regular_price = sku.sale_price = None
            changes.new.append(sku)
        before = [getattr(sku, name) for name in FIELDS]
        _describe(sku, variant, pictures)
        extras.describe_sku(sku, variant)
        if sku.pk and before != [getattr(sku, name) for name in FIELDS]:
            changes.changed.append(sku)
        if variant.windows:
            changes.windows += extras.prices(sku, variant, more)
        else:
            _plan_price(sku, variant, changes)
        _plan_stock(sku, variant, changes, extras)
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


def _plan_stock(sku: Sku, variant: Variant, changes: Changes, extras: Extras) -> None:
    row: Stock | None = getattr(sku, "stock", None)
    if row is None:
        row = Stock(sku=sku, when_sold_out=Sell.SELL_ON if variant.sells_on else Sell.STOP)
        changes.stocks.append(row)
    before = [getattr(row, name) for name in KEPT_WITH_STOCK]
    extras.describe_stock(row, variant)
    if variant.sells_on is not None:
        row.when_sold_out = Sell.SELL_ON if variant.sells_on else Sell.STOP
    if difference := recount(row, variant):
        changes.on_hand.append((sku, difference))
    if row.pk and before != [getattr(row, name) for name in KEPT_WITH_STOCK]:
        changes.restocked.append(row)


def write(entries: Sequence[tuple[Product, Changes]], source: str) -> None:
    """Write what is planned for products, in the caller's transaction, with the same few
    queries for one as for a hundred; ``source`` goes into the ledgers.
    """
    for product, changes in entries:
        for sku in changes.new:
            sku.product = product
    of_all = _together([changes for _product, changes in entries])
    _park(of_all.changed)
    create(of_all.new)
    for sku in of_all.changed:
        sku.save(update_fields=[name.removesuffix("_id") for name in FIELDS])
    with listing.refresh_once():
        listing.refresh([product.pk for product, _changes in entries])
        _write_stock(of_all, source[:64])
        for price in of_all.windows:
            price.sku = price.sku
        Price.objects.bulk_create(of_all.windows)
        prices.set_prices(of_all.prices, reason=f"Import of {source}"[:255])


def _together(planned: Sequence[Changes]) -> Changes:
    if len(planned) == 1:
        return planned[0]
    names = [each.name for each in fields(Changes)]
    return Changes(**{name: [x for each in planned for x in getattr(each, name)] for name in names})


def _write_stock(changes: Changes, reference: str) -> None:
    on_hand = {id(sku): (sku, number) for sku, number in changes.on_hand}
    for row in changes.stocks:
        # Now that it has a key. To set the key alone would forget the SKU, and read it again.
        row.sku = row.sku
        # A SKU that had no stock row has what the file says, and no rival that sells it.
        _sku, row.on_hand = on_hand.pop(id(row.sku), (row.sku, 0))
    reason = StockMovement.Reason.IMPORT
    stock.begin(changes.stocks, reason=reason, reference=reference)
    Stock.objects.bulk_update(changes.restocked, KEPT_WITH_STOCK)
    stock.adjust(dict(on_hand.values()), reason=reason, reference=reference)


def _park(changed: Sequence[Sku]) -> None:
    """Variants may exchange codes or options, or leave theirs to a new one: out of the way
    first, or one would meet the other.
    """
    parked = Concat(Value("\x7f"), Cast("pk", CharField()))
    moved = [sku.pk for sku in changed]
    if moved:
        Sku.objects.filter(pk__in=moved).update(code=parked, option1=parked)
