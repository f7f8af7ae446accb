"""What templates ask of the frame around a page."""

import re
from typing import Any

from django import template
from wagtail.models import Site

from catalog import kept
from home import languages
from home.frame import Link
from home.models import ShopSettings

# As long as the field may be.
LONGEST = 200

register = template.Library()


@register.simple_tag
def default_shop() -> ShopSettings:
    """What the shop says of itself, where there is no request: in mails and documents."""
    return kept.get("default shop", _default_shop)


def _default_shop() -> ShopSettings:
    kept.shows("frame")
    return ShopSettings.for_site(Site.objects.get(is_default_site=True))


@register.simple_tag(takes_context=True)
def translations_of(context: dict[str, Any], page: object) -> list[languages.Translation]:
    """The page in each language it is published in: ``{% translations_of page as found %}``."""
    request = context.get("request")
    return languages.translations_of(request, page) if request else []


@register.simple_tag(takes_context=True)
def language_switch(context: dict[str, Any]) -> list[languages.Translation]:
    """Where this page is found in each language of the shop; empty where it has but one."""
    request = context.get("request")
    return languages.switch(request, context.get("page")) if request else []


@register.simple_tag(takes_context=True)
def marks(context: dict[str, Any]) -> tuple[str, ...]:
    """What the navigation looks like on this page: which of its links lead here."""
    return context["frame"].marks(context.get("page"))


@register.filter
def leads_to(link: Link, page: object) -> str:
    """The value of ``aria-current`` on a link of the frame; empty where it leads elsewhere."""
    return link.leads_to(page)


@register.filter
def dialled(phone: str) -> str:
    """A phone number as a link dials it: "+44 (0)117 496-0123" has a zero that is left out."""
    return re.sub(r"[^\d+]", "", phone.replace("(0)", ""))


@register.simple_tag(takes_context=True)
def words_of_path(context: dict[str, Any]) -> str:
    """What an address says that leads nowhere, to search for: "blue dune" of /art/blue-dune/."""
    request = context.get("request")
    parts = [part for part in request.path.split("/") if part] if request else []
    words = re.sub(r"\.\w{2,5}$", "", parts[-1]) if parts else ""
    return " ".join(re.findall(r"[^\W_]+", words))[:LONGEST]
