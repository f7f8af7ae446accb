"""Approval given before the launch that a price batch is part of: kept, and used by the launch.

Whoever prepares a launch need not be one of those who approve prices, and whoever approves
them must not make them begin before everything else that they belong to.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from catalog.models import PriceBatch

from .writing import CannotApproveError, obstacles


def keep_for_launch(state: WorkflowState) -> bool:
    """Keep what a workflow has just approved for its launch; False where it waits for none.

    Raises CannotApproveError, as writing the prices would.
    """
    batch = state.content_object
    launch = batch.launch if isinstance(batch, PriceBatch) else None
    if launch is None:
        return False
    draft = batch.get_latest_revision_as_object()
    if problems := obstacles(draft, max(launch.moment, timezone.now())):
        raise CannotApproveError(problems)
    # The task began with an older draft, if the batch was edited on the way.
    TaskState.objects.filter(pk=state.current_task_state_id).update(revision=batch.latest_revision)
    return True


def approvals() -> QuerySet[TaskState]:
    """By which a workflow was finished; ``revision`` is the draft that was approved."""
    return TaskState.objects.filter(
        status=TaskState.STATUS_APPROVED, workflow_state__status=WorkflowState.STATUS_APPROVED
    )


def approver_of(batch: PriceBatch) -> Any:
    """Who approved the newest draft of a batch in a workflow; None if nobody did."""
    found = approvals().filter(revision=batch.latest_revision_id, revision__isnull=False)
    approval = found.select_related("finished_by").order_by("-pk").first()
    return approval and approval.finished_by
