"""Which pictures stand on a product's page, in which order, and how they are described."""

from catalog.gallery import gallery
from catalog.models import Picture, ProductPicture, Sku


def picture(pk, description=""):
    return Picture(pk=pk, title=f"p{pk}", description=description, collection_id=1)


def row(shown, alt_text=""):
    return ProductPicture(image=shown, alt_text=alt_text)


def alts(found):
    return [(one.picture.pk, one.alt_text) for one in found]


def test_an_editors_words_go_before_the_pictures_own_and_those_before_the_title():
    rows = [row(picture(1), "A fern"), row(picture(2, "On a wall")), row(picture(3))]

    assert alts(gallery("Fern", rows, [])) == [(1, "A fern"), (2, "On a wall"), (3, "Fern")]


def test_pictures_of_variants_follow_and_none_stands_there_twice():
    front, oak = picture(1), picture(2)
    variants = [
        Sku(code="A", option1="Oak", picture=oak),
        Sku(code="B", option1="Ash", picture=oak),
        Sku(code="C", picture=front),
        Sku(code="D"),
    ]

    assert alts(gallery("Fern", [row(front), row(front)], variants)) == [
        (1, "Fern"),
        (2, "Fern, Oak"),
    ]


def test_the_picture_of_the_variant_that_is_chosen_comes_first():
    front, oak = picture(1), picture(2)
    plain = Sku(code="A")
    framed = Sku(code="B", picture=oak)

    assert [one.picture.pk for one in gallery("Fern", [row(front)], [plain, framed], framed)] == [
        2,
        1,
    ]
    assert [one.picture.pk for one in gallery("Fern", [row(front)], [plain, framed], plain)] == [
        1,
        2,
    ]


def test_a_product_without_pictures_has_none():
    assert gallery("Fern", [], [Sku(code="A")]) == []
