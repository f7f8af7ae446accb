from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from catalog.tests.factories import make_category, make_page, make_sku
from tests.shop import Inbox, Shop, free_port


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    handler = Inbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def shop(tmp_path: Path, inbox: Inbox) -> Iterator[Shop]:
    processes = Shop(tmp_path, inbox.port)
    yield processes
    processes.stop()


@pytest.fixture
def poster():
    """A live product with two variants, one of them reduced."""
    page = make_page("Dune at dawn", make_category("Posters"))
    make_sku(page, "DUNE-A3", price="25.00", option1="A3", on_hand=9)
    make_sku(page, "DUNE-A2", price="39.50", compare_at="45.00", option1="A2", on_hand=9)
    return page
