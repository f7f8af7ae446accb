"""Stars, and what a product's page shows and tells of its reviews."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from catalog.models import Product
from social.models.reviews import MOST_STARS
from social.review_lists import ShownReviews, shown_reviews
from social.structured_data import absolute, as_script, product_data

register = template.Library()


@register.inclusion_tag("social/reviews/stars.html")
def stars(value: Decimal | int) -> dict[str, Any]:
    """So many of five: drawn to the nearest half, and in words for those who hear the page."""
    halves = (Decimal(value) * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2
    shown = number_format(Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP).normalize())
    words = ngettext("%(stars)s of %(most)d stars", "%(stars)s of %(most)d stars", int(value))
    return {"halves": f"{halves:.1f}", "words": words % {"stars": shown, "most": MOST_STARS}}


@register.simple_tag
def reviews_of(product: Product) -> ShownReviews:
    return shown_reviews(product)


@register.simple_tag(takes_context=True)
def product_json(context: Context) -> SafeString:
    """The product of the page that is shown, as schema.org has it."""
    page = context["page"]
    request = context.get("request")
    # An alias is its source's page at another address, which is the one that counts, if it has one.
    url = (page.alias_of and page.alias_of.get_url(request)) or page.get_url(request) or ""
    read = ("pictures", "variants", "answers", "option_names")
    pictures, variants, answers, names = (context[name]() for name in read)
    data = product_data(page, pictures, variants, absolute(url), answers, names)
    return as_script(data)
