"""Pictures that are uploaded: refused by what their header says, before anything decodes them."""

import math
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from catalog.models.pictures import Picture


class PictureField(WagtailImageField):
    """Wagtail's field, which decodes first and then counts pixels: here it is the other way round.

    What ends too soon, or lies about itself, is an error at the field and not one of the server.
    """

    def to_python(self, data: Any) -> Any:
        try:
            self._check_header(data)
            return super().to_python(data)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            message = self.error_messages["invalid_image"]
            raise ValidationError(message, code="invalid_image") from error

    def _check_header(self, data: Any) -> None:
        if not hasattr(data, "read"):
            return
        try:
            with Image.open(data) as image:
                pixels = image.width * image.height
        except Image.DecompressionBombError:
            # Pillow does not even say how large it is.
            pixels = math.inf
        data.seek(0)
        if self.max_image_pixels and pixels > self.max_image_pixels:
            raise ValidationError(
                _(
                    "This picture is too large: at most %(megapixels)d megapixels are taken. "
                    "Make it smaller and upload it again."
                ),
                code="file_too_many_pixels",
                params={"megapixels": self.max_image_pixels // 10**6},
            )


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = PictureField(
                label=field.label, required=field.required, widget=field.widget
            )

    def save(self, commit: bool = True) -> Picture:
        # Wagtail removes the renditions of the file before: a worker must not make some between.
        with transaction.atomic():
            return super().save(commit=commit)
