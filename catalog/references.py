"""What a page refers to, noted once for each time that it is saved.

Wagtail notes it again after each row that belongs to the page: for five pictures, four related
products and three attributes that was twelve times the same, and half of all queries.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Model
from wagtail.models import COMMENTS_RELATION_NAME, Page, ReferenceIndex
from wagtail.signal_handlers import (
    disable_reference_index_auto_update,
    reference_index_auto_update_disabled,
)
from wagtail.tasks import update_reference_index_task

from catalog.clusters import at_hand

# What saving a draft writes; none of it refers to anything that is noted.
NOT_NOTED = {
    "draft_title",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    COMMENTS_RELATION_NAME,
}


@contextmanager
def noted_once(page: Page, fields: Iterable[str] | None = None) -> Iterator[dict[str, list[Model]]]:
    """Within this the page is saved with all that belongs to it, or some of its fields.

    Whoever knows which rows of the page are in the database then puts them, by the name of
    their relation, into what this gives: they are not read again.
    """
    stored: dict[str, list[Model]] = {}
    if getattr(reference_index_auto_update_disabled, "value", False):
        # Somebody does it for many pages at once, or for none.
        yield stored
        return
    with disable_reference_index_auto_update():
        yield stored
    if fields is None:
        # What is in the database now is at hand.
        with transaction.atomic(), at_hand(page, stored):
            ReferenceIndex.create_or_update_for_object(page)
    elif not NOT_NOTED.issuperset(fields):
        of = page._meta
        update_reference_index_task.enqueue(of.app_label, of.model_name, str(page.pk))
