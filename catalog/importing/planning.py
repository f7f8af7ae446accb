"""What a file says of each product that the shop does not: compared, and not yet written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Page

from catalog.models import CategoryPage, Picture

from . import facts, story
from .drafts import Draft, Variant
from .held import is_held
from .known import Known, code_owners, load
from .more import Extras, sources
from .pictures import NoPictureError, PictureFolder
from .report import Report, counted
from .rows import Table
from .shelves import Shelves

RETIRED = "The product is retired: bring it back before you import it."


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


@dataclass(frozen=True)
class Shop:
    """The shop as it was when it was asked for some products: by handle, and by SKU code."""

    known: dict[str, Known]
    codes: facts.Codes


class Planner:
    """Compares drafts with the shop.

    Categories, brands and tags that the shop does not have are made as the first draft
    needs them, outside any product's transaction.
    """

    def __init__(
        self,
        table: Table,
        report: Report,
        parent: Page,
        pictures: PictureFolder | None,
        extras: Extras,
    ) -> None:
        self.table, self.report, self.parent = table, report, parent
        self.pictures, self.extras = pictures, extras
        self.shelves = Shelves(parent)
        # The codes of the whole file, and those that were made for rows without one.
        self.in_file: set[str] = set()
        self.given: dict[str, Variant] = {}

    def expect(self, drafts: Iterable[Draft]) -> None:
        """Know the file as a whole before its first product is compared."""
        addresses: set[str] = set()
        for draft in drafts:
            self.in_file |= {variant.code.lower() for variant in draft.variants}
            addresses |= {picture.source for picture in draft.pictures}
            addresses |= {variant.picture for variant in draft.variants}
        count = len(addresses - {""})
        if self.pictures is None and count:
            self.report.remarks.append(
                f"{counted(count, 'picture')} left out: nothing is fetched from the network, "
                "pictures come from the folder that import_products is given with --images."
            )

    def look_up(self, drafts: Sequence[Draft]) -> Shop:
        self.extras.look_up_links(drafts)
        # What another import wrote before it was read here has begun by now.
        self.extras.now = timezone.now()
        known = load(drafts, self.parent.locale)
        return Shop(known, facts.Codes(code_owners(drafts), self.in_file, self.given))

    def again(self, draft: Draft) -> Known:
        """The product as it is now, within the caller's transaction."""
        self.extras.now = timezone.now()
        return load([draft], self.parent.locale)[draft.handle]

    def forget(self) -> None:
        """Ask the shop again for what products share: something of it may be gone."""
        self.shelves = Shelves(self.parent)
        self.extras.categories.forget()

    def category(self, draft: Draft) -> CategoryPage:
        """Where a new page goes; made where it is missing."""
        return self.extras.category(draft) or self.shelves.category(draft.category)

    def plan(self, draft: Draft, known: Known, shop: Shop, pictures: dict[str, Picture]) -> Plan:
        if known.product and known.product.retired:
            raise ValidationError(RETIRED)
        column = self.table.name("sku")
        of_facts = facts.plan(
            draft, known.skus, known.product, shop.codes, pictures, column, self.extras, known.more
        )
        has_skus = bool(known.skus or of_facts.new) or self.extras.may_have_no_skus(draft)
        # A page that never had anything to sell is not shown to shoppers.
        live = draft.live and has_skus
        of_story = story.plan(draft, known, live, self.shelves, pictures, self.extras)
        if not (known.page and of_story and is_held(known.page)):
            return Plan(of_story, of_facts, has_skus=has_skus)
        # To take a page offline loses no work of an editor; anything else would.
        only_offline = story.Changes(live=False if known.page.live and not live else None)
        return Plan(only_offline, of_facts, is_held=True, has_skus=has_skus)

    def pictures_of(self, draft: Draft) -> dict[str, Picture]:
        """The draft's pictures by their address; those that cannot be had go to the report."""
        if self.pictures is None:
            return {}
        wanted = {picture.source: (picture.line, "image") for picture in draft.pictures}
        wanted |= sources(draft)
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
