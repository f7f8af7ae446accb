"""Write the index of the search anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from search import indexing

WIDTH = 40


class Command(BaseCommand):
    help = "Write the words of all pages anew, by which shoppers find them. The shop may stay open."

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        total = max(indexing.number_of_pages(), 1)
        done = 0

        def advance(number: int) -> None:
            nonlocal done
            done += number
            if options["verbosity"] and self.stdout.isatty():
                filled = "#" * (WIDTH * done // total)
                self.stdout.write(f"\r[{filled:<{WIDTH}}] {done} of {total}", ending="")
                self.stdout.flush()

        kept = indexing.rebuild(advance)
        if options["verbosity"]:
            ending = "\n" if self.stdout.isatty() else ""
            seconds = time.monotonic() - start
            self.stdout.write(f"{ending}{kept} pages can be found. It took {seconds:.0f} s.")
