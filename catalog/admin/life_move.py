"""Moving and copying pages in the admin: large branches in the background, copies told apart."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from catalog import moving, retiring
from catalog.addresses import AddressMixin
from catalog.models import Job, ProductPage

from .life_jobs import see_job, tell


def move_page(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """A large branch moves in the background; a retired product that moves is brought back."""
    if retiring.is_archived(page):
        return _bring_back(request, page, destination) if request.method == "POST" else None
    if not moving.is_large(page):
        return None
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied
    if request.method == "POST":
        return see_job(request, moving.move_later(page, destination, user=request.user))
    context = {
        "page_to_move": page,
        "destination": destination,
        "count": page.get_descendant_count(),
        "under_way": moving.under_way(page),
    }
    return TemplateResponse(request, "catalog/admin/move_large.html", context)


def _bring_back(request: HttpRequest, page: Page, destination: Page) -> HttpResponse:
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied
    page = retiring.bring_back(page, user=request.user, parent=destination)
    tell_brought_back(request, page)
    return redirect("wagtailadmin_explore", destination.pk)


def tell_brought_back(request: HttpRequest, page: ProductPage) -> None:
    messages.success(
        request,
        _("“%(page)s” is back as a draft. Publish it, and it is sold again.")
        % {"page": page.get_admin_display_title()},
        buttons=[messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit"))],
    )


class MovingInBackground(PageBulkAction):
    """Before the bulk action "move": large branches become jobs, retired products come back."""

    def execute_action(
        self,
        pages: Sequence[Page],
        destination: Page | None = None,
        user: Any = None,
        **kwargs: Any,
    ) -> Any:
        self.jobs: list[Job] = []
        moved = 0
        for page in pages:
            if moving.is_large(page):
                self.jobs.append(moving.move_later(page, destination, user=user))
                continue
            # As it is now: moving the one before may have moved this one's row.
            page = Page.objects.get(pk=page.pk)
            if retiring.is_archived(page):
                retiring.bring_back(page, user=user, parent=destination)
            else:
                page.move(destination, pos="last-child", user=user)
            moved += 1
        return moved, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        for job in self.jobs:
            tell(self.request, job)
        if not num_parent_objects:
            return None
        return super().get_success_message(num_parent_objects, num_child_objects)


def tell_under_way(parent: Page, pages: Any, request: HttpRequest) -> Any:
    """In the explorer: that a branch above or below is about to have another place."""
    match = request.resolver_match
    if match and match.url_name in ("wagtailadmin_explore", "wagtailadmin_explore_root"):
        for job in moving.under_way(parent):
            tell(request, job)
    return pages


def tell_renaming(request: HttpRequest, page: Page) -> None:
    """After saving a page whose new address is a job's to give."""
    if not isinstance(page, AddressMixin):
        return
    waiting = Job.objects.filter(
        kind=moving.RENAME,
        state__in=[Job.State.WAITING, Job.State.RUNNING],
        arguments__page=page.pk,
    )
    if job := waiting.first():
        tell(request, job)


def tell_what_copies_need(request: HttpRequest, page: Page, new_page: Page) -> None:
    """A copy is another product: it has no SKU, so nobody can buy it yet."""
    made = list(
        ProductPage.objects.filter(path__startswith=new_page.path, alias_of=None)
        .filter(product__skus=None)
        .order_by("path")[:2]
    )
    if not made:
        return
    if new_page.pk == made[0].pk:
        messages.warning(
            request,
            _("“%(page)s” needs a SKU: nobody can buy it until it has one with a price.")
            % {"page": new_page.title},
            buttons=[
                messages.button(
                    reverse("catalog_variants", args=[new_page.pk]), _("Variants, prices & stock")
                )
            ],
        )
        return
    count = ProductPage.objects.filter(
        path__startswith=new_page.path, alias_of=None, product__skus=None
    ).count()
    message = ngettext(
        "%(count)d copied product needs a SKU; until then nobody can buy it.",
        "%(count)d copied products need SKUs; until then nobody can buy them.",
        count,
    )
    messages.warning(request, message % {"count": count})
