import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from home.demo.catalogue import SHOP_NAME
from home.demo.load import NotEmptyError, load


class Command(BaseCommand):
    help = f"Fill an empty shop with the demo “{SHOP_NAME}”: products, pictures, prices and stock."

    def handle(self, *args: Any, **options: Any) -> None:
        # Three lines for each page would bury the one that matters.
        wagtail = logging.getLogger("wagtail")
        level = wagtail.level
        wagtail.setLevel(logging.WARNING)
        try:
            # disable=None: the bar shows on a terminal only.
            count = load(
                progress=lambda pictures: tqdm(pictures, desc="Drawing", unit="", disable=None)
            )
        except NotEmptyError as error:
            raise CommandError(str(error)) from error
        finally:
            wagtail.setLevel(level)
        self.stdout.write(self.style.SUCCESS(f"{SHOP_NAME} is open, with {count} products."))
