"""Listings of products in the explorer and in the menu, and what is done to many at once."""

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from catalog.admin import bulk_pages, bulk_products
from catalog.admin.explorer import CategoryExplorer, ProductListing, thumbnail


@hooks.register("register_admin_viewset")
def product_listings() -> list[ViewSet]:
    return [CategoryExplorer(), ProductListing()]


@hooks.register("register_admin_urls")
def thumbnail_url() -> list[URLPattern]:
    return [path("products/thumbnails/<int:picture_id>/", thumbnail, name="catalog_thumbnail")]


# After Wagtail's own, in whose place some of them come.
for action in (*bulk_pages.ACTIONS, *bulk_products.ACTIONS):
    hooks.register("register_bulk_action", action, order=1)
