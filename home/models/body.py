"""What pages that are made of blocks have in common."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.fields import StreamField

from catalog.previews import MOST_MOMENTS
from home.blocks.countdown import aware

# Blocks whose words say what a page is about.
WITH_WORDS = ("hero", "split")


class BodyMixin:
    """A page with a ``body`` of blocks, for which everything is read at once."""

    body: StreamField

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # It reads the pages that blocks point to, so it needs all models.
        from home.blocks.loading import load

        context = super().get_context(request, *args, **kwargs)
        context["blocks"], context["shown"] = blocks, _shown = load(self.body, self)
        context["block_kinds"] = {block.block_type for block in blocks}
        context["lead_picture"] = _first_picture(blocks)
        # Its headline is then the heading of the page.
        context["hero_leads"] = bool(blocks) and blocks[0].block_type == "hero"
        return context

    @property
    def lead(self) -> str:
        """Rich text of its first words, for where the page is spoken of; asks no database."""
        for item in self.body.get_prep_value():
            value = item["value"]
            text = value if item["type"] == "text" else None
            if item["type"] in WITH_WORDS:
                text = value.get("words")
            if text:
                return text
        return ""

    def moments_to_preview(self) -> list[datetime]:
        """Also those at which a countdown is over."""
        blocks = self.body.blocks_by_name("countdown")
        ends = {aware(block.value["at"]) for block in blocks if block.value["at"]}
        coming = {at for at in ends if at > timezone.now()}
        return sorted({*super().moments_to_preview(), *coming})[:MOST_MOMENTS]


def _first_picture(blocks: Any) -> Any:
    """The picture that stands for a page where it is shared; None where words alone lead."""
    leading = (block.value for block in blocks if block.block_type in WITH_WORDS)
    return next((value["picture"] for value in leading if value.get("picture")), None)
