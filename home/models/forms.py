"""Pages with a form that editors put together."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from catalog.addresses import AddressMixin
from catalog.permissions import WORDS, DeskMixin
from catalog.previews import PreviewsMixin
from home import submissions
from home.forms import PageForm, PageFormBuilder

# The last part of the address at which a form says that it was sent.
SENT = "sent"


class FormPage(PreviewsMixin, DeskMixin, AddressMixin, AbstractForm):
    """A page with a form: contact, a request, a survey. What is sent is kept, and mailed on."""

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])
    thanks = RichTextField(
        _("words of thanks"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_("What is read once the form has been sent."),
    )
    send_to = models.EmailField(
        _("mail it to"),
        blank=True,
        help_text=_("Leave empty for the contact address in the shop settings."),
    )

    form_builder = PageFormBuilder
    desk_permission = WORDS
    parent_page_types = ["home.HomePage", "home.ContentPage"]
    subpage_types: list[str] = []

    content_panels = [
        FormSubmissionsPanel(heading=_("What was sent")),
        *AbstractForm.content_panels,
        FieldPanel("intro"),
        InlinePanel("form_fields", heading=_("Fields"), label=_("Field")),
        FieldPanel("thanks"),
        FieldPanel("send_to"),
        HelpPanel(
            _(
                "What shoppers send is mailed, and kept until somebody deletes it under “Forms”. "
                "It may be personal: delete what you no longer need."
            )
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = _("page with a form")
        verbose_name_plural = _("pages with forms")

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [*super().preview_modes, ("landing", gettext("Once it is sent"))]

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if path_components == [SENT]:
            return RouteResult(super().route(request, []).page, kwargs={"is_sent": True})
        return super().route(request, path_components)

    def serve(
        self, request: HttpRequest, *args: Any, is_sent: bool = False, **kwargs: Any
    ) -> HttpResponseBase:
        """The form; once it is sent, an address of its own, which may be loaded again."""
        if is_sent:
            return self.render_landing_page(request)
        if request.method != "POST":
            return self._show(request, self.get_form(page=self))
        form = self.get_form(request.POST, page=self)
        if not form.is_valid():
            return self._show(request, form, status=422)
        if submissions.LIMIT.is_reached_from(request):
            form.add_error(None, submissions.TOO_MANY)
            return self._show(request, form, status=429)
        submissions.keep(self, form.cleaned_data, submissions.place_of(request))
        return redirect(f"{self.get_url(request)}{SENT}/")

    def _show(self, request: HttpRequest, form: PageForm, status: int = 200) -> TemplateResponse:
        context = {**self.get_context(request), "form": form}
        response = TemplateResponse(request, self.get_template(request), context, status=status)
        if status != 200:
            add_never_cache_headers(response)
        return response


class FormField(AbstractFormField):
    page = ParentalKey(FormPage, on_delete=models.CASCADE, related_name="form_fields")
