"""What blocks have of their own in the page editor: see ``static/admin/js/page_blocks.js``."""

from typing import Any

from django.forms import Media
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter

from home.blocks.products import ProductRowBlock, ShoppablePictureBlock


class OwnAdapter(StructBlockAdapter):
    @cached_property
    def media(self) -> Media:
        own = Media(
            js=[versioned_static("admin/js/page_blocks.js")],
            css={"all": [versioned_static("admin/css/page_blocks.css")]},
        )
        return super().media + own


class ProductRowAdapter(OwnAdapter):
    js_constructor = "home.blocks.ProductRowBlock"


class ShoppablePictureAdapter(OwnAdapter):
    js_constructor = "home.blocks.ShoppablePictureBlock"

    def js_args(self, block: ShoppablePictureBlock) -> list[Any]:
        name, children, meta = super().js_args(block)
        texts = {
            # With the key of the picture in place of the 0.
            "pictureUrl": reverse("wagtailimages:preview", args=[0, "max-1200x1200"]),
            "howToPlace": _(
                "Click on the picture to add a spot there. To move one, choose it by its number "
                "first, and then click where it belongs."
            ),
            "choosePicture": _("Choose a picture first, then click on it to place the spots."),
            "spotNumber": _("Spot %s"),
        }
        return [name, children, meta | texts]


register(ProductRowAdapter(), ProductRowBlock)
register(ShoppablePictureAdapter(), ShoppablePictureBlock)
