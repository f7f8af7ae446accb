"""What is going on behind the counter of the demo shop: a sale, a launch, drafts that wait."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Page
from wagtail.rich_text import RichText

from catalog import launches
from catalog.models import CategoryPage, Launch, LaunchBatch, LaunchPage, Picture, Price, PriceBatch
from catalog.price_batches.working_out import work_out
from home import notifications
from home.demo.clock import Clock
from home.models import ArticlePage, ContentPage
from social.models import User

# Nobody can log in as her: she has no password, and no letter reaches her.
EMPLOYEE, EMAIL = "ida.falk", "ida.falk@example.com"
SALE_BEGAN = timedelta(days=2)
SALE, EDITION = "Seasonal sale", "The winter edition"
# When the countdown of the home page ends.
LAUNCH = timedelta(days=12, hours=7)
NEW_STUDIO = (
    "<h2>New in the house</h2><p>From January on <b>Aoki & Daughter</b> print with us: two "
    "generations, one table, and woodcuts of rain in eleven directions.</p>"
)
EDITION_STORY = (
    "<p>Twelve prints, a hundred of each, and then the plates are cleaned. All of them were drawn "
    "between four in the afternoon and the dark, which in December is not long.</p>"
    "<h2>What to expect</h2><p>Snow on three of them. A fox on one. No reindeer.</p>"
)


def employ() -> User:
    """Whose work all this is; she has the rights of an owner."""
    # In bulk, as the members: somebody who works here has no profile.
    User.objects.bulk_create([User(username=EMPLOYEE, email=EMAIL, password=make_password(None))])
    user = User.objects.get(username=EMPLOYEE)
    user.groups.add(Group.objects.get(name="Owner"))
    return user


def hold_sale(amounts: Mapping[str, Decimal], user: User, clock: Clock) -> None:
    """The sale that runs now, launched some days ago; the amounts by SKU code."""
    clock.moment = timezone.now() - SALE_BEGAN
    prices = "\n".join(f"{code}\t{amount}" for code, amount in amounts.items())
    batch = _batch(SALE, user, price_list=prices)
    launches.launch_now(_launch(SALE, clock.moment, batch=batch), user=user)
    clock.moment = None


def plan(
    user: User, journal: Page, about: ContentPage, cards: CategoryPage, picture: Picture
) -> None:
    """A launch to come, and what waits for somebody else to look at it."""
    moment = timezone.now() + LAUNCH
    article = ArticlePage(
        title=EDITION,
        intro="Twelve new prints, a hundred of each. What is on them, and who was cold for it.",
        author="Ines Varga",
        published_on=timezone.localdate(moment),
        picture=picture,
        body=[("text", RichText(EDITION_STORY))],
        live=False,
    )
    journal.add_child(instance=article)
    article.save_revision(user=user)
    batch = _batch(f"{EDITION}: cards a tenth less", user, cards, value=Decimal(-10))
    launch = _launch(EDITION, moment, page=article, batch=batch, notes="With the countdown.")
    launches.schedule(launch, user=user)
    with _nobody_written_to():
        _submit_draft(about, user)
        dearer = _batch(
            "Next year's prices", user, cards, kind=Price.Kind.REGULAR, value=Decimal(4)
        )
        dearer.get_workflow().start(dearer, user)


def _submit_draft(about: ContentPage, user: User) -> None:
    draft = about.get_latest_revision_as_object()
    draft.body.append(("text", RichText(NEW_STUDIO)))
    draft.save_revision(user=user)
    page = ContentPage.objects.get(pk=about.pk)
    page.get_workflow().start(page, user)


def _batch(name: str, user: User, category: Page | None = None, **fields: Any) -> PriceBatch:
    """A draft, as the form saves it: by percent in a category, or else by its list."""
    change = PriceBatch.Change.PERCENT if category else PriceBatch.Change.NONE
    batch = PriceBatch(name=name, live=False, change=change, **fields)
    if category:
        batch.categories.set([category])
    work_out(batch)
    batch.save()
    batch.save_revision(user=user)
    return batch


def _launch(
    name: str, moment: Any, *, batch: PriceBatch, page: Page | None = None, notes: str = ""
) -> Launch:
    launch = Launch.objects.create(name=name, moment=moment, notes=notes)
    if page:
        LaunchPage.objects.create(launch=launch, page=page.page_ptr)
    LaunchBatch.objects.create(launch=launch, batch=batch)
    return launch


@contextmanager
def _nobody_written_to() -> Iterator[None]:
    """Without the mails to those who approve: they have not asked for a demo's."""
    for signal, sender, _notifier, name in notifications.MAILS:
        signal.disconnect(sender=sender, dispatch_uid=name)
    try:
        yield
    finally:
        notifications.send_after_commit()
