"""The views of price batches in the admin: Wagtail's own, worded for approval."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views import snippets as generic

from catalog.models import PriceBatch, PriceBatchRun
from catalog.models.price_batches import AlreadyApprovedError
from catalog.price_batches import CannotApproveError, CannotEndError, approval, end
from catalog.price_batches.making import unsaved_copy
from catalog.price_batches.working_out import starts
from catalog.price_batches.writing import obstacles

from .price_columns import moment_text

APPROVE = "catalog.publish_pricebatch"
# What may be looked at by whoever may do anything with price batches.
ANY = ("add", "change", "delete", "publish", "view")


def prices_url(batch: PriceBatch) -> str:
    return reverse(batch.snippet_viewset.get_url_name("prices"), args=[batch.pk])


def end_url(batch: PriceBatch) -> str:
    return reverse(batch.snippet_viewset.get_url_name("end"), args=[batch.pk])


def edit_url(batch: PriceBatch) -> str:
    return reverse(batch.snippet_viewset.get_url_name("edit"), args=[batch.pk])


def may_end(user: Any, run: PriceBatchRun | None) -> bool:
    return run is not None and run.is_to_be_ended and user.has_perm(APPROVE)


class _WithoutAutosave:
    """Each save works all prices out, which is for people to ask for."""

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)
        self.autosave_enabled = False

    def get_success_buttons(self) -> list[dict[str, Any]]:
        return [messages.button(prices_url(self.object), _("Look at the prices"))]

    def attempt(
        self, action: Callable[[], HttpResponse | None], failed: str = ""
    ) -> HttpResponse | None:
        """Do what approves the batch; where it cannot be, say why and keep the draft."""
        try:
            return action()
        except (AlreadyApprovedError, CannotApproveError) as error:
            messages.error(
                self.request,
                (failed or _("It was saved, but not approved. %(problems)s")) % {"problems": error},
                buttons=self.get_success_buttons(),
            )
            return redirect(edit_url(self.object))

    def publish_action(self) -> HttpResponse | None:
        return self.attempt(super().publish_action)

    def submit_action(self) -> HttpResponse | None:
        return self._submit(super().submit_action)

    def restart_workflow_action(self) -> HttpResponse | None:
        return self._submit(super().restart_workflow_action)

    def _submit(self, action: Callable[[], HttpResponse | None]) -> HttpResponse | None:
        """Nobody is asked to approve what could not be approved."""

        def submit() -> HttpResponse | None:
            if problems := obstacles(self.object, starts(self.object)):
                raise CannotApproveError(problems)
            return action()

        return self.attempt(submit, _("It was saved, but not submitted. %(problems)s"))

    def get_success_message(self, instance: PriceBatch | None = None) -> str:
        batch = instance or self.object
        if run := PriceBatchRun.objects.filter(batch=batch.pk).first():
            return approved_message(run)
        if self.action == "workflow-action" and approval.approver_of(batch):
            return kept_message(batch)
        text = ngettext(
            "“%(name)s” was saved with %(count)s price. It changes nothing until it is approved.",
            "“%(name)s” was saved with %(count)s prices. They change nothing until it is approved.",
            batch.prices_planned,
        )
        if self.action in ("create", "edit"):
            return text % {"name": batch.name, "count": f"{batch.prices_planned:,}"}
        return super().get_success_message(instance)


def approved_message(run: PriceBatchRun) -> str:
    text = ngettext(
        "“%(name)s” was approved: %(count)s price is in the ledger.",
        "“%(name)s” was approved: %(count)s prices are in the ledger.",
        run.entries,
    )
    return text % {"name": run.batch.name, "count": f"{run.entries:,}"}


def kept_message(batch: PriceBatch) -> str:
    """That it was approved for its launch, and writes nothing before."""
    return _("“%(name)s” is approved: its prices go live with “%(launch)s”, not before.") % {
        "name": batch.name,
        "launch": batch.launch,
    }


class CreateView(_WithoutAutosave, generic.CreateView):
    page_title = gettext_lazy("New price batch")

    def get_success_buttons(self) -> list[dict[str, Any]]:
        # Only after it was saved has it an address.
        return super().get_success_buttons() if self.object and self.object.pk else []


class CopyView(generic.CopyView, CreateView):
    def get_initial_form_instance(self) -> PriceBatch:
        return unsaved_copy(self.get_object())


class EditView(_WithoutAutosave, generic.EditView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if launch := self.object.launch:
            message = _(
                "It is part of the launch “%(launch)s” (%(moment)s). "
                "Submit it for approval: once it is approved, its prices wait for the launch."
            )
            messages.info(
                request,
                message % {"launch": launch, "moment": moment_text(launch.moment)},
                buttons=[
                    messages.button(reverse("launches:inspect", args=[launch.pk]), _("Launch"))
                ],
            )
        return super().get(request, *args, **kwargs)

    @cached_property
    def run(self) -> PriceBatchRun | None:
        return PriceBatchRun.objects.filter(batch=self.object.pk).first()

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = [HeaderButton(_("Prices"), url=prices_url(self.object), icon_name="view")]
        if may_end(self.request.user, self.run):
            early = HeaderButton(_("End early"), url=end_url(self.object), icon_name="cross")
            buttons.append(early)
        return buttons

    @cached_property
    def can_delete(self) -> bool:
        return self.run is None and self.user_has_permission_for_instance("delete", self.object)

    def save_instance(self) -> PriceBatch:
        # What is approved is what was looked at: unless something was changed, nothing is
        # worked out anew on the way.
        self.form.works_out = self.action not in ("publish", "workflow-action")
        return super().save_instance()

    def workflow_action_action(self) -> HttpResponse | None:
        return self.attempt(super().workflow_action_action)


class WorkflowActionView(generic.WorkflowActionView):
    """Approval from the modal, without the form of the batch."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = super().post(request, *args, **kwargs)
        except (AlreadyApprovedError, CannotApproveError) as error:
            messages.error(request, _("It was not approved. %(problems)s") % {"problems": error})
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                return self.render_modal_json(
                    request, {"step": "success", "redirect": self.redirect_url}
                )
            return redirect(self.redirect_url)
        if (batch := self.object).launch and approval.approver_of(batch):
            messages.success(request, kept_message(batch))
        return response


class UnpublishView(generic.UnpublishView):
    """What is in the ledger is not taken back but ended."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(end_url(self.object))


class EndView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "catalog/admin/price_batch_end.html"
    page_title = gettext_lazy("End early")
    header_icon = "cross"

    def dispatch(self, request: HttpRequest, pk: str) -> HttpResponse:
        if not request.user.has_perm(APPROVE):
            raise PermissionDenied
        self.batch = get_object_or_404(PriceBatch.objects.select_related("run"), pk=pk)
        return super().dispatch(request, pk=pk)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        try:
            count = end(self.batch, user=request.user)
        except CannotEndError as error:
            messages.warning(request, str(error))
        else:
            text = ngettext(
                "“%(name)s” was ended: %(count)s price counts no longer.",
                "“%(name)s” was ended: %(count)s prices count no longer.",
                count,
            )
            messages.success(request, text % {"name": self.batch.name, "count": f"{count:,}"})
        return redirect(prices_url(self.batch))

    def get_page_subtitle(self) -> str:
        return self.batch.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *batch_breadcrumbs(self.batch),
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            batch=self.batch,
            run=getattr(self.batch, "run", None),
            prices_url=prices_url(self.batch),
            **kwargs,
        )


def batch_breadcrumbs(batch: PriceBatch) -> list[dict[str, Any]]:
    index = reverse(batch.snippet_viewset.get_url_name("list"))
    return [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": index, "label": capfirst(PriceBatch._meta.verbose_name_plural)},
        {"url": edit_url(batch), "label": batch.name},
    ]
