from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog import renditions
from catalog.models.pictures import Picture
from catalog.picture_sizes import KINDS

register = template.Library()


@register.simple_tag
def sized_picture(
    picture: Picture | None,
    kind: str,
    *,
    alt: str = "",
    loading: str = "lazy",
    sizes: str = "",
    **attributes: Any,
) -> SafeString | str:
    """A ``<picture>`` of a kind (``catalog.picture_sizes``), from files that have been made.

    ``sizes`` replaces the kind's own where a page shows it larger or smaller; ``fetchpriority``,
    ``class`` and other attributes are the ``<img>``'s. A picture that is None shows nothing.
    """
    if picture is None or picture == "":
        return ""
    shown = renditions.shown(picture, kind)
    if shown.is_uncut:
        attributes["class"] = f"{attributes.get('class') or ''} picture--{kind}".strip()
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        (
            (source.file_format, source.srcset, sizes or KINDS[kind].sizes)
            for source in shown.sources
        ),
    )
    given = {name: value for name, value in attributes.items() if value not in (None, "")}
    image = flatatt(
        {
            "src": shown.url,
            "width": shown.width,
            "height": shown.height,
            "alt": alt,
            "loading": loading or "lazy",
            "decoding": "async",
            **given,
        }
    )
    return format_html("<picture>{}<img{}></picture>", sources, image)
