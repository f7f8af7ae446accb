"""Carry a launch out, in the caller's transaction: for good, or in a rehearsal."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from catalog.models import Launch, LaunchBatch, LaunchPage, PriceBatch
from catalog.price_batches import CannotApproveError
from catalog.rehearsal import rehearsal

from . import parts
from .parts import Part, Problem

logger = logging.getLogger(__name__)

# The database was busy, gone, or broke a deadlock: the same may succeed a minute later.
PASSING = (OperationalError, InterfaceError)


class LaunchError(Exception):
    """What was asked cannot be done; the problems say why. Nothing was changed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    @classmethod
    def because(cls, sentence: str) -> "LaunchError":
        return cls([Problem(None, sentence)])


@dataclass
class Things:
    """What the parts of a launch are about."""

    pages: dict[int, Page] = field(default_factory=dict)
    batches: dict[int, PriceBatch] = field(default_factory=dict)

    def of(self, part: Part) -> Any:
        if isinstance(part, LaunchPage):
            return self.pages.get(part.page_id)
        return self.batches.get(part.batch_id)


def pages_of(launch: Launch) -> QuerySet[LaunchPage]:
    """Read anew, with all that tells which draft goes live."""
    found = LaunchPage.objects.filter(launch=launch)
    return found.select_related("launch", "page__latest_revision", "chosen", "revision")


def batches_of(launch: Launch) -> QuerySet[LaunchBatch]:
    return LaunchBatch.objects.filter(launch=launch).select_related("launch", "batch")


def lock(launch: Launch) -> tuple[list[Part], Things]:
    """The parts, in the order in which they go live, and what they are about, locked.

    Locked in one order, pages first and each by its key: two launches with the same
    parts wait for each other and cannot block each other for good.
    """
    pages, batches = list(pages_of(launch)), list(batches_of(launch))
    things = Things()
    keys = {part.page_id for part in pages if part.page_id}
    # Not against rows that point at the page: those may come and go meanwhile.
    list(Page.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    things.pages = {page.pk: page for page in Page.objects.filter(pk__in=keys).specific()}
    locked = PriceBatch.objects.select_for_update(no_key=True).order_by("pk")
    things.batches = {
        batch.pk: batch for batch in locked.filter(pk__in=[part.batch_id for part in batches])
    }
    # A page before those below it, whose addresses begin with its own.
    path = {pk: page.path for pk, page in things.pages.items()}
    pages.sort(key=lambda part: path.get(part.page_id, ""))
    for part in (*pages, *batches):
        part.launch = launch
    return [*pages, *batches], things


def carry_out(launch: Launch, *, user: Any, at: datetime) -> list[Problem]:
    """Let every part go live that can, and return what is wrong with the others.

    Prices are in force from ``at`` on. The caller's transaction must not be committed
    if anything is wrong: a launch goes live as a whole.
    """
    rows, things = lock(launch)
    if not rows:
        return [Problem(None, _("The launch has no parts yet. Add a page or a price batch."))]
    found: list[Problem] = []
    for part in rows:
        thing = things.of(part)
        if isinstance(part, LaunchPage):
            problems = list(parts.page_problems(part, thing, at))
        else:
            problems = list(parts.batch_problems(part, thing))
        problems = problems or _carry_out_part(part, thing, user=user, at=at)
        found += [Problem(part, sentence) for sentence in problems]
    return found


def _carry_out_part(part: Part, thing: Any, *, user: Any, at: datetime) -> list[str]:
    try:
        with transaction.atomic():
            if isinstance(part, LaunchPage):
                parts.publish_page(part, thing, user)
            else:
                parts.approve_batch(thing, user, at)
    except ValidationError as error:
        return list(parts.spelled_out(error, thing))
    except CannotApproveError as error:
        return list(error.problems)
    except PASSING:
        raise
    except Exception as error:
        logger.exception("launch %s, part %s", part.launch_id, part)
        return [str(error) or type(error).__name__]
    return []


def obstacles(launch: Launch, user: Any) -> Iterator[Problem]:
    """Who may not, what is locked, what another launch has: nothing of the drafts themselves."""
    rows, things = lock(launch)
    others = parts.in_other_launches(launch)
    for part in rows:
        for sentence in parts.obstacles(part, things.of(part), user):
            yield Problem(part, sentence)
        if other := others.get(part):
            sentence = _("It is part of “%(launch)s” too, which is scheduled already.")
            yield Problem(part, sentence % {"launch": other})


def check(launch: Launch, user: Any) -> list[Problem]:
    """Everything that keeps this person's launch from going live, found by rehearsing it."""
    at = max(launch.moment, timezone.now())
    with rehearsal(at):
        return [*obstacles(launch, user), *carry_out(launch, user=user, at=at)]


def rehearse(launch: Launch) -> list[Problem]:
    """Carry it out as far as it can be, whoever looks; only within a ``rehearsal``."""
    if launch.state == Launch.State.LIVE:
        return []
    return carry_out(launch, user=None, at=max(launch.moment, timezone.now()))


def seen(launch: Launch) -> str:
    """A fingerprint of the moment, drafts and prices that the launch would take now."""
    content: list[Any] = [launch.moment]
    for part in pages_of(launch).order_by("page"):
        draft = parts.draft_of(part)
        content.append([part.page_id, draft and draft.pk, draft and draft.created_at])
    for part in batches_of(launch).order_by("batch"):
        content.append([part.batch_id, part.batch and parts.fingerprint(part.batch)])
    return hashlib.sha256(repr(content).encode()).hexdigest()
