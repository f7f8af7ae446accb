"""What templates ask of the frame around a page."""

from typing import Any

from django import template

from home import languages

register = template.Library()


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
