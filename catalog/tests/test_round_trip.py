"""Export, an empty shop, import: the same catalogue, from the files of others and from our own."""

from contextlib import suppress
from dataclasses import asdict
from itertools import chain, count, islice, repeat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.importing import detect
from catalog.importing.report import Report
from catalog.models import Picture, ProductOption, ProductPage
from catalog.tests.catalogue import catalogue, wipe
from catalog.tests.everything import HOSTILE, make_everything
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.test_exporting_cells import naughty
from catalog.tests.test_import_products import counts, written
from catalog.tests.test_importing_files import FOLDER, shortened

FILES = sorted([*FOLDER.glob("*.csv"), *(FOLDER.parent / "woocommerce").glob("*.csv")]) or [None]
# Enough of each file to have all its kinds of rows.
MOST_HANDLES = 15
NUMBERS = count(1)

pytestmark = pytest.mark.django_db


def exported(folder: Path, suffix: str = "csv") -> Path:
    path = folder / f"export-{next(NUMBERS)}.{suffix}"
    call_command("export_products", str(path), "--cost")
    return path


def said(path: Path) -> Any:
    """All that a file says, but for the lines at which it says so."""
    return without_lines(asdict(detect.contents(detect.read(path), Report(""), "EUR")))


def without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_lines(inner) for key, inner in value.items() if key != "line"}
    if isinstance(value, list | tuple):
        return [without_lines(inner) for inner in value]
    return value


@pytest.mark.real_files
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem if path else "none")
def test_a_file_of_others_comes_through_an_export_unchanged(path, tmp_path, capsys):
    file, _handles = shortened(path, tmp_path / path.name, MOST_HANDLES)
    with suppress(CommandError):
        call_command("import_products", str(file))
    before = catalogue()
    first, book = exported(tmp_path), exported(tmp_path, "xlsx")
    assert said(book) == said(first)

    wipe()
    assert not ProductPage.objects.exists()
    if before[".products (how many)"]:
        capsys.readouterr()
        call_command("import_products", str(first))
        assert "bad row" not in capsys.readouterr().out

    assert catalogue() == before
    assert exported(tmp_path).read_bytes() == first.read_bytes()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_catalogue_that_uses_everything_comes_through(suffix, tmp_path, capsys, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_everything()
    first, book = exported(tmp_path), exported(tmp_path, suffix)
    before = catalogue()

    wipe()
    capsys.readouterr()
    call_command("import_products", str(book))
    report = capsys.readouterr().out

    assert "bad row" not in report
    assert "not imported" not in report
    assert catalogue() == before
    assert exported(tmp_path).read_bytes() == first.read_bytes()


def test_pictures_come_from_a_folder_where_the_shop_has_none(tmp_path, capsys, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_everything()
    first, before = exported(tmp_path), catalogue()

    wipe()
    Picture.objects.all().delete()
    folder = tmp_path / "pictures"
    (tmp_path / "media" / "original_images").rename(folder)
    call_command("import_products", str(first), "--images", str(folder))

    assert catalogue() == before
    assert exported(tmp_path).read_bytes() == first.read_bytes()


def test_an_export_imported_where_it_came_from_changes_nothing(tmp_path, capsys, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_everything()
    file, before, rows = exported(tmp_path), catalogue(), written()
    capsys.readouterr()

    call_command("import_products", str(file))

    assert catalogue() == before
    assert written() == rows
    assert counts(capsys.readouterr().out)["unchanged"] == 3


@pytest.mark.real_files
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_hostile_texts_come_through(suffix, tmp_path, capsys):
    # As a form would keep them: without spaces at the ends, and never a NUL byte.
    texts = [text.replace("\0", "")[:64].strip() for text in [*HOSTILE, *naughty()]]
    category = make_category("Texts")
    every = iter(filter(None, texts))
    while first := next(every, ""):
        title, summary, option1, option2, option3, alt, barcode = islice(
            chain([first], every, repeat("")), 7
        )
        page = make_page(
            title,
            category,
            summary=summary,
            seo_title=alt,
            search_description=summary,
            slug=f"text-{next(NUMBERS)}",
            first_published_at=timezone.now(),
            options=[ProductOption(name=name) for name in ("A", "B", "C")],
        )
        options = {"option1": option1, "option2": option2, "option3": option3}
        make_sku(page, **options, barcode=barcode, on_hand=1)
    file = exported(tmp_path, suffix)
    before = catalogue()

    wipe()
    call_command("import_products", str(file))

    assert catalogue() == before
