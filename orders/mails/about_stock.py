"""The mails about stock: to who waits for it, and to the merchant."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from catalog.models import ProductPage, Sku
from catalog.money import format_money
from catalog.visibility import public_of_many
from orders import outbox
from orders.mails import merchant
from orders.mails.filling import one_line
from orders.mails.kinds import KINDS
from orders.mails.letters import Goods, Letter
from orders.models import BackInStock, OrderSettings, Outbox
from orders.outbox import NoLongerNeededError

# A subject that names more of them than this is no subject.
MOST_IN_SUBJECT = 3


def language_of(row: Outbox) -> str:
    wish = BackInStock.objects.filter(pk=row.payload.get("wish")).first()
    return wish.language if wish else settings.LANGUAGE_CODE


def back_in_stock(row: Outbox) -> Letter:
    """Tell one who waits that it is there; not if it is gone again, or they changed their mind."""
    wish = BackInStock.objects.filter(pk=row.payload["wish"]).first()
    if wish is None:
        raise NoLongerNeededError("nobody wants to be told any more")
    sku = Sku.objects.purchasable().filter(pk=wish.sku_id).first()
    page = page_of(sku, wish.language) if sku else None
    if sku is None or page is None:
        raise NoLongerNeededError("it cannot be bought any more")
    goods = Goods(
        title=one_line(page.title),
        variant=one_line(sku.label),
        price=format_money(sku.price.amount, settings.SHOP_CURRENCY, wish.language),
        url=absolute(page),
    )
    return letter_to_who_waits(goods, wish)


def letter_to_who_waits(goods: Goods, wish: BackInStock) -> Letter:
    way_out = settings.BASE_URL + reverse("orders:do_not_tell", args=[wish.key])
    return Letter(
        kind=KINDS[outbox.BACK_IN_STOCK],
        language=wish.language,
        to=wish.email,
        words={"product": goods.title, "variant": goods.variant, "price": goods.price},
        url=goods.url,
        goods=[goods],
        unsubscribe_url=way_out,
    )


def page_of(sku: Sku, language: str) -> ProductPage | None:
    """The public page of a SKU's product, in the language if there is one, else in another."""
    pages = public_of_many(ProductPage.objects).filter(product=sku.product_id)
    found = list(pages.select_related("locale").order_by(F("alias_of").asc(nulls_first=True), "pk"))
    return next((page for page in found if page.locale.language_code == language), None) or next(
        iter(found), None
    )


def absolute(page: Page) -> str:
    """The page's address below the shop's own, whatever host its site is said to have."""
    _site, _root, path = page.get_url_parts()
    return settings.BASE_URL + path


def low_stock(row: Outbox) -> Letter:
    """Tell the merchant of what one transaction has left little of."""
    if not OrderSettings.load().tells_of_low_stock:
        raise NoLongerNeededError("low stock is not reported (settings of orders)")
    skus = Sku.objects.filter(pk__in=row.payload["skus"]).select_related("stock").order_by("code")
    if not skus:
        raise NoLongerNeededError("the SKUs are gone")
    return letter_on_low_stock(goods_of(skus), merchant.address())


def goods_of(skus: Iterable[Sku]) -> list[Goods]:
    """SKUs as the merchant's mail lists them, with the way to each in the admin."""
    found: list[Goods] = []
    skus = list(skus)
    pages: dict[int, ProductPage] = {}
    own = ProductPage.objects.filter(product__in=[sku.product_id for sku in skus])
    for page in own.filter(alias_of__isnull=True).order_by("-pk"):
        pages[page.product_id] = page
    for sku in skus:
        page = pages.get(sku.product_id)
        found.append(
            Goods(
                title=one_line(page.title if page else str(sku.product)),
                variant=one_line(sku.label),
                code=sku.code,
                stock=left(sku.stock.on_hand if hasattr(sku, "stock") else 0),
                url=_admin_url(page),
            )
        )
    return found


def left(count: int) -> str:
    return ngettext("%(count)d left", "%(count)d left", count) % {"count": count}


def _admin_url(page: ProductPage | None) -> str:
    if page is None:
        return ""
    return settings.BASE_URL + reverse("catalog_variants", args=[page.pk])


def letter_on_low_stock(goods: list[Goods], to: str) -> Letter:
    titles = list(dict.fromkeys(one.title for one in goods))
    named = ", ".join(titles[:MOST_IN_SUBJECT])
    if (more := len(titles) - MOST_IN_SUBJECT) > 0:
        named = _("%(titles)s and %(count)d more") % {"titles": named, "count": more}
    return Letter(
        kind=KINDS[outbox.LOW_STOCK],
        language=translation.get_language() or settings.LANGUAGE_CODE,
        to=to,
        words={"products": named},
        url=settings.BASE_URL + reverse("catalog_low_stock"),
        goods=goods,
    )
