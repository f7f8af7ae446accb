"""The front of the house: the home page, pages of words, and the shop's own settings."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from catalog import cards, sorts
from catalog.addresses import AddressMixin
from catalog.blocks import StoryBlock
from catalog.models import CategoryPage, ProductPage
from catalog.permissions import WORDS, DeskMixin
from catalog.previews import ListingPreviewsMixin, PreviewsMixin
from home import submissions
from home.forms import PageForm, PageFormBuilder

NEWEST_ON_HOME = 8
# The last part of the address at which a form says that it was sent.
SENT = "sent"


@register_setting(icon="cog")
class ShopSettings(BaseSiteSetting):
    name = models.CharField(_("name of the shop"), max_length=100, default="Storefront")
    tagline = models.CharField(_("one line about it"), max_length=200, blank=True)
    contact_email = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_("Shown to shoppers; answers to the shop's mails go there."),
    )
    footer = RichTextField(_("footer"), blank=True, features=["bold", "italic", "link"])

    panels = [
        FieldPanel("name"),
        FieldPanel("tagline"),
        FieldPanel("contact_email"),
        FieldPanel("footer"),
    ]

    class Meta:
        verbose_name = _("shop settings")


class HomePage(ListingPreviewsMixin, DeskMixin, Page):
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    desk_permission = WORDS
    holds_other_kinds = True
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "catalog.CategoryPage",
        "catalog.CollectionPage",
        "home.ContentPage",
        "home.FormPage",
        "social.NewsletterIndexPage",
    ]

    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("intro"),
        FieldPanel("picture"),
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["categories"] = (
            CategoryPage.objects.child_of(self)
            .live()
            .public()
            .select_related("picture")
            .prefetch_related("picture__renditions")
        )
        products = ProductPage.objects.live().public().descendant_of(self)
        newest = cards.sorted_pages(products, sorts.DEFAULT_SORT)[:NEWEST_ON_HOME]
        context["cards"] = cards.cards(newest)
        return context


class ContentPage(PreviewsMixin, DeskMixin, AddressMixin, Page):
    """A page of words: about us, delivery, terms."""

    body = StreamField(StoryBlock(), verbose_name=_("text"), blank=True)

    desk_permission = WORDS
    subpage_types = ["home.ContentPage"]
    parent_page_types = ["home.HomePage", "home.ContentPage"]

    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("content page")


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
        return [*super().preview_modes, ("landing", _now("Once it is sent"))]

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
