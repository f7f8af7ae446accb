"""Pictures from a folder, found by the last part of the address that a file gives for them."""

from hashlib import sha1
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from catalog.models import Picture
from catalog.pictures import PictureField

from .dry import pretend
from .values import quoted


class NoPictureError(Exception):
    """This picture cannot be had; the message says why."""


class PictureFolder:
    """Each picture is read once, and kept once however often it is imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        # In a dry run pictures are looked at and not kept.
        self.is_dry = False
        self.rules = PictureField()
        self._found: dict[str, Picture | NoPictureError] = {}

    def get(self, source: str) -> Picture:
        name = file_name(source)
        if name not in self._found:
            try:
                self._found[name] = self._picture(name)
            except NoPictureError as error:
                self._found[name] = error
        found = self._found[name]
        if isinstance(found, NoPictureError):
            raise found
        return found

    def _picture(self, name: str) -> Picture:
        data = self._read(name)
        # Wagtail's own hash of a file, so that a picture uploaded by an editor is found too.
        digest = sha1(data, usedforsecurity=False).hexdigest()
        picture = Picture.objects.filter(file_hash=digest).order_by("pk").first()
        if picture is None:
            self._check(name, data)
            picture = Picture(title=Path(name).stem[:255])
            if self.is_dry:
                return pretend(picture)
            picture.file = ContentFile(data, name)
            picture.file_size, picture.file_hash = len(data), digest
            picture.save()
            # By its name alone, or all the pictures of a shop would be held in memory.
            picture.file = picture.file.name
        return picture

    def _read(self, name: str) -> bytes:
        if not name:
            raise NoPictureError("the address does not end with the name of a file")
        try:
            path = (self.folder / name).resolve()
            # A name may be "..", or that of a link to somewhere else.
            if "/" in name or "\\" in name or path.parent != self.folder:
                raise NoPictureError(f"{quoted(name)} is not in the folder itself")
            if not path.is_file():
                raise NoPictureError(f"{quoted(name)} is not in the folder")
            limit = self.rules.max_upload_size
            if limit and path.stat().st_size > limit:
                raise NoPictureError(f"{quoted(name)} is larger than {limit // 1024**2} MB")
            return path.read_bytes()
        except (OSError, ValueError) as error:
            raise NoPictureError(f"{quoted(name)} cannot be read") from error

    def _check(self, name: str, data: bytes) -> None:
        """What the admin's form would refuse is refused, also a file that ends too soon."""
        try:
            self.rules.to_python(ContentFile(data, name))
        except ValidationError as error:
            reason = " ".join(error.messages).rstrip(".")
            raise NoPictureError(f"{quoted(name)}: {reason}") from error


def file_name(source: str) -> str:
    """The last part of an address, without what follows a question mark."""
    try:
        return unquote(urlsplit(source).path).rpartition("/")[2]
    except ValueError:
        return ""
