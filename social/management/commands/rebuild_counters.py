"""Fill Redis from the database: views, rankings, and what was bought together."""

from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError

from social import rebuilding


class Command(BaseCommand):
    help = "Write the counters in Redis anew from the database. The shop may stay open meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            products = rebuilding.rebuild()
        except redis.RedisError as error:
            raise CommandError(f"Redis cannot be reached: {error}") from error
        self.stdout.write(f"Written: the counters of {products} products.")
