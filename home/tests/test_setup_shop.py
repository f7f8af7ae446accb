import re
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from wagtail.models import Site

from catalog.models import Product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_owner_given(monkeypatch) -> None:
    for name in ("OWNER_USERNAME", "OWNER_EMAIL", "OWNER_PASSWORD", "DEMO"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def demo(monkeypatch) -> list[str]:
    """Which commands were called besides; the demo itself has its own tests."""
    called: list[str] = []
    monkeypatch.setattr(
        "home.management.commands.setup_shop.call_command",
        lambda name, **_options: called.append(name),
    )
    return called


def setup(*arguments: str) -> str:
    printed = StringIO()
    call_command("setup_shop", *arguments, stdout=printed)
    return printed.getvalue()


def test_the_owners_random_password_is_printed_once() -> None:
    password = re.search(r"Password +(\S+)", setup("--no-demo")).group(1)

    owner = get_user_model().objects.get()
    assert (owner.username, owner.email) == ("owner", "owner@example.com")
    assert owner.is_superuser
    assert owner.check_password(password)
    assert setup("--no-demo") == ""


def test_the_owner_can_be_given_by_the_environment(monkeypatch) -> None:
    monkeypatch.setenv("OWNER_USERNAME", "mina")
    monkeypatch.setenv("OWNER_EMAIL", "mina@example.com")
    monkeypatch.setenv("OWNER_PASSWORD", "a secret of mine")
    printed = setup("--no-demo")

    owner = get_user_model().objects.get()
    assert (owner.username, owner.email) == ("mina", "mina@example.com")
    assert owner.check_password("a secret of mine")
    assert "a secret of mine" not in printed


def test_an_empty_shop_gets_the_demo(demo: list[str]) -> None:
    setup()
    assert demo == ["load_demo"]


def test_a_shop_in_use_does_not_get_the_demo(demo: list[str]) -> None:
    setup("--no-demo")
    setup()
    assert demo == []


def test_a_shop_whose_demo_was_loaded_before_a_crash_gets_its_owner(demo: list[str]) -> None:
    Product.objects.create(handle="dune")
    setup()
    assert demo == []
    assert get_user_model().objects.filter(is_superuser=True).count() == 1


def test_the_demo_can_be_declined_by_the_environment(demo: list[str], monkeypatch) -> None:
    monkeypatch.setenv("DEMO", "0")
    setup()
    assert demo == []


@pytest.mark.parametrize(
    ("hostname", "base_url", "expected"),
    [
        ("localhost", "http://localhost:9000", ("localhost", 9000)),
        ("localhost", "http://127.0.0.1", ("127.0.0.1", 80)),
        ("localhost", "https://shop.example.com", ("localhost", 80)),
        ("shop.example.com", "http://localhost:9000", ("shop.example.com", 80)),
    ],
)
def test_only_a_local_site_follows_the_address_of_a_local_shop(
    settings, hostname: str, base_url: str, expected: tuple[str, int]
) -> None:
    Site.objects.update(hostname=hostname, port=80)
    settings.BASE_URL = base_url
    setup("--no-demo")

    site = Site.objects.get()
    assert (site.hostname, site.port) == expected
