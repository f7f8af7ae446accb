"""Addresses that belong to the shop itself: a page published there would be seen by nobody."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from catalog.clusters import ClusterMixin, leave_equal_rows
from catalog.references import noted_once
from catalog.visibility import RestrictedMixin

PLACE = ("path", "depth", "numchild", "url_path")
# What menus and lists of pages go by, and what they call a page.
STANDING = ("live", "show_in_menus", "title", "slug", "locale_id", "alias_of_id")


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


class PlacedMixin(ClusterMixin, RestrictedMixin):
    """A page whose place in the tree is the tree's to say, never an old copy's.

    Wagtail's save() writes path, number of children and address with all the rest, as they were
    when the page was read. Saved while the branch above it moves, the page would be torn out
    of the tree.
    """

    # Wagtail's own index is written by whoever knows which saves write a draft only
    # (``search.listening``).
    search_auto_update = False
    # Whether its last save left it shown or not, named and addressed as it was: then what stands
    # around all pages is still right (``catalog.telling``).
    stands_as_before = False

    def save(self, *args: Any, **kwargs: Any) -> None:
        with noted_once(self, kwargs.get("update_fields")) as stored:
            stored |= self._save_in_place(*args, **kwargs)

    def _save_in_place(self, *args: Any, **kwargs: Any) -> dict[str, list[Model]]:
        """Returns the rows that belong to the page and were not written, being stored like that."""
        if self.pk is None or kwargs.get("update_fields") is not None:
            self.stands_as_before = False
            super().save(*args, **kwargs)
            return {}
        with transaction.atomic():
            # Waits for a move that is under way, and keeps the next one waiting.
            rows = Page.objects.select_for_update(of=("self",)).filter(pk=self.pk)
            row = rows.values(*PLACE, *STANDING).first() or {}
            for name in PLACE if row else ():
                setattr(self, name, row[name])
            self.stands_as_before = bool(row) and all(
                row[name] == getattr(self, name) for name in STANDING
            )
            self.__dict__.pop("_cached_parent_obj", None)
            left = leave_equal_rows(self)
            super().save(*args, **kwargs)
            return left


class AddressMixin(PlacedMixin):
    """Right below a home page, refuses a slug at which another part of the shop answers.

    Where much stands below the page, its new slug is a job's to give (``catalog.moving``).
    """

    def save(self, *args: Any, **kwargs: Any) -> None:
        from catalog import moving

        # A draft is saved with some fields only, and its slug is not one of them.
        fields = kwargs.get("update_fields")
        whole = fields is None or "slug" in fields
        put_off = moving.put_off_renaming(self) if whole else None
        super().save(*args, **kwargs)
        if put_off:
            moving.rename_later(self, put_off)

    def clean(self) -> None:
        super().clean()
        if is_top(self.get_parent()) and is_taken(self.slug):
            raise ValidationError(
                {"slug": _("The shop itself answers at this address. Choose another.")}
            )
