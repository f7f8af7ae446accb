"""What shoppers find, and in which order; the same on both databases."""

import pytest
from django.apps import apps
from wagtail.models import Locale, PageViewRestriction, Site

from catalog.models import Brand, CollectionPage, ProductAttribute
from catalog.models.attributes import Attribute
from catalog.tests.factories import make_category, make_page, make_sku
from search.engines import engine
from search.selectors import sku_hit

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return Site.objects.get().root_page


def titles(query, home) -> list[str]:
    return [page.title for page in engine().products(query, home).by_relevance()]


def others(query, home, limit=8) -> list[str]:
    return [page.title for page in engine().others(query, home, limit)]


# The order


def test_a_title_counts_more_than_a_code_that_more_than_a_tag_and_a_text_least(home):
    make_page("First thing", summary="An owl at night.")
    tagged = make_page("Second thing")
    tagged.tags.add("owl")
    tagged.save()
    coded = make_page("Third thing")
    make_sku(coded, "OWL-A3")
    make_page("Fourth thing with an owl")

    assert titles("owl", home) == [
        "Fourth thing with an owl",
        "Third thing",
        "Second thing",
        "First thing",
    ]


def test_whole_words_come_before_beginnings_and_short_titles_before_long_ones(home):
    make_page("Owlet")
    make_page("The owl that came to tea with all of its many friends")
    make_page("Owl")

    assert titles("owl", home) == [
        "Owl",
        "The owl that came to tea with all of its many friends",
        "Owlet",
    ]


def test_a_brand_options_and_attributes_are_found(home):
    page = make_page("Dune", brand=Brand.objects.create(name="Atelier Nord"))
    make_sku(page, "D-1", option1="Walnut frame")
    material = Attribute.objects.create(name="Material")
    page.attributes.add(ProductAttribute(attribute=material, value="Cotton paper"))
    page.save()

    for query in ("nord", "atelier dune", "walnut", "cotton dune"):
        assert titles(query, home) == ["Dune"], query
    assert titles("atelier moon", home) == []


def test_what_is_narrowed_down_keeps_the_order(home):
    make_page("Owl on a branch")
    make_page("Owl", summary="Left out")
    make_page("Owl in flight over the wood")
    found = engine().products("owl", home)

    pages = found.by_relevance(found.pages.filter(summary=""))

    assert [page.title for page in pages] == ["Owl on a branch", "Owl in flight over the wood"]
    assert found.pages.count() == 3


# Words


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Posters of Paris", "poster"),
        ("Poster", "posters"),
        ("Berries", "berry"),
        ("Boxes", "box"),
        ("Café crème", "CAFE CREME"),
        ("Cafe", "café"),
        ("Straße", "strasse"),
        ("Women's shirt", "women"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("Amber lamp", "amber la"),
        ("수채화 포스터", "포스터"),
        ("수채화포스터를", "포스터"),
        ("수채화", "수"),
        ("수채화", "화"),
        ("山水画海报", "海报"),
        ("山水画海报", "山"),
        ("山水画海报", "报"),
        ("山水画 A3", "山水 a3"),
        ("ポスター", "スター"),
    ],
)
def test_words_are_found_however_they_are_written(title, query, home):
    make_page(title)
    make_page("Something else")

    assert titles(query, home) == [title]


@pytest.mark.parametrize("query", ["海山", "포채", "lam amber", "amberlamp"])
def test_what_is_not_written_is_not_found(query, home):
    for title in ("山水画海报", "수채화 포스터", "Amber lamp"):
        make_page(title)

    assert titles(query, home) == []


@pytest.mark.parametrize(
    "query",
    [
        *["", "   ", "\x00", "%", "_", "'", '"', "\\", "*", "🙂", "( ) | & ! :*", "NEAR(", "-"],
        *["a" * 10_000, "\ud800", "=product1", "\u202e", "' | 'x", '" OR "x', "{title}:"],
    ],
)
def test_hostile_words_find_nothing_and_break_nothing(query, home):
    make_page("Dune")
    find = engine()

    assert titles(query, home) == []
    assert list(find.nearest(query, home).by_relevance()) == []
    assert find.others(query, home) == []
    assert not find.suggest(query, home)
    assert find.did_you_mean(query, home) is None


def test_of_very_many_words_the_first_count(home):
    make_page("One two three four five six seven eight")

    assert len(titles("one two three four five six seven eight " + "nine " * 500, home)) == 1


# SKU codes


@pytest.mark.parametrize(
    "query", ["DUNE-A3", "dune-a3-oak", "a3-oak", "duneA3", "dunea3oak", "DUNE-"]
)
def test_a_part_of_a_code_finds_its_product(query, home):
    make_sku(make_page("A sea of sand"), "DUNE-A3-OAK")
    make_sku(make_page("Moon"), "MOON-A4-OAK")

    assert titles(query, home) == ["A sea of sand"]


def test_just_the_code_of_a_sku_leads_to_its_product(home):
    page = make_page("Dune")
    make_sku(page, "Dune-A3-Öl")
    page.create_alias(parent=make_category("Gifts"))

    for code in ("Dune-A3-Öl", "  DUNE-A3-ÖL ", "dune-a3-öl"):
        assert sku_hit(code, home) == page
    for code in ("", "Dune-A3", "x" * 500, "\x00", "%"):
        assert sku_hit(code, home) is None


def test_a_code_that_is_not_sold_or_not_public_leads_nowhere(home):
    make_sku(make_page("Dune", live=False), "DUNE")
    make_sku(make_page("A thing"), "MOON", is_active=False)
    restricted = make_page("Star")
    make_sku(restricted, "STAR")
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")

    assert [sku_hit(code, home) for code in ("DUNE", "MOON", "STAR")] == [None] * 3
    assert [titles(code, home) for code in ("DUNE", "MOON", "STAR")] == [[]] * 3


# Other pages, other languages


def test_categories_collections_and_pages_are_found_apart_from_products(home):
    make_page("Paper moon", make_category("Paper"))
    home.add_child(instance=CollectionPage(title="On paper", intro="<p>Made of <b>pulp</b></p>"))
    # By name: search knows nothing of the pages of home.
    page = apps.get_model("home", "ContentPage")(title="Delivery")
    page.body = [("text", "<p>Paper travels rolled.</p>")]
    home.add_child(instance=page)

    assert titles("paper", home) == ["Paper moon"]
    assert others("paper", home) == ["Paper", "On paper", "Delivery"]
    assert others("paper", home, 2) == ["Paper", "On paper"]
    assert others("pulp", home) == ["On paper"]
    assert others("b", home) == []
    assert isinstance(engine().others("pulp", home)[0], CollectionPage)


def test_each_language_finds_its_own(home):
    make_page("Dune", make_category("Prints"))
    korean = Locale.objects.create(language_code="ko")
    other = home.copy_for_translation(korean)
    other.save_revision().publish()
    make_page("Dune 사막", make_category("포스터", other, locale=korean), locale=korean)

    assert titles("dune", home) == ["Dune"]
    assert titles("dune", other) == ["Dune 사막"]
    assert titles("사막", home) == []
    assert others("포스터", other) == ["포스터"]
    assert others("포스터", home) == []
    assert engine().did_you_mean("dnue", other) == "dune"


def test_an_alias_in_the_same_language_is_no_second_product(home):
    make_page("Dune").create_alias(parent=make_category("Gifts"))

    assert titles("dune", home) == ["Dune"]


# The cost


def test_the_number_of_queries_does_not_depend_on_what_is_found(home, django_assert_num_queries):
    make_category("Owls")
    find = engine()
    find.suggest("owl", home)
    for number in range(20):
        make_page(f"Owl {number} of the wood")
    find.suggest("owl", home)

    with django_assert_num_queries(2):
        list(find.products("owl", home).by_relevance()[:24])
    with django_assert_num_queries(3):
        find.others("owl", home)
    with django_assert_num_queries(6):
        find.suggest("owl wo", home)
