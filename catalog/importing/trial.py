"""A trial run: what an import would change, one thing after another, and nothing written."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.exporting.cells import safe
from catalog.models import CategoryPage, Product, ProductPage, Sku
from catalog.money import quantize

from . import pages
from .drafts import Draft
from .dry import Difference, pretend
from .facts import FIELDS
from .planning import Plan, Planner
from .report import UNEXPECTED, Report
from .run import BATCH, HELD_BACK, NOTHING_TO_SELL
from .shelves import Shelves
from .whole import WholeImport

# Longer texts are told by their beginning, and of many new SKUs the first.
LONGEST = 120
MOST_SKUS = 10
# What has no column of its own.
LISTS = {
    "choices": gettext_lazy("choices"),
    "related_products": gettext_lazy("related products"),
    "first_products": gettext_lazy("first products"),
}


@dataclass(frozen=True)
class Change:
    """One thing that would change; an empty ``what`` says what becomes of the product itself.

    The product may as well be a category or an attribute.
    """

    line: int
    product: str
    outcome: str
    what: str = ""
    before: str = ""
    after: str = ""


def changes(work: WholeImport, done: Callable[[], object] = lambda: None) -> Iterator[Change]:
    """What ``work.run()`` would do with each product; its report gets the counts and bad rows.

    ``done`` is called after each product. Attributes, categories, brands, tags and pictures
    that are missing are made in memory only.
    """
    work.extras.be_dry()
    if work.pictures is not None:
        work.pictures.is_dry = True
    planner = Planner(work.table, work.report, work.parent, work.pictures, work.extras)
    planner.shelves = Shelves(work.parent, is_dry=True)
    work.define()
    extras = work.extras
    for told in (*extras.attributes.differences, *extras.categories.differences):
        yield _of_definition(told)
    drafts = list(work.contents.products)
    planner.expect(drafts)
    made: dict[str, ProductPage] = {}
    for start in range(0, len(drafts), BATCH):
        yield from _of_batch(drafts[start : start + BATCH], planner, work, done, made)
    for line, page, changed in pages.to_link(drafts, work.contents.categories, extras, made):
        for name in changed:
            yield Change(line, page.title, "updated", _name(name, type(page)), "", _("changed"))


def _of_definition(told: Difference) -> Change:
    """What the file says of a category or an attribute itself."""
    model, title = type(told.instance), str(told.instance)
    if told.field:
        name = _name(told.field, model)
        return Change(told.line, title, "updated", name, _shown(told.before), _shown(told.after))
    what = _("new category") if model is CategoryPage else _("new attribute")
    return Change(told.line, title, "new", what)


def _of_batch(
    batch: list[Draft],
    planner: Planner,
    work: WholeImport,
    done: Callable[[], object],
    made: dict[str, ProductPage],
) -> Iterator[Change]:
    shop = planner.look_up(batch)
    for draft in batch:
        known = shop.known[draft.handle]
        before = {sku.pk: {name: getattr(sku, name) for name in FIELDS} for sku in known.skus}
        try:
            plan = planner.plan(draft, known, shop, planner.pictures_of(draft))
        except Exception:  # noqa: BLE001 - the import itself will say what it is
            work.report.bad_row(draft.line, "", UNEXPECTED)
            work.report.outcomes["skipped"] += 1
        else:
            work.report.bad_rows += plan.facts.refused
            if plan.is_held:
                work.report.note(HELD_BACK, draft.line)
            if draft.live and not plan.has_skus:
                work.report.note(NOTHING_TO_SELL, draft.line)
            outcome = "created" if known.product is None else "updated"
            if known.product and plan.is_empty:
                outcome = "unchanged"
            work.report.outcomes[outcome] += 1
            title = draft.title or (known.page.title if known.page else draft.handle)
            if outcome == "created":
                made[draft.handle] = pretend(ProductPage(title=title))
                yield Change(draft.line, title, outcome, after=_new(plan))
            elif outcome == "updated":
                for what, old, new in _differences(known, plan, before):
                    yield Change(draft.line, title, outcome, what, _shown(old), _shown(new))
        done()


def _new(plan: Plan) -> str:
    """What would be sold, by which it is seen whether prices were read as they are meant."""
    amounts = {id(price.sku): price.amount for price in plan.facts.windows if price.amount}
    amounts |= {id(new.sku): new.amount for new in plan.facts.prices}
    on_hand = {id(sku): count for sku, count in plan.facts.on_hand}
    told = []
    for sku in plan.facts.new[:MOST_SKUS]:
        amount = amounts.get(id(sku))
        price = _("no price") if amount is None else _amount(amount)
        count = on_hand.get(id(sku), 0)
        told.append(
            _("%(code)s: %(price)s, %(count)d on hand")
            % {"code": sku.code, "price": price, "count": count}
        )
    return "; ".join(told) + (" …" if len(plan.facts.new) > MOST_SKUS else "")


def _differences(
    known: Any, plan: Plan, before: dict[int, dict[str, Any]]
) -> Iterator[tuple[str, Any, Any]]:
    yield from _of_story(known, plan)
    for sku in plan.facts.new:
        yield sku.code, "", _("new SKU")
    for sku in plan.facts.changed:
        for name, old in before[sku.pk].items():
            if old != getattr(sku, name):
                yield f"{sku.code}: {_name(name)}", old, getattr(sku, name)
    for new in plan.facts.prices:
        yield f"{new.sku.code}: {_('price')}", _price(new.sku), _amount(new.amount)
        if new.compare_at is not None:
            earlier = new.sku.regular_price
            before = "" if earlier is None else _amount(earlier)
            earlier_price = _("earlier price")
            yield f"{new.sku.code}: {earlier_price}", before, _amount(new.compare_at)
    for price in plan.facts.windows:
        yield f"{price.sku.code}: {_('price')}", "", f"{price.amount} ({price.valid_from:%Y-%m-%d})"
    for sku, difference in plan.facts.on_hand:
        on_hand = sku.stock.on_hand if sku.pk and hasattr(sku, "stock") else 0
        yield f"{sku.code}: {_('on hand')}", on_hand, on_hand + difference
    for name in plan.facts.product:
        yield _name(name), not getattr(known.product, name), getattr(known.product, name)


def _of_story(known: Any, plan: Plan) -> Iterator[tuple[str, Any, Any]]:
    page, story = known.page, plan.story
    for name, value in story.columns.items():
        yield _name(name), getattr(page, name) if page else "", value
    if story.body is not None:
        yield _("description"), "", story.body
    if story.tags is not None:
        yield _("tags"), ", ".join(known.tags), ", ".join(tag.name for tag in story.tags)
    if story.options is not None:
        yield _("options"), ", ".join(known.options), ", ".join(story.options)
    if story.pictures:
        yield _("pictures"), "", f"+{len(story.pictures)}"
    if story.live is not None:
        yield _("live"), page.live if page else False, story.live
    if story.more:
        yield _("attributes, further categories or description"), "", _("changed")


def _name(field: str, *models: type[Model]) -> str:
    """What an editor calls a column of the page or the SKU."""
    if field in LISTS:
        return str(LISTS[field])
    for model in models or (Sku, ProductPage, Product):
        names = {each.attname: each for each in model._meta.concrete_fields}
        names |= {each.name: each for each in model._meta.concrete_fields}
        if field in names:
            return str(names[field].verbose_name)
    return field


def _price(sku: Sku) -> Any:
    return _amount(sku.price.amount) if sku.pk and sku.price else ""


def _amount(amount: Decimal) -> str:
    """With the decimals of the currency, but for a part of its smallest coin."""
    usual = quantize(amount, settings.SHOP_CURRENCY)
    return str(usual if usual == amount else amount)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = " ".join(strip_tags(str(value)).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def changes_file(
    rows: Iterable[Change], path: Path, most: int, report: Report
) -> tuple[list[tuple[str, ...]], int]:
    """Write all changes as a CSV, and what cannot be used.

    Returns the first ``most`` changes to be shown, and how many there are.
    """
    shown: list[tuple[str, ...]] = []
    count = 0
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        names = (_("Line"), _("Product"), _("Outcome"), _("What"), _("Before"), _("After"))
        writer.writerow(names)
        for count, change in enumerate(rows, start=1):
            row = tuple(str(part) for part in astuple(change))
            writer.writerow([safe(cell) for cell in row])
            if count <= most:
                shown.append(row)
        # Known only now that all rows were looked at.
        for problem in sorted([*report.bad_rows, *report.pictures]):
            cells = (problem.line, "", _("not usable"), problem.column, "", problem.reason)
            writer.writerow([safe(cell) for cell in cells])
    return shown, count
