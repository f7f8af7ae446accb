"""Give tags to many products, or take them away, without publishing what nobody asked for.

Tags are story, so they change by revisions. Where a page has unpublished changes, two are
written: the published version with its new tags goes live, and the draft, with the same
change, stays a draft after it. Whoever may edit but not publish only changes the draft.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from taggit.models import Tag
from wagtail.models import Page

from catalog import jobs
from catalog.models import Job, ProductPage

JOB = "tag"
# Of those that were left alone; more names help nobody.
MOST_NAMED = 20


@dataclass
class Outcome:
    """How many pages went live with their tags, how many are drafts, which were left alone."""

    live: int = 0
    drafts: int = 0
    unchanged: int = 0
    # Page key: why it was left as it is.
    left: dict[int, str] = field(default_factory=dict)

    def sentences(self) -> list[str]:
        """What came of it, for whoever asked for it."""
        told = [
            _sentence(self.live, _live_sentence),
            _sentence(self.drafts, _draft_sentence),
            _sentence(self.unchanged, _unchanged_sentence),
        ]
        titles = dict(Page.objects.filter(pk__in=self.left).values_list("pk", "draft_title"))
        told += [
            _("“%(page)s” was left as it is. %(reason)s")
            % {"page": titles.get(key, key), "reason": reason}
            for key, reason in list(self.left.items())[:MOST_NAMED]
        ]
        if (more := len(self.left) - MOST_NAMED) > 0:
            told.append(
                ngettext("So was %(count)d other page.", "So were %(count)d other pages.", more)
                % {"count": more}
            )
        return [sentence for sentence in told if sentence]


def _sentence(count: int, sentence: Any) -> str:
    return sentence(count) % {"count": count} if count else ""


def _live_sentence(count: int) -> str:
    return ngettext(
        "The tags of %(count)d product were changed and are live.",
        "The tags of %(count)d products were changed and are live.",
        count,
    )


def _draft_sentence(count: int) -> str:
    return ngettext(
        "The tags of %(count)d product were changed in its draft.",
        "The tags of %(count)d products were changed in their drafts.",
        count,
    )


def _unchanged_sentence(count: int) -> str:
    return ngettext(
        "%(count)d product had these tags already.",
        "%(count)d products had these tags already.",
        count,
    )


def why_not(page: ProductPage, user: Any) -> str:
    """Why the page's tags are not to be changed now; empty where they may be."""
    if not page.permissions_for_user(user).can_edit():
        return _("You may not edit it.")
    if page.alias_of_id:
        return _("It is an alias; it follows the page that it stands for.")
    if page.current_workflow_state:
        return _("It waits for approval: a change now would not be what is being approved.")
    if page.revisions.filter(approved_go_live_at__isnull=False).exists():
        return _("A version of it is scheduled: publishing now would undo that.")
    if page.permissions_for_user(user).page_locked():
        return _("It is locked.")
    return ""


def retag(keys: Iterable[int], *, add: Iterable[str], remove: Iterable[str], user: Any) -> Outcome:
    """Change the tags of product pages, each in a transaction of its own; safe to do twice."""
    outcome = Outcome()
    add, remove = list(add), list(remove)
    for key in keys:
        _retag_one(key, add, remove, user, outcome)
    return outcome


@transaction.atomic
def _retag_one(key: int, add: list[str], remove: list[str], user: Any, outcome: Outcome) -> None:
    _hold(key)
    live = ProductPage.objects.filter(pk=key).first()
    if live is None:
        return
    if reason := why_not(live, user):
        outcome.left[key] = reason
        return
    draft = live.get_latest_revision_as_object()
    has_draft = not live.live or live.has_unpublished_changes
    may_publish = live.permissions_for_user(user).can_publish()
    live_changed = live.live and may_publish and _change(live, add, remove)
    if live_changed:
        # It is live already, and may be from before something was asked for that it lacks.
        revision = live.save_revision(user=user, log_action=True, clean=False)
        revision.publish(user=user)
        outcome.live += 1
    if (has_draft or not may_publish) and _change(draft, add, remove):
        _save_draft(draft, user)
        outcome.drafts += not live_changed
    elif live_changed and has_draft:
        # The draft had these tags already, and would no longer be the latest version.
        _save_draft(draft, user)
    elif not live_changed:
        outcome.unchanged += 1


def _hold(key: int) -> None:
    """Keep others who change its tags waiting, so that both changes count."""
    list(Page.objects.select_for_update().filter(pk=key).values_list("pk"))


def _change(page: ProductPage, add: list[str], remove: list[str]) -> bool:
    """Change the tags in memory; say whether that makes a difference."""
    before = {tag.name.casefold(): tag.name for tag in page.tags.all()}
    gone = [before[name.casefold()] for name in remove if name.casefold() in before]
    new = [name for name in add if name.casefold() not in before]
    if gone:
        page.tags.remove(*gone)
    if new:
        page.tags.add(*_as_known(new))
    return bool(gone or new)


def _as_known(names: list[str]) -> list[str]:
    """Tags that exist are not made again in another spelling."""
    return [
        Tag.objects.filter(name__iexact=name).values_list("name", flat=True).first() or name
        for name in names
    ]


def _save_draft(draft: ProductPage, user: Any) -> None:
    if not draft.live:
        # As the editor does: what was never published is in the tables as its latest draft.
        draft.save(clean=False)
    # Half-written drafts stay allowed, so nothing is checked here that publishing checks.
    draft.save_revision(user=user, log_action=True, clean=False)


@jobs.register(JOB)
def _run(progress: jobs.Progress) -> dict[str, Any]:
    arguments, user = progress.job.arguments, progress.job.user
    if user is None:
        raise jobs.JobError(_("Whoever asked for this is no longer a user."))
    outcome = Outcome()
    progress.advance(0, total=len(arguments["pages"]))
    for key in arguments["pages"]:
        _retag_one(key, arguments["add"], arguments["remove"], user, outcome)
        progress.advance()
    return {"sentences": outcome.sentences()}


def later(keys: list[int], *, add: list[str], remove: list[str], user: Any) -> Job:
    """Owe the change; a worker makes it page by page, and asks for the rights again then."""
    title = ngettext(
        "Change the tags of %(count)d product", "Change the tags of %(count)d products", len(keys)
    ) % {"count": len(keys)}
    arguments = {"pages": keys, "add": add, "remove": remove}
    return jobs.enqueue(JOB, title, user=user, arguments=arguments)
