"""Pictures that members upload: refused by what their header says, then made anew.

What is kept is a new file that holds the picture alone: no EXIF (where it was taken, and with
which telephone), no colour profile, no comment, nothing that hides behind its end.
"""

from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

MOST_BYTES = 10 * 1024 * 1024
FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")
ACCEPT = "image/avif,image/gif,image/jpeg,image/png,image/webp"


class UploadedPictureField(forms.FileField):
    """A picture of a member's own; its value is the file made anew, at most ``longest`` px."""

    widget = forms.FileInput(attrs={"accept": ACCEPT})
    default_error_messages = {
        "invalid_image": gettext_lazy("This is no picture that we can read. Try a JPEG or a PNG."),
    }

    def __init__(self, *, longest: int, is_square: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.is_square = is_square

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file or file is initial:
            return file
        if file.size > MOST_BYTES:
            raise ValidationError(
                _("This picture is too large: at most %(megabytes)d MB are taken.")
                % {"megabytes": MOST_BYTES // 1024**2},
                code="too_many_bytes",
            )
        try:
            return made_anew(file, self.longest, is_square=self.is_square)
        except ValidationError:
            raise
        # Each decoder has errors of its own.
        except Exception as error:
            message = self.error_messages["invalid_image"]
            raise ValidationError(message, code="invalid_image") from error


def made_anew(file: Any, longest: int, *, is_square: bool = False) -> ContentFile:
    """The picture as a WebP of at most ``longest`` pixels each way, the right way up.

    Raises ValidationError for too many pixels, by the header alone (a PNG of 481 KiB can decode
    to 666 MiB), and whatever Pillow raises for what is no picture.
    """
    with Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            raise ValidationError(
                _("This picture is too large: at most %(megapixels)d megapixels are taken.")
                % {"megapixels": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 10**6},
                code="file_too_many_pixels",
            )
        # A JPEG is decoded smaller at once, which costs a fraction.
        image.draft("RGB", (longest * 2, longest * 2))
        # Which way up is all that is asked of EXIF: written anew, odd values of cameras fail.
        image.getexif()
        image.info.pop("exif", None)
        upright = ImageOps.exif_transpose(image)
        if is_square:
            upright = ImageOps.fit(_plain(upright), (longest, longest))
        else:
            upright = _plain(upright)
            upright.thumbnail((longest, longest))
        target = BytesIO()
        upright.save(target, "WEBP", quality=80, method=4)
    return ContentFile(target.getvalue(), name="picture.webp")


def _plain(image: Image.Image) -> Image.Image:
    """On white, in RGB, and without anything that came along."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    plain = image.convert("RGB")
    plain.info.clear()
    return plain
