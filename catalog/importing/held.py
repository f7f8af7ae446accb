"""Whether an import may write a page, or an editor has the word."""

from wagtail.models import Page, PageLogEntry


def is_held(page: Page) -> bool:
    """Whether an editor has the word: an import would undo what they have begun or decided."""
    if page.locked or (page.live and page.has_unpublished_changes):
        return True
    if page.live:
        return False
    if page.latest_revision and page.latest_revision.user_id:
        return True
    # Taken offline by somebody, and not by an import.
    log = PageLogEntry.objects.filter(page=page.pk, action="wagtail.unpublish")
    last = log.order_by("-timestamp", "-pk").first()
    return last is not None and last.user_id is not None
