"""What an import wrote can be compared with and returned to once somebody edits it."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import PageLogEntry, Revision

from catalog.models import ProductPage, Sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(tmp_path) -> ProductPage:
    file = tmp_path / "products.csv"
    file.write_text(
        "Handle,Title,Type,Tags,Variant SKU,Variant Price\ndune,Dune,Posters,sand,D,5\n"
    )
    call_command("import_products", str(file))
    return ProductPage.objects.get()


def test_an_import_writes_no_revision(imported):
    assert imported.live
    assert not Revision.objects.page_revisions().filter(object_id=str(imported.pk)).exists()


def test_the_first_edit_of_what_was_imported_can_be_taken_back(imported):
    imported.title = "Dunes"
    imported.tags.set(["sea"])
    imported.save_revision().publish()

    first, second = imported.revisions.order_by("created_at", "pk")
    assert first.created_at <= second.created_at
    first.publish()
    page = ProductPage.objects.get()
    assert (page.title, list(page.tags.names())) == ("Dune", ["sand"])
    assert Sku.objects.get().product == page.product


def test_a_draft_leaves_the_imported_words_live_and_marked_so_in_the_history(
    imported, client, editor
):
    imported.title = "Dunes"
    imported.save_revision(user=editor, log_action=True)

    page = ProductPage.objects.get()
    kept = page.revisions.order_by("created_at", "pk").first()
    assert (page.title, page.live_revision) == ("Dune", kept)
    assert PageLogEntry.objects.get(action="wagtail.create", page=page.pk).revision == kept
    history = client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
    assert f"/revisions/compare/{kept.pk}...latest/" in history
    assert reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, kept.pk]) in history


def test_later_edits_keep_nothing_more(imported):
    for title in ("Dunes", "Dunes at Dusk"):
        page = ProductPage.objects.get()
        page.title = title
        page.save_revision()

    assert imported.revisions.count() == 3


def test_a_stale_page_in_memory_is_no_first_edit(imported):
    stale = ProductPage.objects.get()
    ProductPage.objects.get().save_revision()
    stale.save_revision()

    assert imported.revisions.count() == 3
