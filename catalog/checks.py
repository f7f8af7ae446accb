"""What an editor should mend before a product page goes out: asked while it is previewed.

The names found stand on the page's heading in a preview; Wagtail's content checker has a
rule for each (``catalog.admin.content_checks``) and shows them beside the editor.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_symbol
from django.conf import settings
from django.utils.html import strip_tags
from wagtail.models import Page

from catalog.models import ProductPage, Sku

NO_PRICE = "no-price"
NO_PICTURE = "no-picture"
NO_ALT_TEXT = "no-alt-text"
OTHER_PRICE = "other-price"
GONE_LINK = "gone-link"
SOLD_OUT_LINK = "sold-out-link"

_PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype="page"[^>]*>')
_ID = re.compile(r'\bid="(\d+)"')
_AMOUNT = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,3})?|\d+(?:[.,]\d{1,3})?"


def findings(page: ProductPage, variants: Sequence[Sku]) -> list[str]:
    """The names of what is wrong with a product page as it would be shown now.

    ``variants`` are its SKUs on show, read with prices. Two queries at most.
    """
    pictures = list(page.gallery.all())
    html = "".join(_rich_texts(page))
    found = []
    if not variants:
        found.append(NO_PRICE)
    if not pictures:
        found.append(NO_PICTURE)
    if any(not (shown.alt_text or shown.image.description) for shown in pictures):
        found.append(NO_ALT_TEXT)
    if variants and _names_another_price(f"{page.summary} {strip_tags(html)}", variants):
        found.append(OTHER_PRICE)
    return found + _broken_links(html)


def amounts(text: str, currency: str) -> list[Decimal]:
    """The amounts of a currency that a text names, such as "€ 29.90", "29,90 €" or "EUR 30"."""
    names = {currency, get_currency_symbol(currency, "en"), get_currency_symbol(currency, "de")}
    name = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True))
    pattern = rf"(?:{name})\s?({_AMOUNT})|({_AMOUNT})\s?(?:{name})(?!\w)"
    found = (before or after for before, after in re.findall(pattern, text))
    return [amount for written in found if (amount := _amount(written)) is not None]


def _amount(written: str) -> Decimal | None:
    digits = re.sub(r"[' ]", "", written)
    point = max(digits.rfind("."), digits.rfind(","))
    # Three digits after the last mark are thousands, unless there is another mark before it.
    if point >= 0 and len(digits) - point - 1 == 3 and not re.search(r"[.,]", digits[:point]):
        digits = digits.replace(digits[point], "")
    elif point >= 0:
        digits = re.sub(r"[.,]", "", digits[:point]) + "." + digits[point + 1 :]
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _names_another_price(text: str, variants: Sequence[Sku]) -> bool:
    real = {sku.price.amount for sku in variants}
    real |= {sku.price.compare_at for sku in variants if sku.price.compare_at is not None}
    return any(amount not in real for amount in amounts(text, settings.SHOP_CURRENCY))


def _rich_texts(page: ProductPage) -> Iterable[str]:
    return (block.value.source for block in page.description if block.block_type == "text")


def _broken_links(html: str) -> list[str]:
    linked = {int(found[1]) for link in _PAGE_LINK.findall(html) if (found := _ID.search(link))}
    if not linked:
        return []
    live = set(Page.objects.live().filter(pk__in=linked).values_list("pk", flat=True))
    found = [GONE_LINK] if linked - live else []
    sold_out = ProductPage.objects.filter(pk__in=live, product__in_stock=False)
    return [*found, SOLD_OUT_LINK] if sold_out.exists() else found
