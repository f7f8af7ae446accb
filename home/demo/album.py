"""The pictures of the demo shop in its library, each saved when it is first asked for."""

from collections.abc import Iterable
from hashlib import sha1
from itertools import groupby
from operator import attrgetter

from django.core.files.base import ContentFile
from django.utils.text import slugify

from catalog.models import Picture
from home.demo import catalogue
from home.demo.pictures import Drawn


class Album(dict[str, list[Picture]]):
    """By the code of the article or scene; the home page's own under "".

    Other processes go on drawing while the loader works; it waits only where it is faster.
    """

    def __init__(self, drawn: Iterable[Drawn]) -> None:
        super().__init__()
        self._coming = groupby(drawn, key=attrgetter("code"))
        self._titles = {article.code: article.title for article in catalogue.articles()}

    def __missing__(self, wanted: str) -> list[Picture]:
        for code, drawn in self._coming:
            title = self._titles.get(code, catalogue.SHOP_NAME)
            titles = (title, f"{title}, framed")
            self[code] = [_saved(*pair) for pair in zip(drawn, titles, strict=False)]
            if code == wanted:
                return self[code]
        raise KeyError(wanted)


def _saved(drawn: Drawn, title: str) -> Picture:
    picture = Picture(title=title, description=drawn.alt)
    path = picture.get_upload_to(f"demo-{slugify(title)}.jpg")
    # By its name, with all that the upload form reads of a file: to learn the size of a
    # picture that it is given whole, Wagtail unpacks it twice.
    picture.width, picture.height = drawn.size
    picture.file = picture.file.storage.save(path, ContentFile(drawn.jpeg))
    picture.file_size = len(drawn.jpeg)
    picture.file_hash = sha1(drawn.jpeg, usedforsecurity=False).hexdigest()
    picture.save()
    return picture
