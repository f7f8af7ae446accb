"""Where the pictures of reviews lie: each twice, as it is shown large and as it is shown small.

Files know no transactions. They are written before one, so that no row is held up by a slow
store, taken back if it fails, and deleted after the commit of one that deletes their row.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.core.files.base import File
from django.core.files.images import get_image_dimensions
from django.core.files.storage import Storage
from django.db import transaction

from social.models import ReviewPicture
from social.models.reviews import picture_path, small_name
from social.pictures import made_anew

# Pixels; as large as phones with the finest screens show it.
SMALL = 320


@contextmanager
def stored(pictures: Iterable[File]) -> Iterator[list[ReviewPicture]]:
    """Rows for pictures made anew, not yet saved, whose files are gone again if this fails."""
    rows: list[ReviewPicture] = []
    try:
        for picture in pictures:
            rows.append(_row(picture))
        yield rows
    except BaseException:
        for row in rows:
            _delete(_storage(), row.file.name)
        raise


def _row(picture: File) -> ReviewPicture:
    width, height = get_image_dimensions(picture)
    picture.seek(0)
    name = _storage().save(picture_path(ReviewPicture(), ""), picture)
    picture.seek(0)
    _storage().save(small_name(name), made_anew(picture, SMALL, is_square=True))
    # With its size, for otherwise the file would be fetched to find it out.
    return ReviewPicture(file=name, width=width, height=height)


def forget_files(sender: type[ReviewPicture], instance: ReviewPicture, **_kwargs: Any) -> None:
    """After a row is deleted, alone, with its review or with its member."""
    forget: Callable[[], None] = partial(_delete, instance.file.storage, instance.file.name)
    transaction.on_commit(forget, robust=True)


def move(review_id: int) -> None:
    """Give a review's pictures new addresses: those that others know lead nowhere any more."""
    for picture in ReviewPicture.objects.filter(review=review_id):
        old, new = picture.file.name, picture_path(picture, "")
        for name_of in (str, small_name):
            with _storage().open(name_of(old)) as file:
                _storage().save(name_of(new), file)
        # Of two who do this at once, or beside one who deletes it, one does it.
        is_moved = ReviewPicture.objects.filter(pk=picture.pk, file=old).update(file=new)
        _delete(_storage(), old if is_moved else new)


def _delete(storage: Storage, name: str) -> None:
    storage.delete(name)
    storage.delete(small_name(name))


def _storage() -> Storage:
    return ReviewPicture._meta.get_field("file").storage
