"""What the shop says of itself on every page."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    RichTextBlock,
    StreamBlock,
    StreamBlockValidationError,
    StreamValue,
    StructBlock,
    URLBlock,
)
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField

from catalog.previews import PreviewsMixin
from home import hours, languages

# Those that have a picture in templates/includes/social_icon.html.
NETWORKS = [
    ("instagram", "Instagram"),
    ("facebook", "Facebook"),
    ("youtube", "YouTube"),
    ("tiktok", "TikTok"),
    ("pinterest", "Pinterest"),
    ("x", "X"),
    ("bluesky", "Bluesky"),
    ("mastodon", "Mastodon"),
    ("linkedin", "LinkedIn"),
    ("other", _("another place")),
]


SMALL_PRINT_FEATURES = ["bold", "italic", "link"]


@dataclass(frozen=True)
class ShopWords:
    """What the shop says in one language; ``footer`` is rich text."""

    tagline: str
    footer: str


class SocialLinkBlock(StructBlock):
    network = ChoiceBlock(choices=NETWORKS, default="instagram", label=_("Where"))
    url = URLBlock(label=_("Address"))

    class Meta:
        label = _("Link")
        icon = "group"


class WordsBlock(StructBlock):
    language = ChoiceBlock(choices=languages.names, label=_("Language"))
    tagline = CharBlock(label=_("One line about it"), max_length=200, required=False)
    footer = RichTextBlock(label=_("Small print"), required=False, features=SMALL_PRINT_FEATURES)

    class Meta:
        label = _("Words")
        icon = "globe"


class TranslationsBlock(StreamBlock):
    """Words of the shop in further languages, each of them once."""

    words = WordsBlock()

    def clean(self, value: StreamValue) -> StreamValue:
        cleaned = super().clean(value)
        seen: set[str] = set()
        twice = {}
        for place, block in enumerate(cleaned):
            if block.value["language"] in seen:
                twice[place] = ValidationError(_("There already are words in this language."))
            seen.add(block.value["language"])
        if twice:
            raise StreamBlockValidationError(block_errors=twice)
        return cleaned


@register_setting(icon="cog")
class ShopSettings(PreviewsMixin, BaseSiteSetting):
    """Lists are streams and not rows, so that a page reads all of it with one query."""

    name = models.CharField(_("name of the shop"), max_length=100, default="Storefront")
    tagline = models.CharField(_("one line about it"), max_length=200, blank=True)
    contact_email = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_("Shown to shoppers; answers to the shop's mails go there."),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    postal_address = models.TextField(
        _("postal address"), max_length=400, blank=True, help_text=_("As on an envelope.")
    )
    opening_hours = StreamField(
        [("hours", hours.HoursBlock())],
        verbose_name=_("opening hours"),
        blank=True,
        max_num=21,
        help_text=_("Days that are in none are shown as closed. Two rows make a break at noon."),
    )
    other_hours = StreamField(
        [("other", hours.OtherHoursBlock())],
        verbose_name=_("holidays and other hours"),
        blank=True,
        help_text=_("Shown from three weeks before until they are over."),
    )
    social_links = StreamField(
        [("link", SocialLinkBlock())], verbose_name=_("elsewhere"), blank=True, max_num=12
    )
    footer = RichTextField(_("small print"), blank=True, features=SMALL_PRINT_FEATURES)
    translations = StreamField(
        TranslationsBlock(),
        verbose_name=_("in other languages"),
        blank=True,
        help_text=_("What is left empty is shown as it stands above."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("tagline"),
        MultiFieldPanel(
            [FieldPanel("contact_email"), FieldPanel("phone"), FieldPanel("postal_address")],
            heading=_("Contact"),
        ),
        MultiFieldPanel(
            [FieldPanel("opening_hours"), FieldPanel("other_hours")], heading=_("Opening hours")
        ),
        FieldPanel("social_links"),
        FieldPanel("footer"),
        FieldPanel("translations"),
    ]

    class Meta:
        verbose_name = _("shop settings")

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Around the home page, which reads these settings from the request."""
        # As it is now: what the languages know of it is kept, and no more than its place.
        home = languages.home(request).get_specific(copy_attrs=())
        return home.serve_preview(request, "")

    @property
    def words(self) -> ShopWords:
        """In the language that is active, as far as they are written in it."""
        own = ShopWords(self.tagline, self.footer)
        for block in self.translations:
            if block.value["language"] == get_language():
                value = block.value
                footer = value["footer"].source if value["footer"] else ""
                return ShopWords(value["tagline"] or own.tagline, footer or own.footer)
        return own

    @property
    def week(self) -> list[hours.Days]:
        """Monday to Sunday, days in a row with equal hours together."""
        return hours.week(block.value for block in self.opening_hours)

    @property
    def other_days(self) -> list[hours.OtherDays]:
        """Holidays and the like that are near."""
        return hours.soon(block.value for block in self.other_hours)

    @property
    def elsewhere(self) -> list[dict[str, Any]]:
        """Where else the shop is found: network, its name, and the address."""
        names = dict(NETWORKS)
        return [
            {"network": value["network"], "name": names[value["network"]], "url": value["url"]}
            for value in (block.value for block in self.social_links)
        ]
