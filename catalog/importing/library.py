"""Pictures that the shop has already, by the address at which it shows them itself."""

from urllib.parse import unquote, urlsplit

from django.core.files.storage import default_storage

from catalog.models import Picture

from .pictures import NoPictureError, PictureFolder, file_name
from .values import quoted


class Library:
    """For files of the shop's own format: first its own pictures, then those of a folder."""

    def __init__(self, folder: PictureFolder | None) -> None:
        self.folder = folder
        # In a dry run pictures are looked at and not kept.
        self.is_dry = False
        self._found: dict[str, Picture | None] = {}

    def get(self, source: str) -> Picture:
        """The picture at this address; NoPictureError says why there is none."""
        if source not in self._found:
            self._found[source] = self._own(source)
        if picture := self._found[source]:
            return picture
        if self.folder is None:
            raise NoPictureError(f"{quoted(source)} is no picture of this shop (and no --images)")
        self.folder.is_dry = self.is_dry
        return self.folder.get(source)

    def _own(self, source: str) -> Picture | None:
        folder = Picture._meta.get_field("file").upload_to or "original_images"
        folder = folder if isinstance(folder, str) else "original_images"
        name = f"{folder.strip('/')}/{file_name(source)}"
        # The last part of the address of another shop's picture may well be the same.
        if not file_name(source) or address_of(name) != unquote(urlsplit(source).path):
            return None
        return Picture.objects.filter(file=name).order_by("pk").first()


def address_of(name: str) -> str:
    """Where the shop shows a file, without the host and what a storage signs it with."""
    return unquote(urlsplit(default_storage.url(name)).path)
