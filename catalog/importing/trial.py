"""A trial run: what an import would change, product by product, and nothing written."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from catalog.exporting.cells import safe
from catalog.models import Product, ProductPage, Sku

from .drafts import Draft
from .facts import FIELDS
from .planning import Plan, Planner
from .report import UNEXPECTED
from .run import BATCH, HELD_BACK
from .shelves import Shelves
from .whole import WholeImport

# Longer texts are told by their beginning.
LONGEST = 120


@dataclass(frozen=True)
class Change:
    """One thing that would change; an empty ``what`` says what becomes of the product itself."""

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
    work.extras.attributes.define(work.contents.attributes)
    drafts = list(work.contents.products)
    planner.expect(drafts)
    for start in range(0, len(drafts), BATCH):
        yield from _of_batch(drafts[start : start + BATCH], planner, work, done)


def _of_batch(
    batch: list[Draft], planner: Planner, work: WholeImport, done: Callable[[], object]
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
            outcome = "created" if known.product is None else "updated"
            if known.product and plan.is_empty:
                outcome = "unchanged"
            work.report.outcomes[outcome] += 1
            title = draft.title or (known.page.title if known.page else draft.handle)
            if outcome == "created":
                yield Change(draft.line, title, outcome, after=_new(plan))
            elif outcome == "updated":
                for what, old, new in _differences(known, plan, before):
                    yield Change(draft.line, title, outcome, what, _shown(old), _shown(new))
        done()


def _new(plan: Plan) -> str:
    codes = [sku.code for sku in plan.facts.new]
    return ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")


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
        yield f"{new.sku.code}: {_('price')}", _price(new.sku), new.amount
        if new.compare_at is not None:
            yield f"{new.sku.code}: {_('earlier price')}", new.sku.regular_price, new.compare_at
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


def _name(field: str) -> str:
    """What an editor calls a column of the page or the SKU."""
    for model in (Sku, ProductPage, Product):
        names = {each.attname: each for each in model._meta.concrete_fields}
        names |= {each.name: each for each in model._meta.concrete_fields}
        if field in names:
            return str(names[field].verbose_name)
    return field


def _price(sku: Sku) -> Any:
    return sku.price.amount if sku.pk and sku.price else ""


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = " ".join(strip_tags(str(value)).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def changes_file(rows: Iterable[Change], path: Path, most: int) -> list[tuple[str, ...]]:
    """Write all changes as a CSV; return the first ``most`` of them to be shown."""
    shown: list[tuple[str, ...]] = []
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        names = (_("Line"), _("Product"), _("Outcome"), _("What"), _("Before"), _("After"))
        writer.writerow(names)
        for change in rows:
            row = tuple(str(part) for part in astuple(change))
            writer.writerow([safe(cell) for cell in row])
            if len(shown) < most:
                shown.append(row)
    return shown
