"""What pages that are made of blocks have in common."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.fields import StreamField

from catalog.later import Later
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

        loaded = Later(lambda: load(self.body, self))
        known = self.body.stream_block.child_blocks
        kinds = [item["type"] for item in self.body.get_prep_value() if item["type"] in known]
        context = super().get_context(request, *args, **kwargs)
        return context | {
            # Read where the template asks for them, which parts that are kept do not.
            "blocks": Later(lambda: loaded()[0]),
            "shown": Later(lambda: loaded()[1]),
            "lead_picture": Later(lambda: _first_picture(loaded()[0])),
            "block_kinds": set(kinds),
            # Its headline is then the heading of the page.
            "hero_leads": kinds[:1] == ["hero"],
        }

    @property
    def story_tags(self) -> tuple[str, ...]:
        """What whatever shows the story depends on (``catalog.kept``)."""
        return (f"page:{self.pk}",)

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
