"""Write drafts of products into the shop: one product, one transaction."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from catalog import stock
from catalog.models import Picture, Product
from catalog.stock import OutOfStockError

from . import facts, story
from .known import Known, code_owners, load
from .pictures import NoPictureError, PictureFolder
from .report import UNEXPECTED, Report, counted
from .rows import Table
from .shelves import Shelves
from .shopify import Draft, Variant

logger = logging.getLogger(__name__)
# So many products are compared with the shop at once.
BATCH = 100
HELD_BACK = (
    "An editor is at work on the page, or took it offline: prices and stock were imported, "
    "words were not"
)
NOTHING_TO_SELL = "None of its rows could become a SKU: the page is kept as a draft"


@dataclass
class Plan:
    story: story.Changes
    facts: facts.Changes
    # Whether an editor's unfinished work keeps the words from being written.
    is_held: bool = False
    has_skus: bool = True

    @property
    def is_empty(self) -> bool:
        return not self.story and not self.facts


@dataclass
class Import:
    """One run over one file. ``pictures`` is None where no folder was given."""

    table: Table
    report: Report
    parent: Page
    pictures: PictureFolder | None = None

    def run(self, drafts: Sequence[Draft], done: Callable[[], object] = lambda: None) -> None:
        """Write all drafts; ``done`` is called after each. If interrupted, the last is undone."""
        self.shelves = Shelves(self.parent)
        self.in_file = {variant.code.lower() for draft in drafts for variant in draft.variants}
        self.given: dict[str, Variant] = {}
        if self.pictures is None:
            self._count_pictures(drafts)
        with disable_reference_index_auto_update():
            for start in range(0, len(drafts), BATCH):
                self._import_all(drafts[start : start + BATCH], done)

    def _import_all(self, batch: Sequence[Draft], done: Callable[[], object]) -> None:
        try:
            known = load(batch, self.parent.locale)
            codes = facts.Codes(code_owners(batch), self.in_file, self.given)
        except Exception:
            logger.exception("The shop could not be asked for %d products at once", len(batch))
            if len(batch) > 1:
                # What is wrong with one of them shall not stop the others.
                for draft in batch:
                    self._import_all([draft], done)
                return
            self._skip(batch[0], UNEXPECTED)
            done()
            return
        for draft in batch:
            self._import(draft, known[draft.handle], codes)
            done()

    def _import(self, draft: Draft, known: Known, codes: facts.Codes) -> None:
        try:
            outcome, plan = self._write(draft, known, codes, self._pictures(draft))
        except (ValidationError, OutOfStockError, DatabaseError) as error:
            self._skip(draft, _reason(error))
            return
        except Exception:
            logger.exception("Line %d, %s: could not be imported", draft.line, draft.handle)
            self._skip(draft, UNEXPECTED)
            return
        self.report.outcomes[outcome] += 1
        self.report.bad_rows += plan.facts.refused
        if plan.is_held:
            self.report.note(HELD_BACK, draft.line)
        if draft.live and not plan.has_skus:
            self.report.note(NOTHING_TO_SELL, draft.line)

    def _skip(self, draft: Draft, reason: str) -> None:
        self.report.bad_row(draft.line, "", reason)
        self.report.outcomes["skipped"] += 1

    def _write(
        self, draft: Draft, known: Known, codes: facts.Codes, pictures: dict[str, Picture]
    ) -> tuple[str, Plan]:
        plan = self._plan(draft, known, codes, pictures)
        if known.product and plan.is_empty:
            return "unchanged", plan
        category = None if known.page else self.shelves.category(draft.category)
        with transaction.atomic():
            if known.product:
                # Locked and read again: since the batch was read somebody may have been at it.
                stock.lock(known.product)
                Product.objects.select_for_update().get(pk=known.product.pk)
                known = load([draft], self.parent.locale)[draft.handle]
                plan = self._plan(draft, known, codes, pictures)
            product = known.product or Product.objects.create(handle=draft.handle)
            if plan.facts:
                facts.write(product, plan.facts, self.report.name)
            if category:
                story.create(category, product, draft, plan.story)
            elif known.page and plan.story:
                story.update(known.page, plan.story)
        return "updated" if known.product else "created", plan

    def _plan(
        self, draft: Draft, known: Known, codes: facts.Codes, pictures: dict[str, Picture]
    ) -> Plan:
        column = self.table.name("sku")
        of_facts = facts.plan(draft, known.skus, known.product, codes, pictures, column)
        has_skus = bool(known.skus or of_facts.new)
        # A page that never had anything to sell is not shown to shoppers.
        live = draft.live and has_skus
        of_story = story.plan(draft, known, live, self.shelves, pictures)
        if not (known.page and of_story and story.is_held(known.page)):
            return Plan(of_story, of_facts, has_skus=has_skus)
        # To take a page offline loses no work of an editor; anything else would.
        only_offline = story.Changes(live=False if known.page.live and not live else None)
        return Plan(only_offline, of_facts, is_held=True, has_skus=has_skus)

    def _pictures(self, draft: Draft) -> dict[str, Picture]:
        """The draft's pictures by their address; those that cannot be had go to the report."""
        if self.pictures is None:
            return {}
        wanted = {picture.source: (picture.line, "image") for picture in draft.pictures}
        for variant in draft.variants:
            if variant.picture:
                wanted.setdefault(variant.picture, (variant.line, "variant_image"))
        found = {}
        for source, (line, column) in wanted.items():
            try:
                found[source] = self.pictures.get(source)
            except NoPictureError as error:
                self.report.picture(line, self.table.name(column), f"{error}.")
        return found

    def _count_pictures(self, drafts: Sequence[Draft]) -> None:
        sources = {picture.source for draft in drafts for picture in draft.pictures}
        sources |= {variant.picture for draft in drafts for variant in draft.variants}
        if count := len(sources - {""}):
            self.report.remarks.append(f"{counted(count, 'picture')} not fetched (no --images).")


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        # A page says the same of its title, slug and draft title.
        return " ".join(dict.fromkeys(error.messages))
    if isinstance(error, OutOfStockError):
        return f"The stock of {error} changed at the same moment; import the file again."
    return f"The database refused it: {' '.join(str(error).split())}"
