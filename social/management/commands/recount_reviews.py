"""Count the reviews of products and their average anew, as the reviews say."""

from typing import Any

from django.core.management.base import BaseCommand

from social import reviews


class Command(BaseCommand):
    help = "Count anew how many reviews each product has, and their average."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = reviews.recount_all()
        self.stdout.write(f"Counted. {wrong} products were wrong and are right now.")
