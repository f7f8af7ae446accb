"""Look at an issue in one's own mail program before anybody else gets it."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders import outbox
from orders.mails.kinds import OTHER_WORK
from orders.models import Outbox
from orders.outbox import NoLongerNeededError
from social.models import NewsletterPage
from social.newsletter import issue

TEST = "newsletter_test"
MOST_ADDRESSES = 5


def send_test(page: NewsletterPage, addresses: Iterable[str]) -> None:
    """Owe each of the addresses the issue as it is being written, published or not."""
    with transaction.atomic():
        for address in addresses:
            outbox.owe(f"newsletter-test:{uuid.uuid4().hex}", TEST, page=page.pk, to=address)
        transaction.on_commit(outbox.ring, robust=True)


def send(row: Outbox) -> None:
    page = NewsletterPage.objects.filter(pk=row.payload["page"]).first()
    if page is None:
        raise NoLongerNeededError("the issue is gone")
    draft = page.get_latest_revision_as_object()
    issue.test_message(issue.render(draft), row.payload["to"], row.key).send()


def register() -> None:
    OTHER_WORK[TEST] = _("Test of a newsletter")
    outbox.handles(TEST)(send)
