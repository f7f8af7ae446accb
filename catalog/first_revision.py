"""A way back to what an import wrote: the first revision of a page that went live without one.

Imports write thousands of new pages and give them no revision, which most never need. The
first edit would then leave nothing of what was imported to compare with or to return to.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision


class FirstRevisionMixin:
    """A page whose live words are kept as a revision before its first draft is."""

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        if not (self.pk and self.live and self.latest_revision_id is None):
            return super().save_revision(*args, **kwargs)
        with transaction.atomic():
            keep_live(self)
            return super().save_revision(*args, **kwargs)


def keep_live(page: Page) -> None:
    """Write what is live as the revision that went live, unless there are revisions already."""
    rows = type(page)._default_manager.filter(pk=page.pk)
    live = rows.filter(live=True, latest_revision=None, alias_of=None).first()
    if live is None:
        return
    page.live_revision = Revision.objects.create(
        content_object=live,
        base_content_type=live.get_base_content_type(),
        created_at=live.last_published_at or timezone.now(),
        content=live.serializable_data(),
        object_str=str(live),
    )
    Page.objects.filter(pk=page.pk).update(live_revision=page.live_revision)
    # The history offers what can be done with a revision at the entry that tells of it.
    told = PageLogEntry.objects.filter(page=page.pk, action="wagtail.create", revision=None)
    if entry := told.order_by("-timestamp", "-pk").first():
        PageLogEntry.objects.filter(pk=entry.pk).update(revision=page.live_revision)
