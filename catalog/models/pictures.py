"""The shop's image model, our own from the first migration because it cannot be changed later."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Image

from catalog import moment


class Picture(AbstractImage):
    admin_form_fields = Image.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def create_rendition(self, filter: Filter) -> AbstractRendition:  # noqa: A002 - Wagtail's name
        if moment.is_rehearsed():
            return self._itself(filter)
        return super().create_rendition(filter)

    def create_renditions(self, *filters: Filter) -> dict[Filter, AbstractRendition]:
        if moment.is_rehearsed():
            return {wanted: self._itself(wanted) for wanted in filters}
        return super().create_renditions(*filters)

    def _itself(self, wanted: Filter) -> AbstractRendition:
        """The uploaded file in place of a rendition, whose file would outlive the rehearsal."""
        return self.get_rendition_model()(
            image=self,
            filter_spec=wanted.spec,
            focal_point_key=wanted.get_cache_key(self),
            file=self.file.name,
            width=self.width,
            height=self.height,
        )


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
