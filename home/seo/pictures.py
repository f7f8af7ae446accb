"""Pictures that others may fetch: files that are there already, in a format that all can read."""

from collections.abc import Iterable

from catalog.models import Picture, PictureRendition
from social.structured_data import absolute, original_url

# Large enough to be shown large, and not a file that only a press could want.
NARROWEST, WIDEST = 600, 1600
WHOLE_JPEG = "format-jpeg|width-"


def addresses(pictures: Iterable[Picture]) -> dict[int, str]:
    """The whole address of each picture's file, by its key: one query, and no file is made.

    The largest rendition, else what was uploaded; what others cannot read is left out.
    """
    pictures = {picture.pk: picture for picture in pictures}
    rows = PictureRendition.objects.filter(
        image__in=pictures, filter_spec__startswith=WHOLE_JPEG, width__range=(NARROWEST, WIDEST)
    )
    found = {key: original_url(picture) for key, picture in pictures.items()}
    for row in rows.only("image_id", "file", "width").order_by("width"):
        found[row.image_id] = absolute(row.file.url)
    return {key: url for key, url in found.items() if url}
