"""Whatever an editor decides is a draft first: compared, scheduled, approved, taken back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Site, Workflow, WorkflowTask

from catalog.models import (
    Attribute,
    CategoryProduct,
    CollectionPage,
    CollectionProduct,
    ProductAttribute,
    ProductCategory,
    ProductOption,
    ProductPage,
    ProductPicture,
    RelatedProduct,
)
from catalog.tests.factories import make_category, make_page
from catalog.tests.page_forms import upload

pytestmark = pytest.mark.django_db

TITLE = "In winter"


def home_page(client):
    page = Site.objects.get(is_default_site=True).root_page.specific
    page.seo_title = "Before winter"
    return page, {"seo_title": "Winter has come"}, []


def category(client):
    page = make_category("Prints")
    page.intro = "<p>Before winter</p>"
    story = [("text", "<p>Gifts for the dark days</p>")]
    rows = [("first_products", CategoryProduct(product_page=make_page("Harbour", page)))]
    return page, {"intro": "<p>Winter has come</p>", "above": story}, rows


def collection(client):
    home = Site.objects.get(is_default_site=True).root_page
    page = home.add_child(instance=CollectionPage(title="Gifts", intro="<p>Before winter</p>"))
    rows = [("picked", CollectionProduct(product_page=make_page("Harbour")))]
    return page, {"intro": "<p>Winter has come</p>", "only_on_sale": True}, rows


def product(client):
    page = make_page("Lighthouse", make_category("Prints"), summary="Before winter")
    paper = Attribute.objects.create(name="Paper", kind=Attribute.Kind.TEXT)
    rows = [
        ("gallery", ProductPicture(image=upload(client), alt_text="A lighthouse in snow")),
        ("attributes", ProductAttribute(attribute=paper, value="Thick cotton")),
        ("options", ProductOption(name="Frame")),
        ("related_products", RelatedProduct(product_page=make_page("Harbour"))),
        ("further_categories", ProductCategory(category=make_category("Winter gifts"))),
    ]
    story = [("text", "<p>Drawn by candlelight</p>")]
    return page, {"summary": "Winter has come", "description": story}, rows


# What the comparison must show beside the words that all of them change.
SHOWN = {
    home_page: [],
    category: ["Gifts for the dark days", "Harbour"],
    collection: ["Harbour"],
    product: [
        "Drawn by candlelight",
        "A lighthouse in snow",
        "Thick cotton",
        "Frame",
        "Harbour",
        "Winter gifts",
    ],
}


@pytest.fixture(params=SHOWN, ids=lambda make: make.__name__)
def made(request, client, editor):
    """A live page, and the draft of another one of its kind that lies upon it."""
    page, words, rows = request.param(client)
    page.save_revision(user=editor).publish()
    page = type(page).objects.get(pk=page.pk)
    page.title = TITLE
    for name, value in words.items():
        setattr(page, name, value)
    for name, row in rows:
        getattr(page, name).add(row)
    page.save_revision(user=editor)
    return type(page).objects.get(pk=page.pk), SHOWN[request.param]


def test_a_draft_can_be_compared_with_what_is_live(client, made):
    page, expected = made

    response = client.get(
        reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "live", "latest"])
    )

    shown = response.content.decode()
    assert response.status_code == 200
    for words in [TITLE, "Winter has come", *expected]:
        # Where only parts differ, the words stand apart, each in a mark of its own.
        for word in words.split():
            assert word in shown, words


def test_a_draft_goes_live_on_its_own_schedule(made, monkeypatch):
    page, _expected = made
    draft = page.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    draft.save_revision().publish()
    call_command("publish_scheduled")
    assert type(page).objects.get(pk=page.pk).title != TITLE

    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    call_command("publish_scheduled")

    assert type(page).objects.get(pk=page.pk).title == TITLE


def test_a_draft_waits_for_approval_where_the_merchant_wants_it(client, editor, made):
    page, _expected = made
    reviewers = Group.objects.create(name="Reviewers")
    task = GroupApprovalTask.objects.create(name="Look at it")
    task.groups.add(reviewers)
    workflow = Workflow.objects.create(name="Two pairs of eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow.start(page, editor)
    state = page.current_workflow_state.current_task_state
    assert type(page).objects.get(pk=page.pk).title != TITLE

    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    client.post(address, {"comment": "Good"})

    assert type(page).objects.get(pk=page.pk).title == TITLE


def test_an_earlier_version_can_be_brought_back(client, editor, made):
    page, _expected = made
    page.latest_revision.publish()
    first = page.revisions.order_by("pk").first()

    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk])
    assert client.get(address).status_code == 200
    # What the form posts is the earlier version, as it is shown in it.
    first.as_object().save_revision(user=editor, previous_revision=first).publish()

    page = type(page).objects.get(pk=page.pk)
    assert page.title != TITLE
    if isinstance(page, ProductPage):
        assert not page.gallery.exists()
        assert not page.related_products.exists()
        assert page.summary == "Before winter"
