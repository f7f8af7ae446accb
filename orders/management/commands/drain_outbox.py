from django.core.management.base import BaseCommand

from orders import outbox


class Command(BaseCommand):
    help = "Send the mails that are due, for cron and for shops without Celery."

    def handle(self, *args: object, **options: object) -> None:
        done = 0
        while count := outbox.drain():
            done += count
        self.stdout.write(f"{done} done")
