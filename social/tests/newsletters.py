"""Issues and subscribers to test with."""

from itertools import count

from django.utils import timezone
from wagtail.models import Site

from social.models import NewsletterIndexPage, NewsletterPage, Subscriber

_numbers = count(1)


def make_index() -> NewsletterIndexPage:
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=NewsletterIndexPage(title="Letters", slug="letters"))


def make_issue(title: str = "Spring prints", body: list | None = None, **fields) -> NewsletterPage:
    index = NewsletterIndexPage.objects.first() or make_index()
    body = body if body is not None else [("text", "<p>The dunes are <b>back</b>.</p>")]
    page = index.add_child(instance=NewsletterPage(title=title, live=False, **fields))
    page.body = page._meta.get_field("body").to_python(
        [{"type": kind, "value": value} for kind, value in body]
    )
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_subscriber(email: str | None = None, **fields) -> Subscriber:
    fields = {
        "language": "en",
        "state": Subscriber.State.CONFIRMED,
        "confirmed": timezone.now(),
        **fields,
    }
    return Subscriber.objects.create(
        email=email or f"reader-{next(_numbers)}@example.com", **fields
    )
