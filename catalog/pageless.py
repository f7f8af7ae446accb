"""Products whose page was deleted: their facts are still there, and their codes are taken."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Page

from catalog import jobs, retiring, stock
from catalog.deleting import LOST_PAGE, DeletionRefusedError
from catalog.models import Job, Product, ProductOption, ProductPage

DELETE_ALL = "delete_products"


class HasPageError(Exception):
    """The product has a page again."""


def pageless() -> QuerySet[Product]:
    """Products that have no page."""
    return Product.objects.filter(pages=None)


def last_pages(products: Iterable[Product]) -> dict[int, ModelLogEntry]:
    """For each product, the entry that tells of the page it had last; by the product's key."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Product),
        action=LOST_PAGE,
        object_id__in=[str(product.pk) for product in products],
    )
    return {int(entry.object_id): entry for entry in entries.order_by("timestamp", "pk")}


def name_of(product: Product, entry: ModelLogEntry | None) -> str:
    """What to call a product that has no page to be called by."""
    if entry:
        return entry.label
    codes = product.skus.values_list("code", flat=True)[:3]
    return product.handle or ", ".join(codes) or str(product)


@transaction.atomic
def give_page(product: Product, *, title: str, category: Page, user: Any = None) -> ProductPage:
    """Make a draft page for a product that has none; one that was retired is so no longer.

    Raises HasPageError. Whether the user may do this is the caller's to ask.
    """
    stock.lock(product)
    product = Product.objects.select_for_update().get(pk=product.pk)
    if product.pages.exists():
        raise HasPageError
    entry = last_pages([product]).get(product.pk)
    names = entry.data.get("options", []) if entry else []
    slug = slugify(title, allow_unicode=True)[:240] or f"product-{product.pk}"
    page = ProductPage(
        title=title,
        slug=retiring.free_slug(slug, category),
        product=product,
        live=False,
        owner=user,
    )
    page.options = [ProductOption(name=name, sort_order=order) for order, name in enumerate(names)]
    category.add_child(instance=page)
    page.save_revision(user=user, log_action="wagtail.create")
    retiring.sell_again(product)
    return page


@transaction.atomic
def delete_for_good(key: int, *, user: Any = None) -> list[str]:
    """Delete a product without a page, with SKUs, prices and stock; return the codes now free.

    Raises DeletionRefusedError where it has a page, was ever sold, or is gone already.
    """
    product = Product.objects.filter(pk=key).first()
    if product is None:
        raise DeletionRefusedError(_("The product was deleted already."))
    stock.lock(product)
    product = Product.objects.select_for_update().get(pk=key)
    if product.pages.exists():
        raise DeletionRefusedError(_("The product has a page again, so it was not deleted."))
    # Asked under the lock: an order that takes the last one now comes before or after.
    if retiring.times_sold([product.pk]):
        raise DeletionRefusedError(
            _("The product was sold, so its SKUs, prices and stock are kept.")
        )
    codes = list(product.skus.values_list("code", flat=True))
    log(product, "wagtail.delete", user=user, title=", ".join(codes)[:200], deleted=True)
    try:
        with transaction.atomic():
            product.skus.all().delete()
            product.delete()
    except (ProtectedError, RestrictedError) as error:
        raise DeletionRefusedError(
            _("The product was not deleted, because something still needs it.")
        ) from error
    return codes


def delete_all_later(*, user: Any) -> Job:
    """Owe the deletion of all products without a page that were never sold."""
    return jobs.enqueue(DELETE_ALL, _("Delete products without a page for good"), user=user)


@jobs.register(DELETE_ALL)
def delete_all(progress: jobs.Progress) -> Mapping[str, Any]:
    """Do a job of the kind "delete_products": each product in a transaction of its own."""
    keys = list(pageless().order_by("pk").values_list("pk", flat=True))
    sold = retiring.times_sold(keys)
    keys = [key for key in keys if key not in sold]
    progress.advance(0, total=len(keys))
    count = 0
    for key in keys:
        try:
            delete_for_good(key, user=progress.job.user)
            count += 1
        except DeletionRefusedError:
            # It has a page again or was sold meanwhile: then it is none of those.
            pass
        progress.advance()
    sentence = ngettext(
        "%(count)d product was deleted for good.",
        "%(count)d products were deleted for good.",
        count,
    )
    return {"sentences": [sentence % {"count": count}]}
