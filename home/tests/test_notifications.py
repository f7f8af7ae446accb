"""Mails about approvals: after what they tell of, and never in its way."""

from smtplib import SMTPAuthenticationError

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from wagtail.models import GroupApprovalTask, Workflow, WorkflowState, WorkflowTask

from catalog.models import PriceBatch

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


class Refusing(EmailBackend):
    """A mail server that does not know the password."""

    def open(self) -> bool:
        raise SMTPAuthenticationError(535, b"Bad credentials")


@pytest.fixture
def approver(django_user_model):
    user = django_user_model.objects.create_user("fin", "fin@example.com", "secret")
    user.groups.add(Group.objects.create(name="Approvers"))
    return user


def submit(user) -> PriceBatch:
    task = GroupApprovalTask.objects.create(name="Look at the prices")
    task.groups.set(Group.objects.filter(name="Approvers"))
    workflow = Workflow.objects.create(name="Prices")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    batch = PriceBatch.objects.create(name="Autumn sale", live=False)
    batch.save_revision()
    workflow.start(batch, user)
    return batch


def test_nothing_is_sent_of_what_is_undone(approver, editor):
    with transaction.atomic():
        submit(editor)
        transaction.set_rollback(True)

    assert mail.outbox == []


def test_who_is_to_approve_is_told_once_it_is_submitted(approver, editor):
    with transaction.atomic():
        submit(editor)
        assert mail.outbox == []

    # Superusers hear of every workflow.
    told = {address for message in mail.outbox for address in message.to}
    assert told == {approver.email, editor.email}


def test_a_mail_server_that_refuses_does_not_undo_it(approver, editor, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"

    submit(editor)

    assert WorkflowState.objects.get().status == WorkflowState.STATUS_IN_PROGRESS
