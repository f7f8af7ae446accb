"""The newsletter's story: issues that editors write, and the page where one signs up for them."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, RichTextBlock, StreamBlock, StructBlock, URLBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from catalog import kept
from catalog.addresses import AddressMixin
from catalog.blocks import ProductsBlock
from catalog.permissions import WORDS, DeskMixin
from catalog.previews import PreviewsMixin

ISSUES_PER_PAGE = 20
# Ways to preview an issue.
MAIL_HTML, MAIL_TEXT = "mail", "mail-text"
WORDS_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link"]


class ButtonBlock(StructBlock):
    text = CharBlock(label=_("Text"), max_length=60)
    url = URLBlock(label=_("Address"))

    class Meta:
        label = _("Button")
        icon = "link"
        template = "social/newsletter/blocks/button.html"


class IssueBlock(StreamBlock):
    text = RichTextBlock(
        features=WORDS_FEATURES, label=_("Text"), template="social/newsletter/blocks/text.html"
    )
    picture = ImageBlock(label=_("Picture"), template="social/newsletter/blocks/picture.html")
    products = ProductsBlock()
    button = ButtonBlock()


class NewsletterIndexPage(PreviewsMixin, DeskMixin, AddressMixin, Page):
    """Where shoppers sign up, and find the issues that were published."""

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    desk_permission = WORDS
    parent_page_types = ["home.HomePage"]
    subpage_types = ["social.NewsletterPage"]
    max_count_per_parent = 1

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("newsletter")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        issues = NewsletterPage.objects.child_of(self).live().public() if self.path else []
        if self.path:
            kept.shows(f"below:{self.path}")
            issues = issues.order_by("-first_published_at", "-pk")
        context["page_obj"] = Paginator(issues, ISSUES_PER_PAGE).get_page(request.GET.get("page"))
        return context


class NewsletterPage(PreviewsMixin, DeskMixin, AddressMixin, Page):
    """One issue. Its title is the mail's subject; publishing shows it, and sends nothing."""

    preview_text = models.CharField(
        _("line after the subject"),
        max_length=150,
        blank=True,
        help_text=_("Mail programs show it beside the subject."),
    )
    body = StreamField(IssueBlock(), verbose_name=_("text"), blank=True)

    desk_permission = WORDS
    parent_page_types = ["social.NewsletterIndexPage"]
    subpage_types: list[str] = []

    content_panels = [*Page.content_panels, FieldPanel("preview_text"), FieldPanel("body")]

    class Meta:
        verbose_name = _("issue of the newsletter")
        verbose_name_plural = _("issues of the newsletter")

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [
            ("", _("On the web")),
            (MAIL_HTML, _("As a mail")),
            (MAIL_TEXT, _("As a mail in plain text")),
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from social.newsletter import issue

        if mode_name not in (MAIL_HTML, MAIL_TEXT):
            return super().serve_preview(request, mode_name)
        rendered = issue.render(self).for_key("preview")
        if mode_name == MAIL_TEXT:
            return HttpResponse(rendered.text, content_type="text/plain; charset=utf-8")
        return HttpResponse(rendered.html)
