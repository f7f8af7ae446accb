"""The parts of a launch: whether each can go live, how it does, and how it comes back."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.admin.utils import get_user_display_name
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page, Revision

from catalog import price_batches
from catalog.models import Launch, LaunchBatch, LaunchPage, PriceBatch
from catalog.price_batches.approval import approver_of

Part = LaunchPage | LaunchBatch


@dataclass(frozen=True)
class Problem:
    """Why a part cannot go live: a sentence for whoever prepares the launch."""

    part: Part | None
    sentence: str

    def __str__(self) -> str:
        if self.part is None:
            return self.sentence
        return _("“%(part)s”: %(problem)s") % {"part": self.part, "problem": self.sentence}


def draft_of(part: LaunchPage) -> Revision | None:
    """What the launch publishes: of a scheduled launch the copy made then, else the draft meant."""
    if part.launch.is_open:
        return part.chosen or (part.page and part.page.latest_revision)
    return part.revision


def has_newer_draft(part: LaunchPage) -> bool:
    draft, latest = draft_of(part), part.page and part.page.latest_revision
    return bool(draft and latest and latest.created_at > draft.created_at)


def in_other_launches(launch: Launch) -> dict[Part, Launch]:
    """Of the launch's parts those that another scheduled launch has too."""
    found: dict[Part, Launch] = {}
    for model, name in ((LaunchPage, "page"), (LaunchBatch, "batch")):
        mine = {getattr(row, f"{name}_id"): row for row in model.objects.filter(launch=launch)}
        others = model.objects.filter(
            launch__state=Launch.State.SCHEDULED, **{f"{name}__in": [key for key in mine if key]}
        )
        for other in others.exclude(launch=launch).select_related("launch"):
            found[mine[getattr(other, f"{name}_id")]] = other.launch
    return found


def obstacles(part: Part, thing: Page | PriceBatch | None, user: Any) -> Iterator[str]:
    """Why this person may not make the part go live."""
    if thing is None:
        return
    if user is None:
        yield _("Whoever scheduled the launch is no longer here. Somebody else must schedule it.")
        return
    name = get_user_display_name(user)
    if isinstance(thing, Page):
        allowed = thing.permissions_for_user(user).can_publish()
    else:
        allowed = user.has_perm("catalog.publish_pricebatch") or approver_of(thing) is not None
    if not allowed:
        if isinstance(thing, Page):
            yield _("%(person)s may not publish this page.") % {"person": name}
        else:
            yield _(
                "%(person)s may not approve prices. Submit it for approval: once it is approved, "
                "it goes live with the launch."
            ) % {"person": name}
    if isinstance(thing, Page) and thing.approved_schedule:
        yield _("It has a schedule of its own. Cancel that: the launch says when it goes live.")
    elif isinstance(thing, PriceBatch) and thing.is_approved:
        # Locked for good, which is how it should be.
        return
    elif (lock := thing.get_lock()) and lock.for_user(user):
        yield _("It is locked: %(lock)s.") % {"lock": lock.get_locked_by(user)}


def page_problems(part: LaunchPage, page: Page | None, at: datetime) -> Iterator[str]:
    """What is wrong with the draft itself."""
    if page is None:
        yield _("The page was deleted.")
        return
    if page.alias_of_id:
        yield _("It is an alias, which follows its source. Launch the source instead.")
        return
    draft = draft_of(part)
    if draft is None:
        yield (
            _("There is no draft of it. Edit the page and save it first.")
            if part.launch.is_open
            else _("The draft that was to go live has been deleted.")
        )
        return
    story = draft.as_object()
    if story.go_live_at and story.go_live_at > timezone.now():
        yield _("The draft has a go-live date of its own. Remove it: the launch has one.")
    if story.expire_at and story.expire_at <= at:
        yield _("The draft expires before the launch.")
    yield from _mistakes(story)


def _mistakes(page: Page) -> Iterator[str]:
    """What the page's form would say if somebody published the draft there."""
    try:
        page.full_clean()
    except ValidationError as error:
        yield from spelled_out(error, page)
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            value = field.value_from_object(page)
            try:
                value.stream_block.clean(value)
            except ValidationError:
                label = capfirst(field.verbose_name)
                yield _("%(field)s: a part of it is not filled in as it should be.") % {
                    "field": label
                }
    for relation in get_all_child_relations(type(page)):
        if relation.get_accessor_name() == COMMENTS_RELATION_NAME:
            continue
        for child in getattr(page, relation.get_accessor_name()).all():
            try:
                child.full_clean(
                    exclude=[relation.field.name], validate_unique=False, validate_constraints=False
                )
            except ValidationError as error:
                yield from spelled_out(error, child)


def spelled_out(error: ValidationError, thing: Any) -> Iterator[str]:
    """One line for each message, with the name of its field as the form has it."""
    if not hasattr(error, "error_dict"):
        yield from error.messages
        return
    names = {field.name: getattr(field, "verbose_name", "") for field in thing._meta.get_fields()}
    for name, messages in error.message_dict.items():
        label = capfirst(names.get(name, ""))
        for message in messages:
            yield (
                _("%(field)s: %(message)s") % {"field": label, "message": message}
                if label
                else message
            )


def batch_problems(part: LaunchBatch, batch: PriceBatch | None) -> Iterator[str]:
    """Why the price batch is not the one that was meant; approving it tells the rest."""
    if batch is None:
        yield _("The price batch was deleted.")
    elif batch.is_approved:
        yield _("It has been approved already. Copy it to use its prices again.")
    elif part.seen and part.seen != fingerprint(batch):
        yield _("Its prices were changed after the launch was scheduled. Look at them again.")


def fingerprint(batch: PriceBatch) -> str:
    """The same as long as the draft of the batch would write the same prices."""
    draft = batch.get_latest_revision_as_object()
    moments = [at and at.isoformat() for at in (draft.starts_at, draft.ends_at)]
    content = json.dumps([draft.kind, *moments, draft.lines], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def copied(revision: Revision) -> Revision:
    """A copy that stays as it is: autosave writes over the draft that somebody is typing into."""
    return Revision.objects.create(
        content_type=revision.content_type,
        base_content_type=revision.base_content_type,
        object_id=revision.object_id,
        created_at=revision.created_at,
        user=revision.user,
        object_str=revision.object_str,
        content=revision.content,
    )


def publish_page(part: LaunchPage, page: Page, user: Any) -> None:
    """Publish the part's draft, and remember how the page was before."""
    # Read anew: a page above may have gone live a moment ago and changed this one's address.
    draft = Revision.objects.get(pk=draft_of(part).pk)
    part.was_live = page.live
    part.previous_revision = (page.live and (page.live_revision or _as_it_is(page))) or None
    LaunchPage.objects.filter(pk=part.pk).update(
        was_live=part.was_live, previous_revision=part.previous_revision
    )
    draft.publish(user=user, skip_permission_checks=True)


def _as_it_is(page: Page) -> Revision:
    """A revision of a live page that was never saved by an editor, older than all its drafts."""
    first = page.revisions.order_by("created_at").values_list("created_at", flat=True).first()
    return Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        created_at=(first or timezone.now()) - timedelta(milliseconds=1),
        object_str=str(page),
        content=page.serializable_data(),
    )


def approve_batch(batch: PriceBatch, user: Any, at: datetime) -> None:
    price_batches.approve(batch, user=approver_of(batch) or user, at=at)


def take_page_back(part: LaunchPage, page: Page, user: Any) -> None:
    """Bring the page back to what was live before the launch."""
    if part.was_live:
        part.previous_revision.publish(user=user, skip_permission_checks=True)
    elif page.live:
        page.unpublish(user=user)


def end_batch(batch: PriceBatch, user: Any) -> None:
    """End its prices; those that are over, or were ended before, are left as they are."""
    with suppress(price_batches.CannotEndError):
        price_batches.end(batch, user=user)
