"""The import of a whole file: attributes and categories, then products, then links between them."""

from collections.abc import Callable

from django.conf import settings
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from . import detect, pages
from .drafts import CategoryDraft, Contents
from .formats import OWN
from .library import Library
from .more import Extras
from .pictures import NoPictureError, PictureFolder
from .report import Report
from .rows import Table
from .run import Import


class WholeImport:
    """One run over one file. ``folder`` is None where no folder of pictures was given."""

    def __init__(
        self, table: Table, report: Report, parent: Page, folder: PictureFolder | None = None
    ) -> None:
        self.table, self.report, self.parent = table, report, parent
        self.contents: Contents = detect.contents(table, report, settings.SHOP_CURRENCY)
        # All that the rows say is in there: the file need not be held any longer.
        table.rows.clear()
        # Only a file of our own may mean pictures of our own by their addresses.
        self.pictures = Library(folder) if table.format.name == OWN.name else folder
        self.extras = Extras(parent, report, table)
        self.products = Import(table, report, parent, self.pictures, self.extras)

    def run(self, done: Callable[[], object] = lambda: None) -> None:
        """Write all; ``done`` is called after each product.

        The products of ``contents`` are let go as they are written.
        """
        contents = self.contents
        with disable_reference_index_auto_update():
            self.define()
        linking = [draft for draft in contents.products if pages.links_to_others(draft)]
        self.products.run(contents.products, done, is_emptied=True)
        with disable_reference_index_auto_update():
            pages.link_all(linking, contents.categories, self.extras)

    def define(self) -> None:
        """Attributes and categories, before the first product needs one."""
        self.extras.attributes.define(self.contents.attributes)
        for draft in self.contents.categories:
            self.extras.categories.define([draft], self._pictures(draft))

    def _pictures(self, draft: CategoryDraft) -> dict:
        blocks = [*(draft.above or ()), *(draft.below or ())]
        found = {}
        for source in dict.fromkeys([draft.picture, *(block.picture for block in blocks)]):
            if source and self.pictures:
                try:
                    found[source] = self.pictures.get(source)
                except NoPictureError as error:
                    self.report.picture(draft.line, self.table.name("picture"), f"{error}.")
        return found
