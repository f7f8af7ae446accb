"""A large category gets its new address in the background, and its editor is told so."""

import pytest
from django.urls import reverse

from catalog import jobs
from catalog.models import CategoryPage, Job, ProductPage
from catalog.tests.factories import make_category, make_page
from catalog.tests.page_forms import category_form, edit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch):
    monkeypatch.setattr(jobs, "MOST_PAGES_AT_ONCE", 1)
    monkeypatch.setattr(jobs, "ring", lambda: None)


@pytest.fixture
def prints():
    prints = make_category("Prints")
    make_page("A", prints)
    make_page("B", prints)
    return CategoryPage.objects.get(pk=prints.pk)


def test_publishing_a_new_address_says_that_it_is_given_in_the_background(editor, client, prints):
    edit(client, prints, category_form("Paper", "paper") | {"action-publish": "1"})

    job = Job.objects.get()
    text = client.get(reverse("wagtailadmin_explore", args=[prints.pk])).content.decode()
    assert job.user == editor
    assert "Change the address of “Paper” to “paper”: this is done in the background." in text
    assert reverse("catalog_jobs:detail", args=[job.pk]) in text
    now = CategoryPage.objects.get(pk=prints.pk)
    assert (now.title, now.slug) == ("Paper", "prints")

    jobs.run_due()

    assert {page.url for page in ProductPage.objects.all()} == {"/paper/a/", "/paper/b/"}
    assert client.get("/prints/a/")["Location"] == "/paper/a/"


def test_a_draft_with_a_new_address_changes_none_and_owes_nothing(editor, client, prints):
    edit(client, prints, category_form("Paper", "paper"))

    assert not Job.objects.exists()
    assert CategoryPage.objects.get(pk=prints.pk).slug == "prints"
    # Published later, it is the job's.
    CategoryPage.objects.get(pk=prints.pk).get_latest_revision().publish()
    assert Job.objects.get().arguments == {"page": prints.pk, "slug": "paper"}


def test_saving_it_again_with_the_same_address_owes_nothing(editor, client, prints):
    edit(client, prints, category_form("Paper", "prints") | {"action-publish": "1"})

    assert CategoryPage.objects.get(pk=prints.pk).title == "Paper"
    assert not Job.objects.exists()
