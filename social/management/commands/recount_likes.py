"""Count the likes of products anew, as their rows say."""

from typing import Any

from django.core.management.base import BaseCommand

from social import likes


class Command(BaseCommand):
    help = "Count anew how many members like each product."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = likes.recount()
        self.stdout.write(f"Counted. {wrong} numbers were wrong and are right now.")
