"""What a page says of itself in its head, and the way to it above its title."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Page

from catalog import kept, sites
from home.seo import head, structured_data
from home.seo.trail import Place, trail
from social.structured_data import as_script

register = template.Library()


@register.simple_tag(takes_context=True)
def page_head(context: Context) -> head.Head | None:
    """The head of the page that is shown; None where the shop itself shows something."""
    page, request = context.get("page"), context.get("request")
    # What a template calls "page" may be something else altogether.
    if not isinstance(page, Page) or request is None:
        return None
    return head.head(request, page, context["shop"], context.flatten())


@register.simple_tag(takes_context=True)
def page_graph(context: Context, told: head.Head | None) -> SafeString | str:
    """The page as schema.org has it, of the head that ``page_head`` made; empty for nothing."""
    request = context.get("request")
    if told is None or getattr(request, "is_preview", False):
        return ""

    def make() -> SafeString | str:
        page = context["page"]
        kept.shows("frame", f"page:{page.pk}")
        for card in cards:
            kept.shows(*card.notes.tags)
        data = structured_data.graph(request, page, context["shop"], told, context.flatten())
        return as_script(data) if data else ""

    cards = context.get("cards") or ()
    if not kept.has_begun() or context.get("facets_name", ()) is None:
        return make()
    site = sites.find(request)
    listed = tuple(card.page.pk for card in cards)
    key = context["page"].pk, told.canonical, listed, site.pk if site else None, get_language()
    return kept.get(("graph", *key), make)


@register.simple_tag(takes_context=True)
def page_trail(context: Context) -> list[Place]:
    return trail(context.get("request"), context["page"])
