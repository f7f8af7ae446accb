import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from catalog.addresses import is_taken
from catalog.tests.factories import make_category

TAKEN = ["admin", "django-admin", "cart", "orders", "search", "media", "static", "ko"]


@pytest.mark.parametrize("slug", TAKEN)
def test_what_the_shop_itself_answers_is_taken_in_any_language(slug):
    for language in ("en", "ko"):
        with translation.override(language):
            assert is_taken(slug)


@pytest.mark.parametrize("slug", ["posters", "media-2", "carts", "포스터", "x" * 200])
def test_anything_else_is_free(slug):
    assert not is_taken(slug)


@pytest.mark.django_db
def test_a_category_at_a_taken_address_is_refused_at_its_slug():
    with pytest.raises(ValidationError) as refused:
        make_category("Media")

    assert list(refused.value.message_dict) == ["slug"]


@pytest.mark.django_db
def test_below_another_category_any_address_is_free():
    assert make_category("Media", make_category("Office")).url == "/office/media/"
