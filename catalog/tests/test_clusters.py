"""A page is saved with what belongs to it, and no more is asked and written than has changed."""

from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from catalog.models import Attribute, Brand, ProductPage
from catalog.models.attributes import ProductAttribute
from catalog.models.products import ProductOption, ProductPicture, ProductTag, RelatedProduct
from catalog.tests.everything import make_picture
from catalog.tests.factories import make_category, make_page
from catalog.tests.page_forms import edit, product_form

pytestmark = pytest.mark.django_db

NUMBER = 4
# Of a publication by the form, of a page that was published before.
MOST_QUERIES = 95


def fresh(page) -> ProductPage:
    return ProductPage.objects.get(pk=page.pk)


def full_page(number: int = NUMBER) -> ProductPage:
    """A published page with so many rows of each kind."""
    page = make_page(brand=Brand.objects.create(name=f"Kiln {number}"))
    colours = ("red", "blue", "green", "navy", "gold")
    page.gallery = [
        ProductPicture(image=make_picture(f"{n}", colours[n % 5]), alt_text=f"Picture {n}")
        for n in range(number)
    ]
    page.attributes = [
        ProductAttribute(
            attribute=Attribute.objects.get_or_create(name=f"Attribute {n}")[0], value=f"{n}"
        )
        for n in range(number)
    ]
    page.options = [ProductOption(name=f"Option {n}") for n in range(min(number, 3))]
    page.related_products = [RelatedProduct(product_page=make_page()) for _ in range(number)]
    page.tags.add(*(f"tag {n}" for n in range(number)))
    page.save_revision().publish()
    return fresh(page)


def rows_of(page) -> dict[str, list[dict]]:
    kinds = ("gallery", "attributes", "options", "related_products", "tagged_items")
    return {kind: list(getattr(page, kind).order_by("pk").values()) for kind in kinds}


def writes(queries) -> list[str]:
    """The tables of a product's rows that were written, by statement."""
    return [
        query["sql"].split('"')[1]
        for query in queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        and '"catalog_' in query["sql"]
        and '"catalog_productpage"' not in query["sql"]
    ]


def test_rows_that_stay_as_they_are_are_not_written_and_keep_their_keys():
    page = full_page()
    before = rows_of(page)

    page.title = "Another title"
    with CaptureQueriesContext(connection) as queries:
        page.save_revision().publish()

    assert writes(queries) == []
    assert rows_of(fresh(page)) == before
    assert fresh(page).title == "Another title"


def test_kinds_of_rows_in_which_one_has_changed_are_written():
    page = full_page()
    before = rows_of(page)

    pictures = list(page.gallery.all())
    pictures[1].alt_text = "A kiln"
    page.gallery = pictures
    with CaptureQueriesContext(connection) as queries:
        page.save_revision().publish()

    assert set(writes(queries)) == {"catalog_productpicture"}
    after = rows_of(fresh(page))
    assert [row["alt_text"] for row in after["gallery"]] == [
        *("Picture 0", "A kiln", "Picture 2", "Picture 3")
    ]
    assert [row["id"] for row in after["gallery"]] == [row["id"] for row in before["gallery"]]
    assert {**after, "gallery": None} == {**before, "gallery": None}


def test_a_row_that_is_taken_away_goes_and_one_that_is_added_comes():
    page = full_page()
    page.gallery = list(page.gallery.all())[1:]
    page.related_products = [
        *page.related_products.all(),
        RelatedProduct(product_page=make_page("The latest")),
    ]
    page.save_revision().publish()

    page = fresh(page)
    assert [row.alt_text for row in page.gallery.all()] == [f"Picture {n}" for n in (1, 2, 3)]
    titles = [row.product_page.title for row in page.related_products.all()]
    assert (len(titles), "The latest" in titles) == (NUMBER + 1, True)


def test_rows_in_another_order_are_written():
    page = full_page()
    pictures = list(page.gallery.all())
    for place, picture in enumerate(reversed(pictures)):
        picture.sort_order = place
    page.gallery = pictures
    page.save_revision().publish()

    assert [row.alt_text for row in fresh(page).gallery.all()] == [
        f"Picture {n}" for n in (3, 2, 1, 0)
    ]


def test_a_tag_that_is_set_again_is_the_row_that_was_there():
    page = full_page(2)
    before = list(ProductTag.objects.filter(content_object=page).values_list("pk", "tag__name"))

    page.tags.set(["tag 1", "tag 0"], clear=True)
    assert [item.pk for item in page.tagged_items.all()] == [None, None]
    page.save_revision().publish()
    rows = ProductTag.objects.filter(content_object=page)
    assert sorted(rows.values_list("pk", "tag__name")) == sorted(before)

    page = fresh(page)
    page.tags.set(["tag 1", "tag 2"], clear=True)
    page.save_revision().publish()
    assert sorted(rows.values_list("tag__name", flat=True)) == ["tag 1", "tag 2"]
    assert rows.get(tag__name="tag 1").pk in dict(before)


def test_of_a_revision_what_refers_to_something_that_is_gone_is_left_out():
    page = full_page()
    revision = page.latest_revision
    page.gallery.first().image.delete()
    page.related_products.first().product_page.delete()
    page.brand.delete()
    Attribute.objects.get(name="Attribute 2").delete()

    then = revision.as_object()
    assert [row.alt_text for row in then.gallery.all()] == ["Picture 1", "Picture 2", "Picture 3"]
    assert [row.value for row in then.attributes.all()] == ["0", "1", "3"]
    assert len(then.related_products.all()) == NUMBER - 1
    assert then.brand is None
    revision.publish()
    assert fresh(page).gallery.count() == NUMBER - 1


def test_a_revision_is_read_in_as_many_queries_whatever_belongs_to_the_page():
    def asked(number: int) -> int:
        revision = full_page(number).latest_revision
        with CaptureQueriesContext(connection) as queries:
            revision.as_object()
        return len(queries)

    assert asked(5) == asked(1)


def test_what_an_editor_may_type_is_asked_for_all_the_same():
    page = full_page(1)
    other = make_page("Vase", page.get_parent().specific)

    page.slug = other.slug
    with pytest.raises(ValidationError, match="already in use"):
        page.save_revision()
    page = fresh(page)
    page.brand_id = Brand.objects.latest("pk").pk + 1
    with pytest.raises(ValidationError, match="brand"):
        page.save_revision()


def test_a_row_is_asked_for_unless_what_it_refers_to_is_at_hand(django_assert_num_queries):
    page, picture = make_page(), make_picture("One", "red")
    row = ProductPicture(page=page, image=picture)
    with django_assert_num_queries(0):
        row.clean_fields()
    # Set by its key alone, what is at hand is another one.
    row.image_id = picture.pk + 1
    with pytest.raises(ValidationError, match="not a valid choice"):
        row.clean_fields()


def sent(page, **changes) -> dict[str, str]:
    """The form of the page as a browser sends it back."""
    rows = {
        "gallery": [
            {"id": row.pk, "image": row.image_id, "alt_text": row.alt_text}
            for row in page.gallery.all()
        ],
        "attributes": [
            {"id": row.pk, "attribute": row.attribute_id, "value": row.value}
            for row in page.attributes.all()
        ],
        "related_products": [
            {"id": row.pk, "product_page": row.product_page_id}
            for row in page.related_products.all()
        ],
        "options": [{"id": row.pk, "name": row.name} for row in page.options.all()],
    } | changes
    formsets = {
        name: inline_formset(found, initial=len([row for row in found if row["id"]]))
        for name, found in rows.items()
    }
    data = product_form(page.title, page.slug)
    data = {key: value for key, value in data.items() if key.partition("-")[0] not in rows}
    return data | nested_form_data(formsets) | {"action-publish": "1"}


def test_the_form_asks_as_often_however_many_rows_it_has(client, editor):
    def asked(number: int) -> list[str]:
        page = full_page(number)
        edit(client, page, sent(page))
        data = sent(fresh(page)) | {"title": f"Sent with {number}"}
        with CaptureQueriesContext(connection) as queries:
            assert edit(client, page, data).status_code == 302
        assert fresh(page).title == f"Sent with {number}"
        assert fresh(page).gallery.count() == number
        return [query["sql"][:120] for query in queries]

    one, five = asked(1), asked(3)
    assert len(one) == len(five) <= MOST_QUERIES, set(five) - set(one)


def test_the_form_is_put_together_once_and_speaks_the_language_of_whoever_opens_it():
    form_class = ProductPage.get_edit_handler().get_form_class()
    assert ProductPage.get_edit_handler().get_form_class() is form_class
    labels = []
    for language in ("en", "de"):
        with translation.override(language):
            form = form_class(instance=ProductPage())
            labels.append(str(form.fields["title"].label))
            form.fields["title"].label = "Changed"
            del form.fields["summary"]
    assert labels == ["Title", "Titel"]
    assert "summary" in form_class(instance=ProductPage()).fields


@pytest.mark.parametrize("wrong", ["0", "-1", "99999999", "9" * 30, "x", "1 OR 1", "²"])
def test_what_was_never_to_be_chosen_is_refused(editor, wrong):
    page = full_page(2)
    pictures = [
        {"id": row.pk, "image": row.image_id, "alt_text": row.alt_text}
        for row in page.gallery.all()
    ]
    pictures[1]["image"] = wrong
    form_class = ProductPage.get_edit_handler().get_form_class()
    form = form_class(QueryDict(urlencode(sent(page, gallery=pictures))), instance=page)

    assert not form.is_valid()
    good, bad = form.formsets["gallery"].errors
    assert good == {}
    assert set(bad) == {"image"}
    assert "Select a valid choice" in bad["image"][0]


def test_rows_that_the_form_adds_changes_and_deletes_are_saved(client, editor):
    page = full_page(3)
    pictures = [
        {"id": row.pk, "image": row.image_id, "alt_text": row.alt_text}
        for row in page.gallery.all()
    ]
    added = make_picture("Added", "gold")
    pictures[0]["alt_text"] = "Changed"
    pictures[1]["DELETE"] = "on"
    pictures.append({"id": "", "image": added.pk, "alt_text": "Added"})
    edit(client, page, sent(page, gallery=pictures))

    found = [(row.image_id, row.alt_text) for row in fresh(page).gallery.all()]
    assert found == [
        (pictures[0]["image"], "Changed"),
        (pictures[2]["image"], "Picture 2"),
        (added.pk, "Added"),
    ]


def test_a_publication_is_told_of_once_and_an_unpublication_too():
    page = make_page()
    page.title = "Another"
    revision = page.save_revision()
    with patch("catalog.telling.page_changed") as told:
        revision.publish()
        assert told.call_count == 1
        page = fresh(page)
        page.unpublish()
        assert told.call_count == 2
        revision.publish()
        assert told.call_count == 3


def test_a_category_is_saved_as_before():
    category = make_category("Ceramics")
    category.title = "Pottery"
    category.save_revision().publish()
    assert Page.objects.get(pk=category.pk).title == "Pottery"
