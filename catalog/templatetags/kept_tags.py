"""Parts of pages that are kept until something that they show has changed."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalog import kept, sites

register = template.Library()


class KeepNode(template.Node):
    def __init__(
        self, nodelist: NodeList, values: list[FilterExpression], shows: FilterExpression | None
    ) -> None:
        self.nodelist = nodelist
        self.values = values
        self.shows = shows

    def render(self, context: template.Context) -> SafeString:
        request = context.get("request")
        # What stands in the context was read before: outside a page's making nobody knows when.
        if not kept.has_begun() or getattr(request, "is_preview", False):
            return self.nodelist.render(context)
        site = sites.find(request) if request else None
        values = [value.resolve(context, ignore_failures=True) for value in self.values]
        if None in values:
            return self.nodelist.render(context)
        key = ("part", site.pk if site else None, get_language(), *values)
        return kept.get(key, lambda: self._make(context))

    def _make(self, context: template.Context) -> SafeString:
        kept.shows("frame")
        shown = self.shows.resolve(context, ignore_failures=True) if self.shows else None
        if isinstance(shown, kept.Notes):
            kept.shows(*shown.tags)
            kept.until(shown.until)
        elif shown:
            kept.shows(*shown)
        return self.nodelist.render(context)


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """A part that is the same for everybody: ``{% keep "gallery" page.pk shows=page.tags %}``.

    The values are all that it depends on beside the site, the language and what can change: its
    tags are ``frame``, those given by ``shows`` (some, or ``kept.Notes``), and what is said while
    it is made. Nothing that is set within it is known after it. A preview is made each time, and
    so is a part one of whose values is None.
    """
    values: list[FilterExpression] = []
    shows = None
    for bit in token.split_contents()[1:]:
        if bit.startswith("shows="):
            shows = parser.compile_filter(bit.removeprefix("shows="))
        else:
            values.append(parser.compile_filter(bit))
    if not values:
        raise template.TemplateSyntaxError("{% keep %} needs a name of its own")
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, values, shows)
