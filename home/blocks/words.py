"""Blocks of words: text, a quote, and questions with their answers."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StructBlock, TextBlock

from catalog.blocks import RICH_TEXT_FEATURES

# Within a block that has a title of its own.
SHORT_FEATURES = ["bold", "italic", "link", "ol", "ul"]
LINE_FEATURES = ["bold", "italic", "link"]


def text_block(group: Any) -> RichTextBlock:
    return RichTextBlock(
        features=RICH_TEXT_FEATURES,
        label=_("Text"),
        icon="pilcrow",
        group=group,
        template="home/blocks/text.html",
        preview_value=(
            "<h2>Paper first</h2><p>Each print is made when it is ordered, on cotton paper that "
            "keeps its colour for a lifetime.</p>"
        ),
        description=_("Words with headings, lists and links."),
    )


class QuoteBlock(StructBlock):
    text = TextBlock(label=_("Quote"), max_length=600, rows=3)
    author = CharBlock(label=_("Who said it"), max_length=120, required=False)
    source = CharBlock(
        label=_("Where, or who that is"),
        max_length=160,
        required=False,
        help_text=_("Such as a newspaper, or “architect in Lyon”."),
    )

    class Meta:
        label = _("Quote")
        icon = "openquote"
        template = "home/blocks/quote.html"
        description = _("What somebody said of the shop or of what it sells, in large letters.")
        preview_value = {
            "text": "The only wall in our flat that everybody stops at.",
            "author": "Mara Lindqvist",
            "source": "",
        }


class QuestionBlock(StructBlock):
    question = CharBlock(label=_("Question"), max_length=200)
    answer = RichTextBlock(label=_("Answer"), features=SHORT_FEATURES)

    class Meta:
        icon = "help"


class FaqBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=120, required=False)
    questions = ListBlock(QuestionBlock(label=_("Question")), label=_("Questions"), min_num=1)

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        template = "home/blocks/faq.html"
        description = _("Questions that open to show their answer.")
        preview_value = {
            "title": "Good to know",
            "questions": [
                {
                    "question": "How long does a print take?",
                    "answer": "<p>Three working days, and two more on the road.</p>",
                },
                {"question": "Can I return it?", "answer": "<p>Yes, within thirty days.</p>"},
            ],
        }
