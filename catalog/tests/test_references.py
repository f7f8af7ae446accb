"""What a page refers to is noted once when it is saved, and is all that it refers to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ReferenceIndex

from catalog.models import Brand
from catalog.models.products import ProductPicture, RelatedProduct
from catalog.tests.everything import make_picture
from catalog.tests.factories import make_page

pytestmark = pytest.mark.django_db


def references(page):
    rows = ReferenceIndex.get_references_for_object(page)
    return sorted(rows.values_list("model_path", "to_object_id"))


def test_a_page_that_is_published_is_known_to_refer_to_all_that_it_shows():
    page, brand, other = make_page(), Brand.objects.create(name="Kiln"), make_page()
    pictures = [make_picture("One", "red"), make_picture("Two", "blue")]
    page.brand = brand
    page.gallery = [ProductPicture(image=picture) for picture in pictures]
    page.related_products = [RelatedProduct(product_page=other)]
    page.save_revision().publish()
    noted = references(page)
    assert {("brand", str(brand.pk)), ("related_products.item.product_page", str(other.pk))} <= {
        *noted
    }
    assert len([path for path, _key in noted if path == "gallery.item.image"]) == 2
    page.refresh_from_db()
    ReferenceIndex.create_or_update_for_object(page.specific_class.objects.get(pk=page.pk))
    assert references(page) == noted

    page = page.specific_class.objects.get(pk=page.pk)
    page.gallery = [ProductPicture(image=pictures[0])]
    page.save_revision().publish()
    assert len([path for path, _key in references(page) if path == "gallery.item.image"]) == 1


def test_it_is_noted_as_often_however_much_belongs_to_the_page():
    def noted(number):
        page = make_page()
        page.gallery = [ProductPicture(image=make_picture("One", "red")) for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            page.save()
        return sum("referenceindex" in query["sql"] for query in queries)

    assert noted(1) == noted(5)


def test_rows_that_stay_as_they_are_are_noted_without_being_read_again():
    page = make_page()
    page.gallery = [ProductPicture(image=make_picture("One", "red"))]
    page.save_revision().publish()
    before, keys = references(page), [row.pk for row in page.gallery.all()]
    ReferenceIndex.remove_for_object(page)
    page = page.specific_class.objects.get(pk=page.pk)
    page.gallery = list(page.gallery.all())
    with CaptureQueriesContext(connection) as queries:
        page.save()

    reads = [query for query in queries if 'FROM "catalog_productpicture"' in query["sql"]]
    assert len(reads) == 1
    assert references(page) == before
    # What is asked for next is read from the database again.
    page.specific_class.objects.get(pk=page.pk).gallery.get().image.delete()
    assert keys
    assert not page.gallery.exists()
