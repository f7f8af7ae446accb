"""Export, an empty shop, import: the same catalogue, from the files of others and from our own."""

from contextlib import suppress
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.importing import detect
from catalog.importing.report import Report
from catalog.models import ProductPage
from catalog.tests.catalogue import catalogue, wipe
from catalog.tests.test_importing_files import FOLDER, shortened

FILES = sorted([*FOLDER.glob("*.csv"), *(FOLDER.parent / "woocommerce").glob("*.csv")]) or [None]
# Enough of each file to have all its kinds of rows.
MOST_HANDLES = 25
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem if path else "none")
def test_a_file_of_others_comes_through_an_export_unchanged(path, tmp_path, capsys):
    if path is None:
        pytest.skip("the folder shared/data beside the checkout is absent")
    file, _handles = shortened(path, tmp_path / path.name, MOST_HANDLES)
    with suppress(CommandError):
        call_command("import_products", str(file))
    before = catalogue()
    first, book = exported(tmp_path), exported(tmp_path, "xlsx")
    assert said(book) == said(first)

    wipe()
    assert not ProductPage.objects.exists()
    if before["products"]:
        capsys.readouterr()
        call_command("import_products", str(first))
        assert "bad row" not in capsys.readouterr().out

    assert catalogue() == before
    assert exported(tmp_path).read_bytes() == first.read_bytes()
