from typing import Any

from django.db import models
from wagtail.models import Page


class BareProduct(Page):
    picture = models.ForeignKey("wagtailimages.Image", on_delete=models.PROTECT, related_name="+")


class BareCategory(Page):
    def get_context(self, request, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["products"] = BareProduct.objects.child_of(self).live()
        return context
