"""Write the catalogue to a CSV or XLSX that import_products reads."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from wagtail.models import Page

from catalog.exporting.files import FORMATS
from catalog.exporting.run import default_root, export
from catalog.importing.report import counted
from catalog.models import CategoryPage


class Command(BaseCommand):
    help = (
        "Export all products with their categories, prices and stock to a CSV or XLSX file, which "
        "import_products brings back on an empty shop. Pictures are named by their addresses."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a name that ends with .csv or .xlsx")
        parser.add_argument(
            "--category", metavar="PAGE", help="ID or slug of the only category to export"
        )
        parser.add_argument(
            "--cost", action="store_true", help="write what each SKU costs the merchant, too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.suffix.lower().lstrip(".") not in FORMATS:
            raise CommandError(f"{path} ends with neither .csv nor .xlsx.")
        root = default_root()
        if root is None:
            raise CommandError("There is no default site.")
        category = _category(options["category"], root)
        with tqdm(unit=" products", disable=not sys.stderr.isatty()) as bar:

            def done(count: int, total: int) -> None:
                bar.total = total
                bar.update(count)

            try:
                exported = export(path, root, category, with_cost=options["cost"], done=done)
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        products, rows = counted(exported.products, "product"), counted(exported.rows, "row")
        self.stdout.write(f"{path}: {products}, {rows}")


def _category(name: str | None, root: Page) -> CategoryPage | None:
    if name is None:
        return None
    pages = CategoryPage.objects.descendant_of(root)
    found = pages.filter(pk=name) if name.isdecimal() else pages.filter(slug=name)
    if len(found) != 1:
        raise CommandError(f'--category: {len(found) or "no"} categories are called "{name}".')
    return found[0]
