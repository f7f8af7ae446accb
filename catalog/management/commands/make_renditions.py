"""Make the sizes of pictures that lack some, here and now instead of by the workers."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from catalog import rendition_work
from catalog.importing.report import counted
from catalog.models import Picture, RenditionWork

AT_ONCE = 1000
# While workers have the last pictures in hand (seconds).
PAUSE = 0.5


class Command(BaseCommand):
    help = (
        "Make the sizes of all pictures that lack some: after an update that brings new sizes, or "
        "after files were copied here without them. It may run beside the workers, and twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            help="look at every picture, also at those that could not be made before",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            keys = list(Picture.objects.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(keys), AT_ONCE):
                rendition_work.owe(keys[start : start + AT_ONCE], afresh=True)
        else:
            while rendition_work.owe_missing():
                pass
        count = 0
        total = RenditionWork.objects.count()
        with tqdm(total=total, unit=" pictures", disable=not sys.stderr.isatty()) as bar:
            while rendition_work.is_owed() or rendition_work.is_in_hand():
                for is_complete in rendition_work.work(None):
                    count += is_complete
                    bar.update(is_complete)
                if rendition_work.is_in_hand():
                    time.sleep(PAUSE)
        self.stdout.write(f"Made the sizes of {counted(count, 'picture')}.")
        for row in RenditionWork.objects.exclude(problem="").select_related("picture"):
            name = f"{row.picture.title} ({row.picture.file.name})"
            self.stderr.write(f"{name} could not be made: {row.problem}")
