from typing import Any

from django import template
from wagtail.models import Page

register = template.Library()


@register.inclusion_tag("catalog/admin/unpublish_consequences.html")
def consequences_of_unpublishing(page: Page) -> dict[str, Any]:
    """Who notices when the page is unpublished, for Wagtail's own page that asks."""
    from catalog.admin.life_unpublish import consequences

    return {"consequences": consequences([page])}
