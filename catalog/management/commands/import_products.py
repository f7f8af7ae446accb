"""Turn a file of products, from Shopify, WooCommerce or this shop, into live pages."""

import logging
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from wagtail.models import Page, Site

from catalog.importing import detect
from catalog.importing.pictures import PictureFolder
from catalog.importing.report import Report, counted
from catalog.importing.whole import WholeImport
from catalog.models import CategoryPage

INTERRUPTED = 130
NOTHING = 1


class Command(BaseCommand):
    help = (
        "Import products from a CSV of Shopify or WooCommerce, or a CSV or XLSX of this shop "
        "(export_products); importing it again changes nothing. "
        "The exit code is 0 if anything was imported or already there, however many rows were "
        "bad; 1 if nothing at all could be imported; 130 if interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV or XLSX file")
        parser.add_argument(
            "--images",
            type=Path,
            metavar="DIR",
            help="take pictures from this folder, by the last part of their addresses",
        )
        parser.add_argument(
            "--parent",
            metavar="PAGE",
            help="ID or slug of the page to put new categories under (default: the home page)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file, folder = options["file"], options["images"]
        if folder and not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        parent = _parent(options["parent"])
        try:
            table = detect.read(file)
        except detect.UnusableFileError as error:
            raise CommandError(str(error)) from error
        report = Report(file.name)
        work = WholeImport(table, report, parent, PictureFolder(folder) if folder else None)
        interrupted = False
        total, hidden = len(work.contents.products), not sys.stderr.isatty()
        with (
            quiet_log(),
            tqdm(total=total, unit=" products", disable=hidden) as bar,
        ):
            try:
                work.run(bar.update)
            except KeyboardInterrupt:
                interrupted = True
        self.stdout.write(str(report))
        if interrupted:
            done = counted(sum(report.outcomes.values()), "product")
            raise CommandError(
                f"Interrupted after {done}; import the file again to go on.",
                returncode=INTERRUPTED,
            )
        if report.is_failure:
            raise CommandError("Nothing could be imported.", returncode=NOTHING)


@contextmanager
def quiet_log() -> Iterator[None]:
    """Keep Wagtail from logging a line for each page: the report says it better."""
    logger = logging.getLogger("wagtail")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def _parent(name: str | None) -> Page:
    """The page that new categories are put under."""
    if name is None:
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        if site is None:
            raise CommandError("There is no default site: name a page with --parent.")
        page = site.root_page
    else:
        found = Page.objects.filter(pk=name) if name.isdecimal() else Page.objects.filter(slug=name)
        if len(found) != 1:
            raise CommandError(f'--parent: {len(found) or "no"} pages are called "{name}".')
        page = found[0]
    page = page.specific
    if not CategoryPage.can_create_at(page):
        raise CommandError(f'Categories cannot be put under "{page.title}".')
    return page
