"""Count followers and followed anew, as the contacts say."""

from typing import Any

from django.core.management.base import BaseCommand

from social import contacts


class Command(BaseCommand):
    help = "Count anew how many followers members have, and how many they follow."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = contacts.recount()
        self.stdout.write(f"Counted. {wrong} counts were wrong and are right now.")
