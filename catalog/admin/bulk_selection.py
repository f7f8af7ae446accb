"""Which pages a bulk action is about: those that were ticked, or all of the listing shown.

Wagtail's own "select all in listing" knows the words searched for and forgets the filters,
so that unpublishing "everything of this brand" would unpublish the whole category. Here the
listing itself is asked again, by the address that it was shown at.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.viewsets.pages import page_viewset_registry
from wagtail.models import Page

from catalog.keys import read_keys

from .explorer import ProductIndexView

PRODUCTS_LISTING = "products:index"
# One transaction writes all of them, about 40 queries each; on SQLite everybody else waits.
MOST_AT_ONCE = 200


class ListedPages(PageBulkAction):
    """Before a bulk action on pages: all of the listing means what its filters have left."""

    most_at_once = MOST_AT_ONCE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if problem := self.problem():
            messages.error(request, problem)
            # Without an address to go back to, Wagtail would come here again.
            back = self.next_url != request.path
            return redirect(self.next_url if back else "wagtailadmin_home")
        return super().dispatch(request, *args, **kwargs)

    def problem(self) -> str:
        """Why nothing can be done with what was chosen; empty where something can."""
        if not self.selected:
            return _("No page was chosen. Nothing was changed.")
        if len(self.selected) <= self.most_at_once:
            return ""
        return _(
            "These are more than %(most)s pages, and at most that many can be dealt with at "
            "once. Nothing was changed. Narrow the listing down by its filters first."
        ) % {"most": intcomma(self.most_at_once)}

    @cached_property
    def selected(self) -> list[int]:
        """Keys of the chosen pages; never more than one above what is allowed."""
        asked = self.request.GET.getlist("id")
        if "all" in asked:
            listed = self._listed()[: self.most_at_once + 1]
            return [getattr(page, "pk", page) for page in listed]
        return sorted(set(read_keys(asked)))

    def _listed(self) -> Any:
        if parents := read_keys(self.request.GET.getlist("childOf")):
            return children_listed(self.request, parents[-1])
        if self._came_from_products():
            view = ProductIndexView()
            view.setup(self.request)
            return keys_of(view)
        if self.request.GET.get("q"):
            # Wagtail's search over all pages.
            return super().get_all_objects_in_listing_query(None)
        # A listing whose filters nobody knows here: certainly not all pages of the site.
        return ()

    def _came_from_products(self) -> bool:
        try:
            return resolve(urlsplit(self.next_url).path).view_name == PRODUCTS_LISTING
        except Resolver404:
            return False

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        return self.selected

    @classmethod
    def get_queryset(
        cls, model: type[Page], object_ids: Iterable[Any], *, light: bool = False
    ) -> list[Page]:
        """The pages as what they are, in the order of the tree; ``light``: without their texts."""
        found = model.objects.filter(pk__in=read_keys(object_ids)).order_by("path")
        pages = list((found.defer_streamfields() if light else found).specific())
        if not pages:
            raise Http404
        return pages


def children_listed(request: HttpRequest, parent_id: int) -> Any:
    """Keys of what the explorer lists below a page, with the filters and words of the request."""
    parent = get_object_or_404(Page, pk=parent_id).specific
    index = page_viewset_registry.get_by_parent_model(type(parent)).index_view
    view = index.view_class(**index.view_initkwargs)
    view.setup(request, parent_page_id=parent_id)
    view.parent_page = parent
    view.locale = None
    return keys_of(view)


def keys_of(view: Any) -> Any:
    """Keys of all that a listing holds, or what a search found; both can be cut to pieces."""
    listed = view.get_queryset()
    return listed.values_list("pk", flat=True) if isinstance(listed, QuerySet) else listed
