"""A launch as a whole, before it happens: the shop as it will be at its moment, in a frame.

Each page that is shown there is the shop's own answer after the launch was really carried
out, in a transaction that is rolled back (``catalog.rehearsal``). The addresses in it
begin with that of the preview, so that whoever follows a link stays in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page, Site
from wagtail.utils.decorators import xframe_options_sameorigin_override

from catalog import launches
from catalog.launches.carrying_out import pages_of
from catalog.launches.parts import Problem
from catalog.models import Launch
from catalog.previews import SIZES
from catalog.rehearsal import rehearsal

from .launches_desk import policy

# What the shop's address is put together from; never cookies, nor who is signed in.
KEPT = ["SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "REMOTE_ADDR", "HTTP_USER_AGENT"]
KEPT += ["HTTP_ACCEPT_LANGUAGE", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme"]


class _PreviewView(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy.user_has_any_permission(request.user, ["add", "change", "delete", "view"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def launch(self) -> Launch:
        return get_object_or_404(Launch, pk=self.kwargs["pk"])

    @cached_property
    def shop_url(self) -> str:
        return reverse("launches:shown", args=[self.launch.pk])

    @contextmanager
    def as_launched(self) -> Iterator[list[Problem]]:
        """The shop as it will be, with addresses below the preview's own; nothing of it stays."""
        prefix = get_script_prefix()
        set_script_prefix(self.shop_url)
        try:
            with rehearsal(max(self.launch.moment, timezone.now())):
                yield launches.rehearse(self.launch)
        finally:
            set_script_prefix(prefix)


class LaunchPreviewView(WagtailAdminTemplateMixin, _PreviewView):
    """What is in the launch, beside a frame with the shop after it."""

    template_name = "catalog/admin/launch_preview.html"
    page_title = gettext_lazy("Preview")
    header_icon = "view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        with self.as_launched() as problems:
            site = Site.find_for_request(request)
            places = list(self._places(site))
        return self.render_to_response(
            self.get_context_data(
                launch=self.launch,
                moment=max(self.launch.moment, timezone.now()),
                places=places,
                problems=[str(problem) for problem in problems],
                shop_url=self.shop_url,
                sizes=SIZES,
            )
        )

    def _places(self, site: Site | None) -> Iterator[dict[str, Any]]:
        """The launch's own pages, and those that list them: the home page and the categories."""
        if site is None:
            return
        home = site.root_page.localized
        own = {part.page_id for part in pages_of(self.launch) if part.page_id}
        parts = list(Page.objects.filter(pk__in=own).order_by("path").specific())
        above = Page.objects.none()
        for page in parts:
            above = above | Page.objects.ancestor_of(page).descendant_of(home)
        for page in parts:
            yield self._place(page, is_part=True)
        if home.pk not in own:
            yield self._place(home)
        for page in above.exclude(pk__in=own).live().distinct().order_by("path"):
            yield self._place(page)

    def _place(self, page: Page, is_part: bool = False) -> dict[str, Any]:
        found = page.get_url_parts(self.request)
        address = found[2] if found and page.live else ""
        return {
            "title": page.title,
            "kind": page.page_type_display_name,
            "is_part": is_part,
            "address": address,
        }

    def get_page_subtitle(self) -> str:
        return str(self.launch)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        back = reverse("launches:inspect", args=[self.launch.pk])
        return [HeaderButton(_("Back to the launch"), url=back, icon_name="calendar-check")]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("launches:index"), "label": _("Launches")},
            {"url": reverse("launches:inspect", args=[self.launch.pk]), "label": str(self.launch)},
            {"url": "", "label": self.get_page_title()},
        ]


class _Handler(BaseHandler):
    """The shop's own middleware around a page, and around nothing but a page."""

    def _get_response(self, request: HttpRequest) -> HttpResponse:
        request.user = AnonymousUser()
        found = Page.route_for_request(request, request.path_info.lstrip("/"))
        if found is None:
            raise Http404
        page, args, kwargs = found
        response = page.serve(request, *args, **kwargs)
        return response.render() if hasattr(response, "render") else response


# Whoever presses "Add to cart" in the preview is told that nothing is sold there.
@method_decorator([csrf_exempt, xframe_options_sameorigin_override], name="dispatch")
class LaunchShownView(_PreviewView):
    """One page of the shop as it will be after the launch, for the frame."""

    def get(self, request: HttpRequest, pk: int, path: str = "") -> HttpResponse:
        asked = self._asked(request, path)
        if not _is_a_page(asked.path_info):
            return self.outside(request)
        language = translation.get_language()
        try:
            with timezone.override(timezone.get_default_timezone()), self.as_launched():
                handler = _Handler()
                handler.load_middleware()
                response = handler.get_response(asked)
        finally:
            translation.activate(language)
        # What is for a shopper's browser must not reach the editor's session.
        response.cookies.clear()
        response["Cache-Control"] = "private, no-store"
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    def post(self, request: HttpRequest, pk: int, path: str = "") -> HttpResponse:
        return self.outside(request)

    def outside(self, request: HttpRequest) -> HttpResponse:
        """Cart, search and checkout are not drafts: they are as they are."""
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204)
        context = {"shop_url": self.shop_url}
        return render(request, "catalog/preview_outside.html", context)

    def _asked(self, request: HttpRequest, path: str) -> WSGIRequest:
        meta = {name: request.META[name] for name in KEPT if name in request.META}
        asked = WSGIRequest(
            {
                **meta,
                "REQUEST_METHOD": "GET",
                "SCRIPT_NAME": self.shop_url.rstrip("/"),
                "PATH_INFO": f"/{path}".encode().decode("latin-1"),
                "QUERY_STRING": request.META.get("QUERY_STRING", ""),
                "SERVER_PROTOCOL": "HTTP/1.1",
                "wsgi.input": BytesIO(),
            }
        )
        asked.is_dummy = asked.is_preview = True
        return asked


def _is_a_page(path: str) -> bool:
    # The shop's addresses depend on the language in them, not on that of the admin.
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            return resolve(path).url_name == "wagtail_serve"
        except Resolver404:
            return True
