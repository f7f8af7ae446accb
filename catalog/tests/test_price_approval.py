"""Prices that are approved before the launch they belong to wait for it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from catalog import launches, price_batches
from catalog.launches import LaunchError
from catalog.models import Launch, Price, PriceBatch, PriceBatchRun
from catalog.price_batches import CannotApproveError
from catalog.price_batches.states import State, state_of
from catalog.price_batches.working_out import work_out
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.launching import again, due, make_launch
from catalog.tests.price_batches import amounts, make_batch, price_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(django_user_model):
    approvers = Group.objects.create(name="Approvers")
    names = ["access_admin", "change_pricebatch", "publish_pricebatch"]
    approvers.permissions.set(Permission.objects.filter(codename__in=names))
    user = django_user_model.objects.create_user("fin", "fin@example.com", "secret")
    user.groups.add(approvers)
    return user


@pytest.fixture
def merchandiser(django_user_model):
    """Prepares launches and price batches, and may not approve the latter."""
    user = django_user_model.objects.create_user("merch", "merch@example.com", "secret")
    names = ["access_admin", "change_launch", "add_pricebatch", "change_pricebatch"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def submit(batch, user) -> PriceBatch:
    task = GroupApprovalTask.objects.create(name="Look at the prices")
    task.groups.set(Group.objects.filter(name="Approvers"))
    workflow = Workflow.objects.create(name="Prices")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow.start(batch, user)
    return again(batch)


def approved(batch, by, user) -> PriceBatch:
    submit(batch, user).current_workflow_task_state.approve(user=by)
    return again(batch)


def test_they_begin_with_the_launch_of_somebody_who_may_not_approve(finance, merchandiser):
    sku = make_sku(code="A", price="10.00")
    batch = make_batch(by_hand={sku: "8.00"})
    launch = make_launch(batch)

    batch = approved(batch, finance, merchandiser)

    assert state_of(batch) == State.FOR_LAUNCH
    assert not Price.objects.filter(batch=batch).exists()
    launches.schedule(launch, user=merchandiser)
    due(launch)
    assert launches.run_due() == 1
    assert price_of(sku) == 8
    assert PriceBatchRun.objects.get().approved_by == finance
    assert state_of(batch) == State.RUNNING


def test_whoever_launched_them_may_roll_them_back(finance, merchandiser):
    sku = make_sku(code="A", price="10.00")
    batch = make_batch(by_hand={sku: "8.00"})
    launch = make_launch(batch)
    approved(batch, finance, merchandiser)
    launches.launch_now(launch, user=merchandiser)
    assert price_of(sku) == 8

    launches.roll_back(launch, user=merchandiser)

    assert price_of(sku) == 10


def test_without_approval_the_launch_says_what_to_do(merchandiser):
    batch = make_batch(by_hand={make_sku(code="A", price="10.00"): "8.00"})

    with pytest.raises(LaunchError, match="Submit it for approval: once it is approved"):
        launches.schedule(make_launch(batch), user=merchandiser)


def test_a_draft_that_was_changed_since_is_not_the_one_that_was_approved(finance, merchandiser):
    batch = make_batch(by_hand={make_sku(code="A", price="10.00"): "8.00"})
    launch = make_launch(batch)
    batch = approved(batch, finance, merchandiser)
    batch.lines = [[*batch.lines[0][:2], "1.00"]]
    batch.save_revision(user=merchandiser)

    assert state_of(batch) == State.DRAFT
    with pytest.raises(LaunchError, match="may not approve prices"):
        launches.schedule(launch, user=merchandiser)


def test_what_the_approver_changed_on_the_way_is_what_was_approved(finance, merchandiser):
    sku = make_sku(code="A", price="10.00")
    batch = make_batch(by_hand={sku: "8.00"})
    launch = make_launch(batch)
    batch = submit(batch, merchandiser)
    batch.lines = [[*batch.lines[0][:2], "9.00"]]
    batch.save_revision(user=finance)

    again(batch).current_workflow_task_state.approve(user=finance)
    launches.launch_now(launch, user=merchandiser)

    assert price_of(sku) == 9


def test_what_could_not_be_written_is_not_approved_for_a_launch_either(finance, merchandiser):
    batch = make_batch(by_hand={make_sku(code="A", price="10.00"): "8.00"})
    batch.ends_at = timezone.now() + timedelta(hours=2)
    batch.save_revision()
    make_launch(batch, moment=timezone.now() + timedelta(days=1))
    batch = submit(batch, merchandiser)

    with pytest.raises(CannotApproveError, match="It would be over before it begins"):
        batch.current_workflow_task_state.approve(user=finance)

    assert state_of(batch) == State.IN_APPROVAL


def test_without_its_launch_it_is_a_draft_again(finance, merchandiser):
    batch = make_batch(by_hand={make_sku(code="A", price="10.00"): "8.00"})
    launch = make_launch(batch)
    batch = approved(batch, finance, merchandiser)

    launch.delete()

    assert state_of(batch) == State.DRAFT
    assert not Price.objects.filter(batch=batch).exists()


def test_without_a_launch_approval_writes_at_once(finance, merchandiser):
    sku = make_sku(code="A", price="10.00")

    approved(make_batch(by_hand={sku: "8.00"}), finance, merchandiser)

    assert price_of(sku) == 8


def test_a_rule_counts_from_the_prices_at_the_launch():
    category = make_category()
    sku = make_sku(make_page(category=category), price="10.00")
    moment = timezone.now() + timedelta(days=2)
    Price.objects.create(
        sku=sku, amount=Decimal("20.00"), currency="EUR", valid_from=moment - timedelta(days=1)
    )
    batch = make_batch(categories=(category,))
    assert list(amounts(batch).values()) == ["9.00"]
    make_launch(batch, moment=moment)

    work_out(batch)

    assert list(amounts(batch).values()) == ["18.00"]


def test_the_approver_is_told_that_the_prices_wait(client, finance, merchandiser):
    batch = make_batch(by_hand={make_sku(code="A", price="10.00"): "8.00"})
    make_launch(batch)
    task = submit(batch, merchandiser).current_workflow_task_state
    client.force_login(finance)
    address = reverse(
        "wagtailsnippets_catalog_pricebatch:workflow_action", args=[batch.pk, "approve", task.pk]
    )

    shown = client.post(address, {"comment": ""}, follow=True).content.decode()

    assert "is approved: its prices go live with “Winter”, not before." in shown
    assert Launch.objects.get().state == Launch.State.DRAFT


def test_whoever_edits_prices_of_a_launch_is_told_so(client, editor):
    batch = make_batch(by_hand={make_sku(code="A", price="10.00"): "8.00"})
    address = reverse("wagtailsnippets_catalog_pricebatch:edit", args=[batch.pk])
    client.force_login(editor)
    assert "It is part of the launch" not in client.get(address).content.decode()

    make_launch(batch)

    assert "It is part of the launch “Winter” (" in client.get(address).content.decode()


def test_a_launch_chooses_among_prices_that_are_not_approved_yet_by_their_name(client, editor):
    sku = make_sku(code="A", price="10.00")
    for name in ("Spring", "Summer"):
        make_batch(name=name, by_hand={sku: "8.00"})
    price_batches.approve(
        make_batch(name="Spring of last year", by_hand={sku: "7.00"}), user=editor
    )
    client.force_login(editor)
    address = reverse("wagtailsnippetchoosers_catalog_pricebatch:choose_results")

    everything = client.get(address).content.decode()
    searched = client.get(address, {"q": "spri"}).content.decode()

    assert "Spring" in everything
    assert "Summer" in everything
    assert "last year" not in everything
    assert "Spring" in searched
    assert "Summer" not in searched
