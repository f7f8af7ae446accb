"""Deleting pages in the admin: what it comes to is said before, and nothing sold is lost."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.views.pages.utils import type_to_delete_confirmation
from wagtail.models import Page

from catalog import deleting, jobs
from catalog.affected import affected
from catalog.deleting import DeletionRefusedError, Plan
from catalog.models import Job, ProductPage

from .life_jobs import see_job, tell


def delete_page(request: HttpRequest, page: Page) -> HttpResponse:
    """Instead of Wagtail's own page: ask, then delete or retire, or say why it cannot be."""
    plan = deleting.plan([page])
    next_url = get_valid_next_url_from_request(request)
    if request.method == "POST" and not plan.refusal and type_to_delete_confirmation(request):
        return _delete(request, page, plan, next_url)
    return TemplateResponse(request, "catalog/admin/delete.html", _context(page, plan, next_url))


def _context(page: Page, plan: Plan, next_url: str) -> dict[str, Any]:
    limit = getattr(settings, "WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT", 10)
    is_product = isinstance(page, ProductPage)
    return {
        "page": page,
        "plan": plan,
        "sentences": sentences(plan),
        "affected": affected([page]) if is_product and not plan.refusal else None,
        "only_retires": plan.archived == plan.total,
        "next": next_url,
        "back": next_url or _explorer(page),
        "type_to_confirm_before_delete": plan.total - plan.archived >= limit,
        "total_pages": plan.total - plan.archived,
        "wagtail_site_name": getattr(settings, "WAGTAIL_SITE_NAME", "wagtail"),
    }


def _delete(request: HttpRequest, page: Page, plan: Plan, next_url: str) -> HttpResponse:
    parent = _explorer(page)
    if is_large(plan):
        return see_job(request, deleting.delete_later([page], user=request.user))
    try:
        outcome = deleting.delete([page], user=request.user)
    except DeletionRefusedError as error:
        messages.error(request, str(error))
        return redirect(parent)
    messages.success(request, f"“{page.get_admin_display_title()}”: {outcome.sentence}")
    if outcome.deleted:
        for function in hooks.get_hooks("after_delete_page"):
            result = function(request, page)
            if hasattr(result, "status_code"):
                return result
    return redirect(next_url or parent)


def _explorer(page: Page) -> str:
    return reverse("wagtailadmin_explore", args=[page.get_parent().pk])


def is_large(plan: Plan) -> bool:
    return plan.total > jobs.MOST_PAGES_AT_ONCE


def sentences(plan: Plan) -> list[str]:
    """What deleting comes to, in the words of a merchandiser."""
    if plan.refusal:
        return [plan.refusal]
    said = [*_about_sold(plan)]
    if to_delete := plan.total - plan.archived:
        said.append(
            ngettext(
                "%(count)d page will be deleted, with its drafts and its history.",
                "%(count)d pages will be deleted, with their drafts and their history.",
                to_delete,
            )
            % {"count": to_delete}
        )
    if plan.left:
        said.append(
            ngettext(
                "%(count)d product was never sold. Its SKUs, prices and stock stay until you "
                "delete them under Reports, “Products without a page”.",
                "%(count)d products were never sold. Their SKUs, prices and stock stay until you "
                "delete them under Reports, “Products without a page”.",
                plan.left,
            )
            % {"count": plan.left}
        )
    if is_large(plan):
        said.append(_("This is done in the background, and you can watch how far it is."))
    return said


def _about_sold(plan: Plan) -> list[str]:
    if not plan.sold:
        return []
    if len(plan.sold) == 1 and plan.total == plan.archived:
        times = next(iter(plan.sold.values()))
        first = ngettext(
            "This product was sold %(count)d time: it will be retired, not deleted.",
            "This product was sold %(count)d times: it will be retired, not deleted.",
            times,
        ) % {"count": times}
    else:
        first = ngettext(
            "%(count)d product was sold before: it will be retired, not deleted.",
            "%(count)d products were sold before: they will be retired, not deleted.",
            len(plan.sold),
        ) % {"count": len(plan.sold)}
    return [
        first,
        _(
            "A retired product leaves the shop and its SKUs go off sale. Its page, prices, stock "
            "and orders stay, and you can bring it back."
        ),
    ]


class RetiringDelete(PageBulkAction):
    """Before the bulk action "delete": says what it comes to, and retires what was sold."""

    template_name = "catalog/admin/delete_bulk.html"
    outcome: deleting.Outcome | None = None
    job: Job | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        plan = deleting.plan([item["item"] for item in context["items"]])
        limit = getattr(settings, "WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT", 10)
        to_delete = plan.total - plan.archived
        return context | {
            "plan": plan,
            "sentences": sentences(plan),
            "total_page_count": to_delete,
            "type_to_confirm_before_delete": to_delete >= limit,
        }

    def prepare_action(self, pages: Sequence[Page], pages_without_access: Any) -> Any:
        """Nothing here answers "forbidden": what stands in the way is said by execute_action."""

    def execute_action(self, pages: Sequence[Page], user: Any = None, **kwargs: Any) -> Any:
        plan = deleting.plan(pages)
        if is_large(plan) and not plan.refusal:
            self.job = deleting.delete_later(plan.roots, user=user)
            return 0, 0
        try:
            self.outcome = deleting.delete(pages, user=user)
        except DeletionRefusedError as error:
            messages.error(self.request, str(error))
            return 0, 0
        return self.outcome.deleted, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        if self.job:
            tell(self.request, self.job)
        return self.outcome.sentence if self.outcome else None
