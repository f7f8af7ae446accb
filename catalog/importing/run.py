"""Write drafts of products into the shop: new ones many at a time, others one by one."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from catalog import stock
from catalog.models import Product
from catalog.stock import OutOfStockError

from . import facts, story, together
from .drafts import Draft
from .indexing import Search
from .more import Extras
from .pictures import PictureFolder
from .planning import Plan, Planner, Shop
from .planting import check
from .report import UNEXPECTED, Report
from .rows import Table

logger = logging.getLogger(__name__)
# So many products are compared with the shop at once, and those that are new are written in
# one transaction: on SQLite no one else can write for as long as that takes.
BATCH = 50
HELD_BACK = (
    "An editor is at work on the page, or took it offline: prices and stock were imported, "
    "words were not"
)
NOTHING_TO_SELL = "None of its rows could become a SKU: the page is kept as a draft"


@dataclass
class Import:
    """One run over one file. ``pictures`` is None where no folder was given."""

    table: Table
    report: Report
    parent: Page
    pictures: PictureFolder | None = None
    # What the file says beyond Shopify's format; made here where nobody has one.
    extras: Extras | None = None
    # Whether new products are written many at a time: faster, and to the same end.
    is_in_batches: bool = True
    search: Search = field(default_factory=Search)

    def run(
        self,
        drafts: list[Draft],
        done: Callable[[], object] = lambda: None,
        *,
        is_emptied: bool = False,
    ) -> None:
        """Write all drafts; ``done`` is called once for each that is written or was skipped.

        Where it is interrupted, the products in hand are undone, at most ``BATCH`` of them.
        An error that ``done`` raises ends the run after what is written. Where the list may
        be ``is_emptied``, a long one is not held in memory to the end.
        """
        self.extras = self.extras or Extras(self.parent, self.report, self.table)
        self.planner = Planner(self.table, self.report, self.parent, self.pictures, self.extras)
        self.planner.expect(drafts)
        with disable_reference_index_auto_update():
            start = 0
            while batch := drafts[start : start + BATCH]:
                self._import_all(batch, done)
                if is_emptied:
                    del drafts[:BATCH]
                else:
                    start += BATCH

    def _import_all(self, batch: Sequence[Draft], done: Callable[[], object]) -> None:
        try:
            shop = self.planner.look_up(batch)
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
        new = [draft for draft in batch if shop.known[draft.handle].product is None]
        if len(new) == 1 or not self.is_in_batches:
            new = []
        begun = {draft.handle for draft in new}
        for draft in batch:
            if draft.handle not in begun:
                self._import(draft, shop)
                done()
        if new:
            self._import_new(new, shop, done)

    def _import_new(self, drafts: Sequence[Draft], shop: Shop, done: Callable[[], object]) -> None:
        """All in one transaction; if that fails, each half of them in one, down to each alone."""
        mark = self.report.mark()
        prepared = dict(self._prepared(drafts, shop))
        try:
            with transaction.atomic():
                together.write(list(prepared.values()), self.report.name, self.search)
        except Exception as error:  # noqa: BLE001 - each alone will say what is wrong with it
            logger.info("%d products are not written together: %s", len(prepared), error)
            self.report.back_to(mark)
            # A rival, or an editor, may have changed what they were compared with.
            self.planner.forget()
            middle = (len(drafts) + 1) // 2
            for half in (drafts[:middle], drafts[middle:]):
                self._import_all(half, done)
            return
        for draft in drafts:
            if draft.handle in prepared:
                self._tell(draft, "created", prepared[draft.handle].plan)
            else:
                # Alone it will say what is wrong with it.
                self._import(draft, shop)
        for _draft in drafts:
            done()

    def _prepared(
        self, drafts: Sequence[Draft], shop: Shop
    ) -> Iterator[tuple[str, together.NewProduct]]:
        """Those, by handle, with which nothing wrong can be seen before they are written."""
        for draft in drafts:
            mark = self.report.mark()
            try:
                plan = self.planner.plan(
                    draft, shop.known[draft.handle], shop, self.planner.pictures_of(draft)
                )
                category = self.planner.category(draft)
                product = self._product(draft, None)
                page = story.new_page(category.locale, product, draft, plan.story)
                check(page)
            except Exception as error:  # noqa: BLE001 - alone it will say what is wrong with it
                logger.info("Line %d, %s: %s", draft.line, draft.handle, error)
                self.report.back_to(mark)
            else:
                yield draft.handle, together.NewProduct(plan, category, product, page)

    def _import(self, draft: Draft, shop: Shop, *, is_last_try: bool = False) -> None:
        mark = self.report.mark()
        try:
            outcome, plan = self._write(draft, shop)
        except (ValidationError, OutOfStockError, DatabaseError) as error:
            if isinstance(error, DatabaseError) and not is_last_try:
                # Most of all it was a rival that wrote the same product at the same moment.
                self.report.back_to(mark)
                self.planner.forget()
                self._try_again(draft)
                return
            self._skip(draft, _reason(error))
            return
        except Exception:
            logger.exception("Line %d, %s: could not be imported", draft.line, draft.handle)
            self._skip(draft, UNEXPECTED)
            return
        self._tell(draft, outcome, plan)

    def _tell(self, draft: Draft, outcome: str, plan: Plan) -> None:
        self.report.outcomes[outcome] += 1
        self.report.bad_rows += plan.facts.refused
        if plan.is_held:
            self.report.note(HELD_BACK, draft.line)
        if draft.live and not plan.has_skus:
            self.report.note(NOTHING_TO_SELL, draft.line)

    def _try_again(self, draft: Draft) -> None:
        try:
            shop = self.planner.look_up([draft])
        except Exception:
            logger.exception("Line %d, %s: could not be looked up", draft.line, draft.handle)
            self._skip(draft, UNEXPECTED)
        else:
            self._import(draft, shop, is_last_try=True)

    def _skip(self, draft: Draft, reason: str) -> None:
        self.report.bad_row(draft.line, "", reason)
        self.report.outcomes["skipped"] += 1

    def _write(self, draft: Draft, shop: Shop) -> tuple[str, Plan]:
        known, pictures = shop.known[draft.handle], self.planner.pictures_of(draft)
        mark = self.report.mark()
        plan = self.planner.plan(draft, known, shop, pictures)
        if known.product and plan.is_empty:
            return "unchanged", plan
        category = None if known.page else self.planner.category(draft)
        with transaction.atomic():
            if known.product:
                # Locked and read again: since the batch was read somebody may have been at it.
                stock.lock(known.product)
                Product.objects.select_for_update().get(pk=known.product.pk)
                known = self.planner.again(draft)
                self.report.back_to(mark)
                plan = self.planner.plan(draft, known, shop, pictures)
            product = self._product(draft, known.product)
            if product.pk is None:
                product.save()
            elif plan.facts.product:
                product.save(update_fields=plan.facts.product)
            if plan.facts:
                facts.write([(product, plan.facts)], self.report.name)
            if category:
                story.create(category, product, draft, plan.story)
            elif known.page and plan.story:
                story.update(known.page, plan.story)
        return "updated" if known.product else "created", plan

    def _product(self, draft: Draft, product: Product | None) -> Product:
        if product is None:
            product = Product(handle=draft.handle)
            self.extras.describe_product(product, draft)
        return product


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        # A page says the same of its title, slug and draft title.
        return " ".join(dict.fromkeys(error.messages))
    if isinstance(error, OutOfStockError):
        return f"The stock of {error} changed at the same moment; import the file again."
    return f"The database refused it: {' '.join(str(error).split())}"
