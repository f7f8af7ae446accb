"""Retire products that were sold, instead of deleting them, and bring them back.

A retired product keeps all its facts; its SKUs are off sale, and its pages, unpublished,
stand in the archive of their home page.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, PageViewRestriction

from catalog import listing, stock
from catalog.models import ArchivePage, Product, ProductPage, Retirement, Sku
from catalog.signals import SOLD, product_figures

RETIRED = "catalog.retire"
BROUGHT_BACK = "catalog.bring_back"


class NoPlaceError(Exception):
    """There is no category to bring a page back to; the message says what to do."""


def times_sold(product_ids: Iterable[int]) -> dict[int, int]:
    """In how many lines of orders each product stands; those never sold are left out."""
    return product_figures.of(SOLD, product_ids)


def retire(pages: Iterable[Page], *, user: Any = None) -> list[Product]:
    """Retire the products of these product pages; return those that were not retired before.

    Each one in a transaction of its own (a caller's transaction holds them together): its
    SKUs go off sale, and its pages in all languages are unpublished and moved to the
    archive. Aliases are unpublished with their source and stay where they are. Whether the
    user may do this is the caller's to ask.
    """
    found = ProductPage.objects.filter(pk__in=[page.pk for page in pages])
    ids = sorted(set(found.values_list("product_id", flat=True)))
    return [product for pk in ids if (product := _retire(pk, user))]


@transaction.atomic
def _retire(product_id: int, user: Any) -> Product | None:
    product = Product.objects.get(pk=product_id)
    stock.lock(product)
    product = Product.objects.select_for_update().get(pk=product_id)
    if product.retired:
        return None
    skus = product.skus.filter(is_active=True)
    retirement = Retirement(product=product, user=user)
    retirement.on_sale = list(skus.values_list("pk", flat=True))
    skus.update(is_active=False)
    product.retired = timezone.now()
    product.save(update_fields=["retired"])
    listing.refresh([product.pk])
    for page in ProductPage.objects.filter(product=product, alias_of=None).order_by("path"):
        retirement.places[str(page.pk)] = {"parent": page.get_parent().pk, "slug": page.slug}
        _archive(page, user)
    retirement.save()
    return product


def _archive(page: ProductPage, user: Any) -> None:
    if state := page.current_workflow_state:
        state.cancel(user=user)
    UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)
    page.revisions.update(approved_go_live_at=None)
    archive = archive_of(page)
    # Two pages of one slug may meet there. Not by save(), which would record the passing
    # address; the move below works out the new one.
    slug = f"{page.slug[:230]}-{page.pk}"
    Page.objects.filter(pk=page.pk).update(
        slug=slug, locked=True, locked_by=None, locked_at=timezone.now()
    )
    ProductPage.objects.get(pk=page.pk).move(archive, pos="last-child")
    log(ProductPage.objects.get(pk=page.pk), RETIRED, user=user)


def archive_of(page: Page) -> ArchivePage:
    """The archive below the page's home page, made when it is first asked for."""
    home = page.get_ancestors().get(depth=2)
    if found := ArchivePage.objects.child_of(home).first():
        return found
    with transaction.atomic():
        # A rival may be making it: one after the other.
        home = Page.objects.select_for_update().get(pk=home.pk)
        if found := ArchivePage.objects.child_of(home).first():
            return found
        with override(home.locale.language_code):
            title = _("Retired products")
        slug = free_slug(slugify(title, allow_unicode=True) or "retired-products", home)
        archive = home.add_child(
            instance=ArchivePage(title=title, slug=slug, live=False, locale=home.locale)
        )
        # Nobody is in its groups, because it has none: so nothing in it is public.
        PageViewRestriction.objects.create(
            page=archive, restriction_type=PageViewRestriction.GROUPS
        )
    return archive


def is_archived(page: Page) -> bool:
    parent = page.get_parent()
    return parent is not None and issubclass(parent.specific_class or Page, ArchivePage)


def former_parent(page: ProductPage) -> Page | None:
    """The category in which an archived page stood; None where that is gone."""
    retirement = Retirement.objects.filter(product=page.product_id).first()
    place = retirement.places.get(str(page.pk)) if retirement else None
    return Page.objects.filter(pk=place["parent"]).first() if place else None


@transaction.atomic
def bring_back(page: Page, *, user: Any = None, parent: Page | None = None) -> ProductPage:
    """Put a retired product's page back as a draft, below ``parent`` or where it stood before.

    Its SKUs are on sale again as they were, and its pages in other languages go back
    with it, each to its former category if that is still there. Nothing is published: the
    page waits for an editor who looks at it. Raises NoPlaceError where no category is left.
    """
    page = ProductPage.objects.get(pk=page.pk)
    stock.lock(page.product)
    product = Product.objects.select_for_update().get(pk=page.product_id)
    retirement = Retirement.objects.filter(product=product).first()
    places = retirement.places if retirement else {}
    parent = parent or former_parent(page)
    if parent is None:
        raise NoPlaceError(_("The category in which it stood was deleted. Choose another."))
    _put_back(page, parent, places, user)
    others = ProductPage.objects.filter(product=product, alias_of=None).exclude(pk=page.pk)
    for other in others:
        if is_archived(other) and (former := former_parent(other)):
            _put_back(other, former, places, user)
    sell_again(product)
    if retirement and not any(is_archived(other) for other in others.all()):
        retirement.delete()
    return ProductPage.objects.get(pk=page.pk)


def sell_again(product: Product) -> None:
    """Undo what retiring did to a product's facts, in a transaction that holds its stock."""
    if not product.retired:
        return
    retirement = Retirement.objects.filter(product=product).first()
    on_sale = retirement.on_sale if retirement else []
    Sku.objects.filter(product=product, pk__in=on_sale).update(is_active=True)
    product.retired = None
    product.save(update_fields=["retired"])
    listing.refresh([product.pk])


def _put_back(page: ProductPage, parent: Page, places: dict[str, Any], user: Any) -> None:
    if not is_archived(page):
        return
    wanted = places.get(str(page.pk), {}).get("slug") or page.slug
    Page.objects.filter(pk=page.pk).update(
        slug=free_slug(wanted, parent), locked=False, locked_at=None
    )
    ProductPage.objects.get(pk=page.pk).move(parent, pos="last-child")
    log(ProductPage.objects.get(pk=page.pk), BROUGHT_BACK, user=user)


def free_slug(wanted: str, parent: Page) -> str:
    """``wanted``, or with a number behind it where the parent has a page of that name."""
    alike = parent.get_children().filter(slug__startswith=wanted[:240])
    taken = set(alike.values_list("slug", flat=True))
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted[:240]}-{number}"
    return slug
