"""Turn a product CSV, as Shopify exports it, into live pages."""

import logging
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from wagtail.models import Page, Site

from catalog.importing import rows, shopify
from catalog.importing.pictures import PictureFolder
from catalog.importing.report import Report, counted
from catalog.importing.run import Import
from catalog.models import CategoryPage

INTERRUPTED = 130


class Command(BaseCommand):
    help = "Import products from a CSV as Shopify exports it; importing it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the product CSV")
        parser.add_argument(
            "--images",
            type=Path,
            metavar="DIR",
            help="take pictures from this folder, by the last part of Image Src",
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
            table = rows.read(file)
        except rows.UnusableFileError as error:
            raise CommandError(str(error)) from error
        report = Report(file.name)
        drafts = shopify.drafts(table, report, settings.SHOP_CURRENCY)
        work = Import(table, report, parent, PictureFolder(folder) if folder else None)
        interrupted = False
        hidden = not sys.stderr.isatty()
        with quiet_log(), tqdm(total=len(drafts), unit=" products", disable=hidden) as bar:
            try:
                work.run(drafts, bar.update)
            except KeyboardInterrupt:
                interrupted = True
        self.stdout.write(str(report))
        if interrupted:
            done = counted(sum(report.outcomes.values()), "product")
            raise CommandError(
                f"Interrupted after {done}; import the file again to go on.",
                returncode=INTERRUPTED,
            )


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
