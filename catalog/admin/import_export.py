"""Import and export in the admin: upload, see what would change, then let a worker do it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page, Site

from catalog.exporting import jobs as exporting
from catalog.importing import jobs as importing
from catalog.models import CategoryPage, Job
from catalog.permissions import PRODUCTS

from .jobs import policy as jobs_policy

# What a file may say: words, prices and stock alike.
NEEDED = (PRODUCTS, "catalog.change_sku", "catalog.add_price", "catalog.change_stock")
LARGEST_FILE = 50 * 1024 * 1024
ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")


def may_import(user: Any) -> bool:
    return user.has_perms(NEEDED)


def default_parent() -> Page | None:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return site.root_page if site else None


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A CSV of Shopify or WooCommerce, or a CSV or XLSX that was exported here."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    parent = forms.ModelChoiceField(
        label=gettext_lazy("New categories go below"),
        queryset=Page.objects.all(),
        widget=AdminPageChooser(target_models=[Page]),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(ENDINGS):
            raise forms.ValidationError(_("Choose a CSV or XLSX file."))
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB; split it, or use the command line.")
                % {"most": LARGEST_FILE // (1024 * 1024)}
            )
        return file

    def clean_parent(self) -> Page:
        page = self.cleaned_data["parent"].specific
        if not CategoryPage.can_create_at(page):
            raise forms.ValidationError(_("Categories cannot be put under this page."))
        if not page.permissions_for_user(self.user).can_publish_subpage():
            raise forms.ValidationError(_("You may not publish pages below this one."))
        return page


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[
            ("xlsx", gettext_lazy("Excel (XLSX)")),
            ("csv", gettext_lazy("Text (CSV)")),
        ],
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Only this category"),
        queryset=CategoryPage.objects.all(),
        required=False,
        widget=AdminPageChooser(target_models=[CategoryPage]),
        help_text=gettext_lazy("Leave it empty for all products."),
    )
    with_cost = forms.BooleanField(label=gettext_lazy("With what they cost you"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.has_perm("catalog.view_cost"):
            del self.fields["with_cost"]


class ImportExportView(WagtailAdminTemplateMixin, View):
    """Both forms on one page, and the latest jobs of either kind."""

    template_name = "catalog/admin/import_export.html"
    page_title = gettext_lazy("Import & export")
    header_icon = "download"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        if "export" in request.POST:
            form = ExportForm(request.POST, user=request.user)
            if form.is_valid():
                job = exporting.enqueue(
                    request.user,
                    form.cleaned_data["format"],
                    category=form.cleaned_data["category"],
                    with_cost=form.cleaned_data.get("with_cost", False),
                )
                return redirect("catalog_jobs:detail", job.pk)
            return self.show(export_form=form)
        form = ImportForm(request.POST, request.FILES, user=request.user)
        if form.is_valid():
            job = importing.enqueue_trial(
                request.user, form.cleaned_data["file"], form.cleaned_data["parent"]
            )
            return redirect("catalog_jobs:detail", job.pk)
        messages.error(request, _("Nothing was uploaded yet. Please mend what is marked below."))
        return self.show(import_form=form)

    def show(self, **forms_shown: Any) -> HttpResponse:
        user = self.request.user
        kinds = [importing.TRIAL, importing.IMPORT, exporting.KIND]
        seen = jobs_policy.instances_user_has_any_permission_for(user, {"view"})
        context = {
            "import_form": ImportForm(initial={"parent": default_parent()}, user=user),
            "export_form": ExportForm(user=user),
            "jobs": seen.filter(kind__in=kinds).defer("report")[:10],
            **forms_shown,
        }
        return self.render_to_response(self.get_context_data(**context))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class StartImportView(View):
    """Do what a trial has shown: the same file, to the same place."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        seen = jobs_policy.instances_user_has_any_permission_for(request.user, {"view"})
        trial = get_object_or_404(seen, pk=pk, kind=importing.TRIAL, state=Job.State.DONE)
        # Pressed twice, the button asks for one import.
        begun = Job.objects.filter(kind=importing.IMPORT, arguments__trial=trial.pk)
        unfinished = begun.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])
        job = unfinished.first() or importing.enqueue_import(request.user, trial)
        return redirect(reverse("catalog_jobs:detail", args=[job.pk]))
