"""How far a price batch is, from its draft to its end."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import pgettext_lazy
from wagtail.models import WorkflowState

from catalog.models import Launch, LaunchBatch, PriceBatch

from .approval import approvals


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a price batch", "draft")
    IN_APPROVAL = "in_approval", pgettext_lazy("state of a price batch", "waits for approval")
    NEEDS_CHANGES = "needs_changes", pgettext_lazy("state of a price batch", "changes wanted")
    FOR_LAUNCH = "for_launch", pgettext_lazy("state of a price batch", "approved for its launch")
    SCHEDULED = "scheduled", pgettext_lazy("state of a price batch", "approved, will begin")
    RUNNING = "running", pgettext_lazy("state of a price batch", "running")
    OVER = "over", pgettext_lazy("state of a price batch", "over")
    ENDED = "ended", pgettext_lazy("state of a price batch", "ended early")


def with_state(batches: QuerySet[PriceBatch], at: datetime | None = None) -> QuerySet[PriceBatch]:
    """Annotate ``state`` as of a moment (default: now), and when it ``begins`` and ``is_over``."""
    moment = at or timezone.now()
    workflows = WorkflowState.objects.active().filter(
        base_content_type=ContentType.objects.get_for_model(PriceBatch),
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    waiting = LaunchBatch.objects.filter(
        batch=OuterRef("pk"), launch__state__in=(*Launch.OPEN, Launch.State.SCHEDULED)
    )
    return batches.annotate(
        workflow_status=Subquery(workflows.values("status")[:1]),
        # As approved, or else as planned.
        begins=Coalesce("run__starts_at", "starts_at"),
        is_over=Case(When(run__isnull=True, then="ends_at"), default="run__ends_at"),
        state=Case(
            When(run__ended__isnull=False, then=Value(State.ENDED.value)),
            When(run__ends_at__lte=moment, then=Value(State.OVER.value)),
            When(run__starts_at__gt=moment, then=Value(State.SCHEDULED.value)),
            When(run__isnull=False, then=Value(State.RUNNING.value)),
            When(
                workflow_status=WorkflowState.STATUS_IN_PROGRESS,
                then=Value(State.IN_APPROVAL.value),
            ),
            When(
                workflow_status=WorkflowState.STATUS_NEEDS_CHANGES,
                then=Value(State.NEEDS_CHANGES.value),
            ),
            When(
                Exists(waiting) & Exists(approvals().filter(revision=OuterRef("latest_revision"))),
                then=Value(State.FOR_LAUNCH.value),
            ),
            default=Value(State.DRAFT.value),
            output_field=CharField(),
        ),
    )


def state_of(batch: PriceBatch) -> State:
    return State(with_state(PriceBatch.objects.filter(pk=batch.pk)).values_list("state")[0][0])
