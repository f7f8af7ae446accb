"""The shop's image model, our own from the first migration because it cannot be changed later."""

from django.db import models
from django.utils import timezone
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


class RenditionWork(models.Model):
    """Renditions of a picture that are owed: the row is the fact, Celery only rings.

    It goes when they are made. A worker holds it by ``leased_until``; one that dies lets the
    lease run out, and the row counts how often that happened.
    """

    picture = models.OneToOneField(
        Picture, primary_key=True, on_delete=models.CASCADE, related_name="rendition_work"
    )
    # What a page of words shows comes first, then what listings show of all, then the rest.
    rank = models.PositiveSmallIntegerField(default=1)
    # Whether a page asked for what is cut, which most pictures never need.
    with_cuts = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Changed with whatever is owed anew, so that a worker sees it at its end.
    version = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    # What failed waits a while.
    due = models.DateTimeField(default=timezone.now)
    problem = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["rank", "due"])]

    def __str__(self) -> str:
        return f"Renditions of {self.picture}"
