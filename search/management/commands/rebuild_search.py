"""Write the index of the search anew."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from search import indexing
from search.engines import engine
from search.models import Pending


class Command(BaseCommand):
    help = (
        "Write the words of all pages anew, by which shoppers find them, and tell the server of "
        "SEARCH_URL where there is one. The shop may stay open."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(
            total=indexing.number_of_pages(),
            desc="Indexing",
            unit=" pages",
            file=sys.stdout,
            # Nowhere but on a terminal.
            disable=None if options["verbosity"] else True,
        ) as bar:
            kept = indexing.rebuild(bar.update)
        engine().tell()
        waiting = Pending.objects.filter(what=Pending.What.TELL).count()
        if options["verbosity"]:
            self.stdout.write(self.style.SUCCESS(f"{kept} pages can be found."))
        if waiting:
            self.stderr.write(f"The server of SEARCH_URL is still to be told of {waiting} pages.")
