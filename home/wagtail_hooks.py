"""What the house as a whole adds to the Wagtail admin."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from catalog.permissions import COLLECTIONS, PRODUCTS, WORDS
from home import dashboard
from home.viewsets import FrameGroup

register_snippet(FrameGroup)


@hooks.register("register_permissions")
def kinds_of_pages() -> QuerySet[Permission]:
    """What a group may be given in the admin, beside its rights on branches of the tree."""
    wanted = Q()
    for permission in (PRODUCTS, COLLECTIONS, WORDS):
        app, codename = permission.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return Permission.objects.filter(wanted)


@hooks.register("before_create_page")
def only_their_own_kind(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> HttpResponse | None:
    """Below the home page pages of several kinds may stand; each is for those whose kind it is."""
    needed = getattr(page_class, "desk_permission", "")
    if not needed or request.user.has_perm(needed):
        return None
    messages.error(
        request,
        _("You may not add a page of the kind “%(kind)s”.")
        % {"kind": page_class.get_verbose_name()},
    )
    return redirect("wagtailadmin_explore", parent.pk)


@hooks.register("filter_form_submissions_for_user")
def only_who_writes_forms(user: Any, forms: QuerySet[Page]) -> QuerySet[Page]:
    """What shoppers sent is read by those who may edit the form, not by all on its branch."""
    return forms if user.has_perm(WORDS) else forms.none()


@hooks.register("construct_homepage_panels")
def dashboard_panels(request: HttpRequest, panels: list[Component]) -> None:
    panels += dashboard.panels_for(request.user)


@hooks.register("insert_global_admin_css")
def desk_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("admin/css/desk.css"))
