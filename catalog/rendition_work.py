"""Who makes renditions, and of what first: rows say what is owed, workers take them one by one."""

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Least
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from catalog import bell, rendition_files, telling
from catalog.models.pictures import Picture, PictureRendition, RenditionWork
from catalog.models.products import ProductPage
from catalog.picture_sizes import FIRST, KINDS, spec_of

logger = logging.getLogger(__name__)

# Pictures of pages of words, then what listings show of the others, then the rest.
PAGES, LISTINGS, REST = 0, 1, 2
# Longer than the largest picture takes; after it its worker has died.
LEASE = timedelta(seconds=120)
# A picture that failed so often, or took its worker with it, is left alone until it is changed.
MOST_ATTEMPTS = 3
PAUSE_AFTER_FAILURE = timedelta(minutes=5)
# So many workers make renditions at once, however many there are.
MOST_WORKERS = 2
# Then mails and others have their turn (seconds).
TURN = 5.0
# So many pictures at once that were found to lack what they should have.
MOST_FOUND = 500
# What renditions depend on.
MATTERS = {
    "file",
    "focal_point_x",
    "focal_point_y",
    "focal_point_width",
    "focal_point_height",
}


def owe(
    pictures: Iterable[int], *, rank: int = LISTINGS, with_cuts: bool = False, afresh: bool = False
) -> None:
    """Owe the renditions of pictures, by their keys, as part of the caller's transaction.

    ``afresh`` tries those again that could not be made: their file may be another one now.
    """
    keys = sorted(set(pictures))
    if not keys:
        return
    rows = [RenditionWork(picture_id=key, rank=rank, with_cuts=with_cuts) for key in keys]
    RenditionWork.objects.bulk_create(rows, ignore_conflicts=True)
    changes = {"version": F("version") + 1, "rank": Least("rank", Value(rank))}
    if with_cuts:
        changes["with_cuts"] = True
    if afresh:
        changes |= {"attempts": 0, "problem": "", "due": timezone.now()}
    RenditionWork.objects.filter(picture__in=keys).update(**changes)
    transaction.on_commit(ring, robust=True)


def owe_noticed(noticed: Iterable[tuple[int, str]]) -> None:
    """Owe what pages lacked when they were shown: pairs of a picture's key and a kind."""
    whole, cut = set(), set()
    for key, kind in noticed:
        if kind in KINDS:
            (cut if KINDS[kind].ratio else whole).add(key)
    # One that was deleted since would fail the others.
    there = set(Picture.objects.filter(pk__in=whole | cut).values_list("pk", flat=True))
    owe(there - cut)
    owe(there & cut, rank=PAGES, with_cuts=True)


def owe_missing(most: int = MOST_FOUND) -> int:
    """Look for pictures that lack renditions though nobody said so; return how many were found."""
    of_picture = PictureRendition.objects.filter(image=OuterRef("pk"))
    waiting = RenditionWork.objects.filter(picture=OuterRef("pk"))
    idle = Picture.objects.filter(~Exists(waiting)).order_by("pk")
    largest = spec_of("jpeg", KINDS["product"].jpeg)
    lacking = idle.filter(~Exists(of_picture.filter(filter_spec=largest)))
    uncut = idle.filter(
        ~Exists(of_picture.filter(filter_spec=spec_of("jpeg", KINDS["tile"].jpeg))),
        pk__in=_on_pages_of_words(),
    )
    found = list(uncut.values_list("pk", flat=True)[:most])
    owe(found, rank=PAGES, with_cuts=True)
    others = list(lacking.exclude(pk__in=found).values_list("pk", flat=True)[:most])
    owe(others)
    return len(found) + len(others)


def picture_saved(instance: Picture, **signal: Any) -> None:
    """Owe what a new picture needs, and one with another file or another focal point."""
    changed = signal.get("update_fields")
    if not signal.get("raw") and (changed is None or MATTERS & set(changed)):
        owe([instance.pk], afresh=True)


def page_published(instance: Page, **signal: Any) -> None:
    """Make first what a page of words shows, once Wagtail has noted what that is."""
    if not isinstance(instance, ProductPage):
        transaction.on_commit(
            lambda: owe(_on_pages_of_words(instance), rank=PAGES, with_cuts=True), robust=True
        )


def ring() -> None:
    """Tell a worker to look. May fail: the beat rings too."""
    from catalog.tasks import make_renditions

    bell.ring(make_renditions, expires=60)


def work(seconds: float | None = TURN) -> Iterator[bool]:
    """Make what is owed until nothing is left, or so many seconds have passed.

    Yields after each picture that was worked on: whether it now has all its renditions. Several
    may do this at once, up to ``MOST_WORKERS``.
    """
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    while time.monotonic() < end and (row := _claim()):
        yield _make(row)


def is_owed() -> bool:
    """Whether a worker would find something to do now."""
    return _due().exists()


def is_in_hand() -> bool:
    """Whether a worker is making some at this moment."""
    return RenditionWork.objects.filter(leased_until__gt=timezone.now()).exists()


def failed() -> QuerySet[RenditionWork]:
    """What is given up until the picture is changed."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return RenditionWork.objects.filter(free, attempts__gte=MOST_ATTEMPTS)


def _due() -> QuerySet[RenditionWork]:
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return RenditionWork.objects.filter(free, attempts__lt=MOST_ATTEMPTS, due__lte=now)


def _claim() -> RenditionWork | None:
    now = timezone.now()
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        if RenditionWork.objects.filter(leased_until__gt=now).count() >= MOST_WORKERS:
            return None
        rows = _due().select_for_update(skip_locked=skip, of=("self",) if skip else ())
        row = rows.select_related("picture").order_by("rank", "due", "pk").first()
        if row is not None:
            row.leased_until = now + LEASE
            row.attempts += 1
            row.save(update_fields=["leased_until", "attempts"])
        return row


def _make(row: RenditionWork) -> bool:
    picture, row_now = row.picture, RenditionWork.objects.filter(pk=row.pk)
    try:
        with_cuts = row.with_cuts or bool(_on_pages_of_words(picture=picture))
        specs = rendition_files.wanted(picture, with_cuts=with_cuts)
        is_part = row.rank == LISTINGS and not with_cuts
        rendition_files.make(picture, [spec for spec in specs if not is_part or spec in FIRST])
        telling.pictures_changed([picture.pk])
    except rendition_files.GoneError:
        # Whoever gave it another file owed it anew.
        row_now.update(attempts=0, leased_until=None)
        return False
    except Exception as error:
        # Pillow and each storage have errors of their own.
        logger.exception("renditions of picture %d (%s)", picture.pk, picture.file.name)
        _put_back(row, problem=f"{type(error).__name__}: {error}"[:1000])
        return False
    if is_part:
        row_now.update(rank=REST, attempts=0, leased_until=None, problem="")
        return False
    if row_now.filter(version=row.version).delete()[0]:
        return True
    # Something was owed anew meanwhile.
    row_now.update(attempts=0, leased_until=None)
    return False


def _put_back(row: RenditionWork, problem: str) -> None:
    RenditionWork.objects.filter(pk=row.pk).update(
        leased_until=None, due=timezone.now() + PAUSE_AFTER_FAILURE * row.attempts, problem=problem
    )


def _on_pages_of_words(page: Page | None = None, picture: Picture | None = None) -> set[int]:
    """Keys of pictures that pages show other than those of products: all, or some of them."""
    types = ContentType.objects.get_for_models(Page, Picture, ProductPage)
    references = ReferenceIndex.objects.filter(
        base_content_type=types[Page], to_content_type=types[Picture]
    ).exclude(content_type=types[ProductPage])
    if page is not None:
        references = references.filter(object_id=str(page.pk))
    if picture is not None:
        references = references.filter(to_object_id=str(picture.pk))
    return {int(key) for key in references.values_list("to_object_id", flat=True)}
