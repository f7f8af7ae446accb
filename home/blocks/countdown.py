"""A countdown to a moment, such as a launch: what is said before it, and what after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BlockGroup,
    CharBlock,
    DateTimeBlock,
    RichTextBlock,
    StructBlock,
)

from catalog import kept, moment
from home.blocks.buttons import button_list
from home.blocks.words import LINE_FEATURES

HOUR, MINUTE = 3600, 60


@dataclass(frozen=True)
class Remaining:
    """What is left until a moment; all zero once it has come."""

    days: int
    hours: int
    minutes: int
    seconds: int
    is_over: bool

    @classmethod
    def until(cls, at: datetime) -> Self:
        left = max(at - moment.shown(), timedelta())
        if left:
            # A script counts on; without one the page is made anew when the time has come.
            kept.until(at)
        hours, rest = divmod(left.seconds, HOUR)
        return cls(left.days, hours, *divmod(rest, MINUTE), is_over=not left)


def aware(at: datetime) -> datetime:
    """Of a moment that was written by a program without a time zone: in the shop's."""
    return timezone.make_aware(at) if timezone.is_naive(at) else at


class CountdownBlock(StructBlock):
    """Both texts are on the page, so that one that a cache keeps can change by itself."""

    at = DateTimeBlock(label=_("Moment"), help_text=_("In the time of the shop."))
    title = CharBlock(label=_("Title"), max_length=120)
    words = RichTextBlock(label=_("Words"), required=False, features=LINE_FEATURES)
    buttons = button_list(most=1)
    title_after = CharBlock(label=_("Title"), max_length=120)
    words_after = RichTextBlock(label=_("Words"), required=False, features=LINE_FEATURES)
    buttons_after = button_list(most=1)

    class Meta:
        label = _("Countdown")
        icon = "time"
        template = "home/blocks/countdown.html"
        description = _("How long it is until a launch, and what is said once it has come.")
        form_layout = BlockGroup(
            children=[
                "at",
                BlockGroup(["title", "words", "buttons"], heading=_("Until then")),
                BlockGroup(
                    ["title_after", "words_after", "buttons_after"],
                    heading=_("From then on"),
                    help_text=_(
                        "Whoever reads the source of the page can read it before: tell no secrets."
                    ),
                ),
            ]
        )

    def get_preview_value(self) -> Any:
        return self.normalize(
            {
                "at": timezone.now() + timedelta(days=12, hours=7, minutes=5),
                "title": "The winter edition opens in",
                "words": "<p>Twelve new prints, a hundred of each.</p>",
                "buttons": [],
                "title_after": "The winter edition is here",
                "words_after": "",
                "buttons_after": [],
            }
        )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        if value["at"]:
            context["at"] = aware(value["at"])
            context["remaining"] = Remaining.until(context["at"])
        return context
