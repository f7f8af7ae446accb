"""The demo shop writes, and is written to: its newsletter, who gets it, and its contact form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import Page
from wagtail.rich_text import RichText

from catalog.models import ProductPage
from home.demo.members import READERS, SUBSCRIBERS
from home.models import FormField, FormPage
from social.models import NewsletterIndexPage, NewsletterPage, Subscriber, User

Publish = Callable[[Page, Page], None]
LANGUAGE = "en"
FORM, NEWSLETTER = "Write to us", "Newsletter"

# Label, kind, whether it must be filled in, choices.
FIELDS = (
    ("Your name", "singleline", True, ""),
    ("Email", "email", True, ""),
    ("Topic", "dropdown", True, "An order\nA picture or a frame\nA commission\nSomething else"),
    ("Message", "multiline", True, ""),
)
SENT = (
    ("Rosa Klein", "rosa.klein@example.com", "A picture or a frame",
     "Do you frame Low Tide as well? It is only offered without one."),
    ("Ben Hart", "ben.hart@example.com", "A commission",
     "We open a small hotel in May: eleven rooms, eleven bare walls. May we call you?"),
    ("Ida Novak", "ida.novak@example.com", "Something else",
     "No question at all. The tube that does not roll off tables made my week."),
)  # fmt: skip


@dataclass(frozen=True)
class Issue:
    title: str
    preview: str
    days: int
    words: str
    row: str
    codes: tuple[str, ...]
    closing: str


ISSUES = (
    Issue(
        title="A wall is a page",
        preview="How to hang three pictures that get on with each other.",
        days=61,
        words=(
            "<p>Most walls are filled from the middle, and then there is no room left at the "
            "sides. Begin at one edge instead, as you would on a page.</p>"
            "<h2>Three rules, all of them breakable</h2>"
            "<ul><li>The middle of a picture hangs at the height of your eyes.</li>"
            "<li>Two pictures stand a hand apart.</li>"
            "<li>The loud one goes to the left, where reading begins.</li></ul>"
        ),
        row="Three that get on",
        codes=("QUARTER", "OLIVE", "MOONS"),
        closing="<p>Until the leaves turn,<br/>Paper &amp; Ink</p>",
    ),
    Issue(
        title="Night, in seven blues",
        preview="Moons, an hour of stars, and a voice on black paper.",
        days=12,
        words=(
            "<p>It gets dark early now, which suits a part of our catalogue very well. Ines Varga "
            "has spent the autumn outdoors, mostly cold, and has come back with the sky.</p>"
            "<p>Dark prints want light from the side. A lamp half a metre to the left does more "
            "for them than any spotlight above.</p>"
        ),
        row="After sunset",
        codes=("TRAILS", "AURORA", "MOONSAND", "SIGNAL"),
        closing="<p>Good night,<br/>Paper &amp; Ink</p>",
    ),
)  # fmt: skip


def publish_issues(home: Page, pages: Mapping[str, ProductPage], publish: Publish) -> Page:
    """The page of the newsletter with its issues; nothing is sent."""
    index = NewsletterIndexPage(
        title=NEWSLETTER,
        intro="<p>Four times a year: one idea for your walls, and what is new. No tracking.</p>",
    )
    publish(home, index)
    for issue in ISSUES:
        products = [pages[code] for code in issue.codes]
        page = NewsletterPage(
            title=issue.title,
            preview_text=issue.preview,
            first_published_at=timezone.now() - timedelta(days=issue.days),
            body=[
                ("text", RichText(issue.words)),
                ("products", {"title": issue.row, "products": products}),
                ("text", RichText(issue.closing)),
            ],
        )
        publish(index, page)
    return index


def subscribe(users: Mapping[str, User]) -> None:
    """Who gets the newsletter; two have not confirmed yet, and one has left again."""
    now = timezone.now()
    rows = []
    for number, email in enumerate((*SUBSCRIBERS, *(users[name].email for name in READERS))):
        asked = now - timedelta(days=88 - 4 * number, minutes=17 * number)
        rows.append(
            Subscriber(
                email=email,
                language=LANGUAGE,
                state=Subscriber.State.CONFIRMED,
                created=asked,
                confirmed=asked + timedelta(minutes=6),
            )
        )
    for row, name in zip(rows[len(SUBSCRIBERS) :], READERS, strict=True):
        row.user = users[name]
    for row in rows[len(SUBSCRIBERS) - 2 : len(SUBSCRIBERS)]:
        row.state, row.confirmed = Subscriber.State.ASKED, None
    rows[0].state, rows[0].left = Subscriber.State.LEFT, now - timedelta(days=11)
    Subscriber.objects.bulk_create(rows)


def add_form(home: Page, publish: Publish) -> Page:
    """The contact form, and what has been sent by it."""
    page = FormPage(
        title=FORM,
        intro=(
            "<p>About an order, a frame, a wall that will not decide. We read everything and "
            "answer within two working days.</p>"
        ),
        thanks="<p>Thank you, your words have arrived. We answer within two working days.</p>",
        form_fields=[
            FormField(
                label=label, field_type=kind, required=required, choices=choices, sort_order=order
            )
            for order, (label, kind, required, choices) in enumerate(FIELDS)
        ],
    )
    publish(home, page)
    names = [field.clean_name for field in FormPage.objects.get(pk=page.pk).form_fields.all()]
    FormSubmission.objects.bulk_create(
        FormSubmission(page=page, form_data=dict(zip(names, answers, strict=True)))
        for answers in SENT
    )
    return page
