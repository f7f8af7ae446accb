"""Addresses that belong to the shop itself: a page published there would be seen by nobody."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


def is_taken(slug: str) -> bool:
    """Whether the shop answers at or below ``/slug/`` by something other than a page."""
    files = (urlsplit(url).path.strip("/") for url in (settings.STATIC_URL, settings.MEDIA_URL))
    if slug in {*files, *dict(settings.LANGUAGES)}:
        return True
    # Under the default language, which has no prefix.
    with translation.override(settings.LANGUAGE_CODE):
        return not all(map(_is_for_pages, (f"/{slug}/", f"/{slug}/x/")))


def _is_for_pages(path: str) -> bool:
    try:
        return resolve(path).url_name == "wagtail_serve"
    except Resolver404:
        return True


def is_top(parent: Page | None) -> bool:
    """Whether the slugs of a page's children are the first part of their addresses."""
    return parent is not None and (parent.depth == 2 or parent.is_site_root())


class AddressMixin:
    """Right below a home page, refuses a slug at which another part of the shop answers."""

    def clean(self) -> None:
        super().clean()
        if is_top(self.get_parent()) and is_taken(self.slug):
            raise ValidationError(
                {"slug": _("The shop itself answers at this address. Choose another.")}
            )
