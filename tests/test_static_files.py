"""The style sheet leaves the house in one file, under a name that changes with it."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.management import call_command
from django.test import override_settings

from storefront import static_files

pytestmark = pytest.mark.once

OTHERS = ["account", "admin", "flags", "mfa", "wagtail*"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "css" / "parts").mkdir(parents=True)
    (tmp_path / "css" / "main.css").write_text(
        '@layer base;\n@import url("parts/a.css") layer(base);\nbody { margin: 0; }\n'
    )
    (tmp_path / "css" / "parts" / "a.css").write_text(
        '/* why */\na { mask: url("../../img/a.svg"); background: url("data:image/png,x"); }\n'
    )
    return tmp_path


def sources(folder: Path) -> static_files.Sources:
    storage = StaticFilesStorage(location=folder)
    return {
        str(path.relative_to(folder)): (storage, str(path.relative_to(folder)))
        for path in folder.rglob("*.*")
    }


def test_what_is_imported_takes_the_place_of_its_import_in_its_layer(folder):
    text = static_files.bundled("css/main.css", sources(folder))
    assert "@import" not in text
    assert text.index("@layer base;") < text.index("@layer base{") < text.index("body")


def test_addresses_still_lead_where_they_led(folder):
    text = static_files.bundled("css/main.css", sources(folder))
    assert 'url("../img/a.svg")' in text
    assert 'url("data:image/png,x")' in text


def test_comments_stay_in_the_house(folder):
    assert "why" not in static_files.bundled("css/main.css", sources(folder))


def test_an_import_of_nothing_is_an_error_when_files_are_collected(folder):
    (folder / "css" / "parts" / "a.css").unlink()
    with pytest.raises(KeyError):
        static_files.bundled("css/main.css", sources(folder))


@pytest.fixture
def collected(tmp_path):
    backend = {"BACKEND": "storefront.static_files.OwnStaticFilesStorage"}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path, STORAGES={"default": default, "staticfiles": backend}
    ):
        for _again in range(2):
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=OTHERS)
        yield static_files.OwnStaticFilesStorage(location=tmp_path)


def test_the_sheet_is_one_compressed_file_however_often_it_is_collected(collected, tmp_path):
    name = collected.stored_name("css/main.css")
    text = (tmp_path / name).read_text()
    assert re.fullmatch(r"css/main\.[0-9a-f]{12}\.css", name)
    assert "@import" not in text
    assert gzip.decompress((tmp_path / f"{name}.gz").read_bytes()).decode() == text


def test_every_file_that_the_sheet_asks_for_is_there(collected, tmp_path):
    text = (tmp_path / collected.stored_name("css/main.css")).read_text()
    wanted = [path for path in re.findall(r'url\("([^"]+)"\)', text) if ":" not in path]
    assert wanted
    assert all((tmp_path / "css" / path).is_file() for path in wanted)


def test_what_was_not_collected_keeps_its_plain_name(collected):
    assert collected.stored_name("wagtailadmin/css/core.css") == "wagtailadmin/css/core.css"


def test_all_style_and_all_script_together_stay_small(collected, tmp_path):
    """40 KiB each over the wire (gzip), whatever page is looked at."""

    def sent(name: str) -> int:
        path = tmp_path / collected.stored_name(name)
        compressed = path.with_name(f"{path.name}.gz")
        return (compressed if compressed.exists() else path).stat().st_size

    scripts = [f"js/{path.name}" for path in (settings.BASE_DIR / "static/js").glob("*.js")]
    assert sent("css/main.css") < 40 * 1024
    assert sum(map(sent, [*scripts, "django_htmx/htmx-2.min.js"])) < 40 * 1024
