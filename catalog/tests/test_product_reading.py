"""What is read for a product's page in few statements is what the models say of it."""

import random

import pytest
from wagtail.images.models import Filter
from wagtail.models import PageViewRestriction

from catalog import kept, product_pictures, renditions
from catalog.cards import cards
from catalog.models import (
    Attribute,
    Picture,
    PictureRendition,
    ProductAttribute,
    ProductOption,
    ProductPage,
    ProductPicture,
)
from catalog.models.products import SHOWN_AS, RelatedProduct
from catalog.picture_sizes import KINDS
from catalog.product_context import Draft
from catalog.product_reading import Reading
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.test_cards import picture as make_picture

pytestmark = pytest.mark.django_db


class Shop:
    """Products as editors leave them: with and without pictures, options, answers, relatives."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.shelf, self.closed = make_category("Open"), make_category("Closed")
        PageViewRestriction.objects.create(page=self.closed, restriction_type="login")
        kinds = ("text", "number", "choice", "yes_no")
        self.attributes = [
            Attribute.objects.create(name=f"Attribute {number}", kind=kind, unit="cm"[: number % 3])
            for number, kind in enumerate(kinds)
        ]
        self.pictures = [self.picture(number) for number in range(6)]
        self.pages = [self.page(number) for number in range(12)]
        for page in self.pages:
            self.relate(page)

    def picture(self, number):
        picture = make_picture(f"Picture {number}")
        for spec in {spec for kind in KINDS.values() for spec in kind.specs}:
            if self.random.random() < 0.7:
                PictureRendition.objects.create(
                    image=picture,
                    filter_spec=spec,
                    focal_point_key=Filter(spec).get_cache_key(picture),
                    file=f"images/{number}-{spec.replace('|', '-')}",
                    width=100,
                    height=100,
                )
        return picture

    def some(self, things, most):
        return self.random.choices(things, k=self.random.randint(0, most))

    def page(self, number):
        shelf = self.random.choices([self.shelf, self.closed], [5, 1])[0]
        page = make_page(f"Print {number}", shelf, live=self.random.random() < 0.8)
        for place, picture in enumerate(self.some(self.pictures, 5)):
            alt_text = "Dunes"[:place]
            page.gallery.add(ProductPicture(image=picture, sort_order=-place, alt_text=alt_text))
        for place, name in enumerate(self.some(["Size", "Frame"], 3)):
            page.options.add(ProductOption(name=name, sort_order=-place))
        for attribute in self.random.sample(self.attributes, self.random.randint(0, 4)):
            value = self.random.choice(["12.5", "yes", "Oak", ""])
            page.attributes.add(ProductAttribute(attribute=attribute, value=value))
        page.tags.add(*self.some(["calm", "wild", "Größe"], 2))
        page.save()
        for place in range(self.random.randint(0, 3)):
            sku = make_sku(page, option1=f"A{place}")
            sku.picture = self.random.choice([None, *self.pictures])
            sku.save()
        return page

    def relate(self, page):
        for place, other in enumerate(self.some(self.pages, 5)):
            page.related_products.add(RelatedProduct(product_page=other, sort_order=-place))
        page.save()


def files(picture, kinds=SHOWN_AS):
    """Those that these kinds show; others may be known as well."""
    found = renditions._found(picture)
    return {spec: found[spec].pk for spec in renditions.specs(kinds) if spec in found}


def said(read):
    return {
        "pictures": [
            (row.pk, row.page_id, row.alt_text, row.image.title, files(row.image))
            for row in read.pictures()
        ],
        "variants": [
            (sku.pk, sku.price, sku.picture and (sku.picture.title, files(sku.picture)))
            for sku in read.variants()
        ],
        "options": read.option_names(),
        "answers": [
            (row.pk, row.attribute_id, row.attribute.name, row.value, row.shown)
            for row in read.answers()
        ],
        "tags": sorted(read.tags()),
        "related": [
            (card.page.pk, card.picture and card.picture.pk, card.alt_text, card.price)
            for card in read.related()
        ],
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_page_is_read_as_the_models_say(seed):
    Shop(seed)
    seen = set()
    for page in ProductPage.objects.all():
        found = said(Reading(page))
        assert found == said(Draft(ProductPage.objects.get(pk=page.pk)))
        seen |= {name for name, value in found.items() if value}

    assert seen == {"pictures", "variants", "options", "answers", "tags", "related"}


def test_cards_have_the_first_two_pictures_of_their_pages():
    Shop(5)
    pages = {page.pk: page for page in ProductPage.objects.all()}

    found = product_pictures.of_cards(pages)

    for key, page in pages.items():
        rows = list(page.gallery.select_related("image").order_by("sort_order", "pk"))[:2]
        ours = found.of_page.get(key, [])
        assert [row.pk for row in ours] == [row.pk for row in rows]
        for row, other in zip(ours, rows, strict=True):
            assert files(row.image, ("card", "thumb")) == files(other.image, ("card", "thumb"))
    assert any(len(rows) == 2 for rows in found.of_page.values())


@pytest.mark.parametrize("kinds", [(), ("thumb",)])
def test_pictures_are_read_with_their_files(kinds, django_assert_num_queries):
    pictures = Shop(7).pictures
    keys = [picture.pk for picture in pictures[1:]]
    expected = Picture.objects.prefetch_related(renditions.prefetch("", *kinds)).in_bulk(keys)

    with django_assert_num_queries(1):
        found = renditions.in_bulk(keys, *kinds)

    assert found == expected
    for key, picture in found.items():
        assert files(picture, kinds or KINDS) == files(expected[key], kinds or KINDS)
        assert picture.file.name == expected[key].file.name
    with django_assert_num_queries(0):
        assert renditions.in_bulk([]) == {}


def test_a_page_is_read_with_as_many_queries_whatever_it_shows(django_assert_max_num_queries):
    Shop(1)
    for page in ProductPage.objects.select_related("product"):
        # Its small things, closed pages, the pages of cards, pictures, facts.
        with kept.from_here(), django_assert_max_num_queries(5):
            said(Reading(page))


def test_a_page_without_a_product_has_its_pictures_and_nothing_to_sell():
    page = Shop(2).pages[0]
    page.gallery.add(ProductPicture(image=make_picture("Alone")))
    page.save()
    ProductPage.objects.filter(pk=page.pk).update(product=None)
    read = Reading(ProductPage.objects.get(pk=page.pk))

    assert read.variants() == []
    assert "Alone" in [row.image.title for row in read.pictures()]
    assert read.related() == cards([])


def test_of_two_pages_of_a_related_product_the_older_one_is_shown():
    shelf = make_category()
    page, other = make_page("Dune", shelf), make_page("Fern", shelf)
    alias = other.create_alias(update_slug="fern-again")
    page.related_products.add(RelatedProduct(product_page=alias))
    page.save()

    assert [card.page.pk for card in Reading(page).related()] == [other.pk]
    ProductPage.objects.filter(pk=other.pk).update(live=False)
    assert [card.page.pk for card in Reading(page).related()] == [alias.pk]
