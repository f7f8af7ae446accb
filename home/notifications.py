"""Wagtail's mails about approvals, sent once what they tell of is kept, and never in its way.

Wagtail sends them within the transaction that they tell of: a mail server that is slow would
hold up whoever writes meanwhile, and one that refuses would undo the approval.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from wagtail.admin import signal_handlers
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

# As Wagtail registers them: (signal, sender, notifier, its name there).
MAILS: list[tuple[Signal, type, Any, str]] = [
    (
        task_submitted,
        TaskState,
        signal_handlers.task_submission_email_notifier,
        "group_approval_task_submitted_email_notification",
    ),
    (
        workflow_submitted,
        WorkflowState,
        signal_handlers.workflow_submission_email_notifier,
        "workflow_state_submitted_email_notification",
    ),
    (
        workflow_rejected,
        WorkflowState,
        signal_handlers.workflow_rejection_email_notifier,
        "workflow_state_rejected_email_notification",
    ),
    (
        workflow_approved,
        WorkflowState,
        signal_handlers.workflow_approval_email_notifier,
        "workflow_state_approved_email_notification",
    ),
]


def send_after_commit() -> None:
    """Take the place of Wagtail's own, whichever of the two comes first: they share a name."""
    for signal, sender, notifier, name in MAILS:
        signal.disconnect(sender=sender, dispatch_uid=name)
        signal.connect(partial(_notify, notifier), sender=sender, dispatch_uid=name, weak=False)


def _notify(notifier: Any, **event: Any) -> None:
    def notify() -> None:
        notifier(**event)

    # A failure is logged: nobody who approves can mend the mail server.
    transaction.on_commit(notify, robust=True)
