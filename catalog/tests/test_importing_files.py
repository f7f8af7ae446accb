"""Every product CSV of the shared folder, as others wrote them; none of it is in here."""

import csv
import io
import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.importing import detect
from catalog.importing.report import Report
from catalog.models import Picture, Price, ProductPage, Sku, Stock, StockMovement
from catalog.tests.test_import_products import counts, written
from tests.services import REAL_FILES

FOLDER = REAL_FILES / "shopify"
FILES = sorted(FOLDER.glob("*.csv")) or [None]
# The whole of the largest takes more than half a minute.
MOST_HANDLES = 300

pytestmark = [pytest.mark.django_db, pytest.mark.real_files]

# What cannot become a page, by file: the products whose title row or only row is bad.
REFUSED = {
    "schemamap-shopify-products-bad-boolean.csv": 2,
    "schemamap-shopify-products-bad-price.csv": 2,
    "schemamap-shopify-products-missing-required.csv": 1,
}


def shortened(path: Path, target: Path, most: int = MOST_HANDLES) -> tuple[Path, int]:
    """The file with its first handles only, and how many; counted without the importer."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    header, *records = csv.reader(io.StringIO(text, newline=""))
    names = [name.strip().lower() for name in header]
    place = next((names.index(name) for name in ("handle", "sku") if name in names), 0)
    handles: dict[str, None] = {}
    kept = [header]
    for record in records:
        if "".join(record).strip():
            handle = record[place].strip().lower()
            if handle in handles or len(handles) < most:
                handles[handle] = None
                kept.append(record)
    if len(kept) > len(records):
        return path, len(handles)
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(kept)
    return target, len(handles)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem if path else "none")
def test_every_file_is_imported_and_a_second_time_changes_nothing(path, tmp_path, capsys):
    file, handles = shortened(path, tmp_path / path.name)

    refused = REFUSED.get(path.name, 0)
    nothing = pytest.raises(CommandError, match="Nothing could be imported")
    outcome = nothing if refused == handles else nullcontext()

    with outcome:
        call_command("import_products", str(file))
    first = counts(capsys.readouterr().out)
    before = written()
    with outcome:
        call_command("import_products", str(file))
    second = counts(capsys.readouterr().out)

    assert first == {
        "created": handles - refused, "updated": 0, "unchanged": 0, "skipped": refused,
    }  # fmt: skip
    assert ProductPage.objects.count() == handles - refused
    assert Stock.objects.count() == Sku.objects.count() > 0 or refused == handles
    assert second == {
        "created": 0, "updated": 0, "unchanged": handles - refused, "skipped": refused,
    }  # fmt: skip
    assert written() == before
    assert not Picture.objects.exists()
    assert not Price.objects.filter(amount=0).exists()
    assert not StockMovement.objects.exclude(reason="import").exists()


@pytest.mark.parametrize("name", ["mintpixels-export", "henrychris-large-export"])
def test_bodies_of_real_shops_keep_only_what_the_editor_can_write(name):
    path = FOLDER / f"{name}.csv"
    assert path.read_text(encoding="utf-8").count("style=") > 10

    drafts = detect.contents(detect.read(path), Report(""), "USD").products

    bodies = "".join(draft.body or "" for draft in drafts).lower()
    assert len(bodies) > 100_000
    assert set(re.findall(r"<(\w+)", bodies)) <= {
        "p", "br", "b", "i", "a", "h2", "h3", "h4", "ul", "ol", "li", "hr",
    }  # fmt: skip
    assert not re.search(r"<[^>]+\s(?!href=)[\w-]+=", bodies)
    assert not re.search(r'href="(?!https?:|mailto:|tel:|/|#)', bodies)
