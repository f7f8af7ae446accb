import logging
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from home.demo.catalogue import SHOP_NAME
from home.demo.load import NotEmptyError, load
from home.demo.pictures import Drawn, count
from search import indexing
from social import rebuilding


def _bar(pictures: Iterable[Drawn]) -> Iterable[Drawn]:
    # To standard output, which `make run` leaves on the terminal; nowhere else (disable=None).
    return tqdm(
        pictures,
        total=count(),
        desc="Drawing",
        unit=" pictures",
        file=sys.stdout,
        disable=None,
    )


class Command(BaseCommand):
    help = f"Fill an empty shop with the demo “{SHOP_NAME}”: products, prices, stock, people."

    def handle(self, *args: Any, **options: Any) -> None:
        # Three lines for each page would bury the one that matters.
        wagtail = logging.getLogger("wagtail")
        level = wagtail.level
        wagtail.setLevel(logging.WARNING)
        try:
            products = load(progress=_bar)
        except NotEmptyError as error:
            raise CommandError(str(error)) from error
        finally:
            wagtail.setLevel(level)
        # What was looked at before the demo's own time is counted in the database only.
        with suppress(redis.RedisError):
            rebuilding.rebuild()
        # No worker may be running yet.
        indexing.rebuild()
        self.stdout.write(self.style.SUCCESS(f"{SHOP_NAME} is open, with {products} products."))
