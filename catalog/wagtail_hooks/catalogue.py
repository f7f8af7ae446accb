"""The menu item "Catalogue", with attributes, brands and tax classes."""

from wagtail.snippets.models import register_snippet

from catalog.admin.catalogue import CatalogueGroup

register_snippet(CatalogueGroup)
