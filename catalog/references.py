"""What a page refers to, noted once for each time that it is saved.

Wagtail notes it again after each row that belongs to the page: for five pictures, four related
products and three attributes that was twelve times the same, and half of all queries.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from wagtail.models import Page
from wagtail.signal_handlers import (
    disable_reference_index_auto_update,
    reference_index_auto_update_disabled,
)
from wagtail.tasks import update_reference_index_task


@contextmanager
def noted_once(page: Page) -> Iterator[None]:
    """Within this the page is saved with all that belongs to it."""
    if getattr(reference_index_auto_update_disabled, "value", False):
        # Somebody does it for many pages at once, or for none.
        yield
        return
    with disable_reference_index_auto_update():
        yield
    update_reference_index_task.enqueue(page._meta.app_label, page._meta.model_name, str(page.pk))
