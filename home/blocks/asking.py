"""Blocks in which shoppers write something: a form of the shop, the newsletter."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock

from home.blocks.choosers import PageChooser
from home.blocks.words import LINE_FEATURES


class FormBlock(StructBlock):
    """A form in place. It is sent to its own page, which says what is wrong or thanks."""

    title = CharBlock(
        label=_("Title"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty for the title of the form's page."),
    )
    form = PageChooser("home.FormPage", label=_("Page with the form"))

    class Meta:
        label = _("Form")
        icon = "form"
        template = "home/blocks/form.html"
        description = _("A form of one of the shop's pages, to be filled in right here.")

    def get_preview_value(self) -> Any:
        from home.models import FormPage

        form = FormPage.objects.live().public().order_by("pk").first()
        return self.normalize({"title": "", "form": form})

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from home.blocks.loading import shown_in

        context = super().get_context(value, parent_context=parent_context)
        page = shown_in(context, self, value).form_page(value)
        context["form_page"] = page
        if page is not None:
            # Another form may stand on the same page: their fields need names of their own.
            number = context.get("number", "")
            context["form"] = page.get_form(page=page, auto_id=f"form-{number}-%s")
        return context


class NewsletterBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=120)
    words = RichTextBlock(label=_("Words"), required=False, features=LINE_FEATURES)

    class Meta:
        label = _("Newsletter")
        icon = "mail"
        template = "home/blocks/newsletter.html"
        description = _("Sign up for the newsletter. There is one on a page.")
        preview_value = {
            "title": "Four letters a year",
            "words": "<p>One idea for your walls in each of them.</p>",
        }
