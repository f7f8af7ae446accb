"""The catalogue for Google Merchant Center: one item for each variant, by its SKU code.

RSS 2.0 with the ``g:`` names of the product data specification
(https://support.google.com/merchants/answer/7052112), which other marketplaces read as well.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import vocabulary
from catalog.models import Sku
from catalog.money import quantize
from home.models import ShopSettings
from home.seo import freshness, words
from home.seo.goods import Good, availability, goods, reduced_from_to
from home.seo.pages import Tree, tree_of
from home.seo.xml import DECLARATION, element
from social.structured_data import group_id, variant_url

SECONDS_KEPT = 900
NAMESPACE = "http://base.google.com/ns/1.0"
LONGEST_ID, LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_VALUE = 50, 150, 5000, 100
# A reduction without an end is told for so long; the next reading tells it again.
REDUCED_FOR = timedelta(days=30)
# Beside what every item has: what an option or an attribute may tell.
TOLD = (
    "size",
    "color",
    "material",
    "pattern",
    "gender",
    "age_group",
    "mpn",
    "availability_date",
    "google_product_category",
)


@require_safe
@freshness.kept_for(SECONDS_KEPT, freshness.state_of_goods)
def feed(request: HttpRequest) -> StreamingHttpResponse:
    language = translation.get_language()
    tree = tree_of(request, language)
    if tree is None:
        raise Http404
    shop = ShopSettings.for_request(request)
    response = StreamingHttpResponse(
        _written(tree, shop.name), content_type="application/xml; charset=utf-8"
    )
    # For machines that were told of it: nobody looks for it in a search engine.
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _written(tree: Tree, shop: str) -> Iterator[str]:
    # The request, which sets the language, is over when this is read.
    with translation.override(tree.language):
        title = _("Products of %(shop)s") % {"shop": shop}
    yield (
        f'{DECLARATION}<rss version="2.0" xmlns:g="{NAMESPACE}">\n<channel>\n'
        f"{element('title', title)}{element('link', tree.url)}{element('description', title)}\n"
    )
    for good in goods(tree):
        # Not around the yield: whoever reads this in between has a language of their own.
        with translation.override(tree.language):
            lines = "".join(item(good, sku) for sku in good.skus)
        yield lines
    yield "</channel>\n</rss>\n"


def item(good: Good, sku: Sku) -> str:
    """One variant as an ``item``; ends with a line end."""
    told = vocabulary.meant(good.answers) | vocabulary.meant(good.options_of(sku))
    pairs = [
        *_what(good, sku),
        *_for_how_much(good, sku),
        *_who_made(good, sku, told.get("mpn", "")),
        *((name, told[name][:LONGEST_VALUE]) for name in TOLD if name in told),
    ]
    written = "".join(
        element(f"g:{name}", value) for name, value in pairs if value not in ("", None)
    )
    return f"<item>{written}</item>\n"


def _what(good: Good, sku: Sku) -> Iterator[tuple[str, object]]:
    page = good.page
    title = f"{page.title} – {sku.label}" if sku.label else page.title
    yield "id", identifier(sku)
    yield "title", words.shortened(title, LONGEST_TITLE)
    yield "description", words.description(page, LONGEST_DESCRIPTION) or page.title
    yield "link", variant_url(good.url, sku, good.skus)
    yield "canonical_link", good.url
    own = good.sku_pictures.get(sku.pk)
    shown = [own, *(url for url in good.pictures if url != own)] if own else good.pictures
    yield "image_link", next(iter(shown), "")
    for url in shown[1:11]:
        yield "additional_image_link", url
    if len(good.skus) > 1:
        yield "item_group_id", group_id(page)
    yield "product_type", " > ".join(good.categories)[:750]
    yield "condition", "new"


def _for_how_much(good: Good, sku: Sku) -> Iterator[tuple[str, object]]:
    yield "availability", availability(sku)
    price = sku.price
    yield "price", _money(price.compare_at or price.amount)
    if price.compare_at:
        yield "sale_price", _money(price.amount)
        start, end = reduced_from_to(good, sku)
        if start:
            end = end or timezone.now() + REDUCED_FOR
            yield "sale_price_effective_date", f"{_moment(start)}/{_moment(end)}"
    if sku.weight and not good.page.product.is_digital:
        yield "shipping_weight", f"{sku.weight} g"


def _who_made(good: Good, sku: Sku, number: str) -> Iterator[tuple[str, object]]:
    brand, code = good.page.brand, vocabulary.gtin(sku.barcode)
    yield "brand", brand.name[:70] if brand else ""
    yield "gtin", code
    # An invented number would be refused: that there is none is an answer too.
    if not code and not (brand and number):
        yield "identifier_exists", "no"


def identifier(sku: Sku) -> str:
    """The SKU's code, or where Google finds that too long, what stays as it is too."""
    return sku.code if len(sku.code) <= LONGEST_ID else f"sku-{sku.pk}"


def _money(amount) -> str:
    currency = settings.SHOP_CURRENCY
    return f"{quantize(amount, currency)} {currency}"


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M%z")
