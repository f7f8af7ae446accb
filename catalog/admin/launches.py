"""Launches in the Wagtail admin: list, form, and the one page where everything is done."""

from typing import Any

import django_filters
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultipleChooserPanel, PageChooserPanel
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn, UserColumn
from wagtail.admin.views.generic.models import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page

from catalog.launches import LaunchError
from catalog.launches.states import locked
from catalog.models import Launch

from .launches_add_page import AddPageView
from .launches_desk import ChooseDraftView, LaunchActionView, LaunchView, RollBackView
from .launches_preview import LaunchPreviewView, LaunchShownView
from .price_columns import name_time_zone

LAUNCHES_PER_PAGE = 30
# By name only: catalog imports nobody.
PAGE_TYPES = [
    "catalog.ProductPage",
    "catalog.CategoryPage",
    "catalog.CollectionPage",
    "home.HomePage",
    "home.ContentPage",
]
# What catalog.launches writes; a form that was open meanwhile must not write over it.
FACTS = ["state", "scheduled_by_id", "went_live", "rolled_back", "problem"]


def can_be_launched(page: Page) -> bool:
    """Whether drafts of this page can be part of a launch."""
    return page.specific_class is not None and page.specific_class._meta.label in PAGE_TYPES


class LaunchFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Launch.State.choices)

    class Meta:
        model = Launch
        fields = ["state"]


def remark(launch: Launch) -> str:
    """What somebody who looks through the list should know of a launch."""
    if launch.state == Launch.State.FAILED:
        return launch.problem.partition("\n")[0]
    if not launch.late:
        return ""
    if launch.state == Launch.State.SCHEDULED:
        return _("Due for %(time)s, but no worker has carried it out") % {
            "time": timesince(launch.moment)
        }
    if launch.state == Launch.State.LIVE:
        return _("%(time)s late") % {"time": timesince(launch.moment, launch.went_live)}
    return ""


class LaunchIndexView(IndexView):
    default_ordering = "-moment"
    filterset_class = LaunchFilterSet

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title(
                "name",
                label=pgettext_lazy("of a launch", "Name"),
                sort_key="name",
                get_url=self.get_inspect_url,
            ),
            StatusTagColumn(
                "state",
                label=gettext_lazy("State"),
                accessor=lambda launch: launch.get_state_display(),
                primary=lambda launch: launch.state in (Launch.State.SCHEDULED, Launch.State.LIVE),
                sort_key="state",
            ),
            Column(
                "moment",
                label=gettext_lazy("Goes live at"),
                accessor=lambda launch: timezone.localtime(launch.moment),
                sort_key="moment",
            ),
            Column("page_count", label=gettext_lazy("Pages")),
            Column("batch_count", label=gettext_lazy("Price batches")),
            UserColumn("scheduled_by", blank_display_name="–"),
            DateColumn("went_live", label=gettext_lazy("Went live"), sort_key="went_live"),
            Column("remark", label=gettext_lazy("Remark"), accessor=remark),
        ]

    def get_base_queryset(self) -> QuerySet:
        launches = super().get_base_queryset().select_related("scheduled_by__wagtail_userprofile")
        return launches.annotate(
            page_count=Count("pages", distinct=True), batch_count=Count("batches", distinct=True)
        )

    def get_edit_url(self, instance: Launch) -> str | None:
        return super().get_edit_url(instance) if instance.is_open else None

    def get_delete_url(self, instance: Launch) -> str | None:
        return super().get_delete_url(instance) if instance.is_open else None


class _OnlyWhileOpen:
    """A launch that is scheduled or live stays as it is."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        launch = get_object_or_404(Launch, pk=kwargs["pk"])
        if launch.is_open:
            return super().dispatch(request, *args, **kwargs)
        message = (
            _("“%(launch)s” is scheduled. Take it off the schedule to change it.")
            if launch.state == Launch.State.SCHEDULED
            else _("“%(launch)s” has gone live. It is kept as it is, for the way back.")
        )
        messages.error(request, message % {"launch": launch})
        return redirect("launches:inspect", launch.pk)


class _InYourTime:
    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        name_time_zone(form.fields["moment"])
        return form


class LaunchCreateView(_InYourTime, CreateView):
    submit_button_label = gettext_lazy("Save")

    def get_success_url(self) -> str:
        return reverse("launches:inspect", args=[self.object.pk])


class LaunchEditView(_OnlyWhileOpen, _InYourTime, EditView):
    def get_success_url(self) -> str:
        return reverse("launches:inspect", args=[self.object.pk])

    def save_instance(self) -> Launch:
        now = locked(self.form.instance, *Launch.OPEN)
        for name in FACTS:
            setattr(self.form.instance, name, getattr(now, name))
        return super().save_instance()

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except LaunchError as error:
            self.produced_error_message = str(error)
            return self.form_invalid(form)


class LaunchDeleteView(_OnlyWhileOpen, DeleteView):
    pass


class LaunchViewSet(ModelViewSet):
    model = Launch
    icon = "calendar-check"
    menu_label = gettext_lazy("Launches")
    menu_order = 180
    add_to_admin_menu = True
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = LAUNCHES_PER_PAGE
    search_fields = ["name"]
    search_backend_name = None
    index_view_class = LaunchIndexView
    add_view_class = LaunchCreateView
    edit_view_class = LaunchEditView
    delete_view_class = LaunchDeleteView
    inspect_view_class = LaunchView
    inspect_template_name = "catalog/admin/launch.html"
    panels = [
        FieldPanel("name"),
        FieldPanel("moment"),
        MultipleChooserPanel(
            "pages",
            chooser_field_name="page",
            panels=[PageChooserPanel("page", page_type=PAGE_TYPES)],
            heading=gettext_lazy("Pages"),
            label=gettext_lazy("Page"),
            help_text=gettext_lazy(
                "Of each, the newest draft there is when you schedule the launch goes live."
            ),
        ),
        MultipleChooserPanel(
            "batches",
            chooser_field_name="batch",
            panels=[FieldPanel("batch")],
            heading=gettext_lazy("Price batches"),
            label=gettext_lazy("Price batch"),
            help_text=gettext_lazy(
                "Their prices begin with the launch, or later where they say so themselves."
            ),
        ),
        FieldPanel("notes"),
    ]

    def get_urlpatterns(self) -> list:
        return [
            *super().get_urlpatterns(),
            path("add-page/<int:page_id>/", AddPageView.as_view(), name="add_page"),
            path("<int:pk>/do/<slug:action>/", LaunchActionView.as_view(), name="do"),
            path("<int:pk>/roll-back/", RollBackView.as_view(), name="roll_back"),
            path("<int:pk>/draft/<int:part>/", ChooseDraftView.as_view(), name="choose_draft"),
            path("<int:pk>/preview/", LaunchPreviewView.as_view(), name="preview"),
            path("<int:pk>/preview/shop/", LaunchShownView.as_view(), name="shown"),
            path("<int:pk>/preview/shop/<path:path>", LaunchShownView.as_view(), name="shown_path"),
        ]
