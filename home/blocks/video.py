"""A video of the shop's own. One that stands elsewhere is linked: nothing is loaded from there."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, URLBlock

from home import videos
from home.blocks.buttons import complaint
from home.blocks.choosers import DocumentChooser, PictureBlock
from home.blocks.scenes import some_picture


def _is_one_of(document: Any, kinds: Any, message: str) -> None:
    if document and document.file_extension.lower() not in kinds:
        raise ValidationError(message)


def is_video(document: Any) -> None:
    _is_one_of(
        document, videos.VIDEOS, gettext("Choose a video: a file that ends in .mp4 or .webm.")
    )


def is_captions(document: Any) -> None:
    _is_one_of(document, videos.CAPTIONS, gettext("Choose captions: a file that ends in .vtt."))


class VideoBlock(StructBlock):
    title = CharBlock(
        label=_("Title"), max_length=120, help_text=_("What is to be seen, in a few words.")
    )
    picture = PictureBlock(
        label=_("Picture"), help_text=_("Shown until the video is started. Best in 16:9.")
    )
    file = DocumentChooser(
        label=_("Video"),
        required=False,
        validators=[is_video],
        help_text=_("Your own file, .mp4 (H.264) or .webm, uploaded as a document."),
    )
    captions = DocumentChooser(
        label=_("Captions"),
        required=False,
        validators=[is_captions],
        help_text=_("A .vtt file with what is said, for those who do not hear it."),
    )
    address = URLBlock(
        label=_("or its address"),
        required=False,
        help_text=_(
            "Of a video that stands elsewhere. It is linked, and nothing is loaded from there "
            "before somebody goes there."
        ),
    )

    class Meta:
        label = _("Video")
        icon = "media"
        template = "home/blocks/video.html"
        description = _("A video of your own with captions, or a link to one elsewhere.")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned["file"] and not cleaned["address"]:
            raise complaint(file=gettext("Choose a video, or write the address of one below."))
        return cleaned

    def get_preview_value(self) -> Any:
        return self.normalize(
            {
                "title": "A day at the press",
                "picture": some_picture(),
                "address": "https://example.com/press",
            }
        )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        # It reads models, which are made of blocks.
        from catalog import renditions

        context = super().get_context(value, parent_context=parent_context)
        if file := value.get("file"):
            context["address"] = videos.address_of(file)
            context["kind"] = videos.VIDEOS.get(file.file_extension.lower())
            if value.get("picture"):
                context["poster"] = renditions.shown(value["picture"], "wide")
            if value.get("captions"):
                context["captions"] = videos.address_of(value["captions"])
        elif value.get("address"):
            context["place"] = urlsplit(value["address"]).hostname
        return context
