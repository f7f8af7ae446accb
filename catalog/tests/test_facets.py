"""Narrowing a category down: what the filters find, count, and keep in the address."""

import re
from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import PageViewRestriction

from catalog.asked import Asked, key_of
from catalog.columns import keeping
from catalog.columns.counting import ColumnCounts, ListedKeys
from catalog.counting import SqlCounts
from catalog.facets import Facets
from catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    CollectionPage,
    Product,
    ProductAttribute,
    ProductCategory,
    ProductPage,
)

from .factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    """Six prints: by two brands, in three woods, some framed, at prices from 10 to 60."""
    wood = Attribute.objects.create(
        name="Wood",
        kind=Attribute.Kind.CHOICE,
        is_facet=True,
        choices=[AttributeChoice(name=name, sort_order=n) for n, name in enumerate(("Oak", "Ash"))],
    )
    framed = Attribute.objects.create(name="Framed", kind=Attribute.Kind.YES_NO, is_facet=True)
    width = Attribute.objects.create(
        name="Width", kind=Attribute.Kind.NUMBER, unit="cm", is_facet=True
    )
    Attribute.objects.create(name="Secret", kind=Attribute.Kind.TEXT)
    category = make_category("Prints")
    brands = [Brand.objects.create(name=name) for name in ("Elm", "Birch")]
    for number, (kind, is_framed) in enumerate(
        [("Oak", "yes"), ("Oak", "no"), ("Ash", "yes"), ("Ash", "no"), ("Ash", "no"), ("", "")], 1
    ):
        answers = [(wood, kind), (framed, is_framed), (width, str(10 * number))]
        page = make_page(
            f"Print {number}",
            category,
            brand=brands[number % 2],
            attributes=[
                ProductAttribute(attribute=attribute, value=value)
                for attribute, value in answers
                if value
            ],
        )
        make_sku(page, price=str(10 * number))
    return category


def key(name):
    return key_of(Attribute.objects.get(name=name))


def ask(text="", **values):
    query = QueryDict(text, mutable=True)
    for name, found in values.items():
        query.setlist(name, found)
    return Asked.read(query)


def numbers(pages):
    return sorted(int(page.title.split()[1]) for page in pages)


class InDatabase:
    def counts(self, asked):
        return SqlCounts(ProductPage.objects.all(), asked)

    def found(self, asked):
        return numbers(self.counts(asked).narrowed())


class InColumns:
    def counts(self, asked):
        columns = keeping.read()
        return ColumnCounts(columns, columns.everything, asked)

    def found(self, asked):
        counts = self.counts(asked)
        keys = ListedKeys(counts.columns, counts.narrowed, "newest")[:]
        return numbers(ProductPage.objects.filter(pk__in=keys))


WAYS = {"in the database": InDatabase(), "in columns": InColumns()}


@pytest.fixture(autouse=True, params=WAYS)
def way(request, monkeypatch):
    """Each test is true of both ways to count."""
    chosen = WAYS[request.param]
    monkeypatch.setitem(WAYS, "now", chosen)
    return chosen


def found(asked):
    return WAYS["now"].found(asked)


def facets_of(asked):
    return Facets(WAYS["now"].counts(asked))


def counts(asked, heading):
    facet = next(one for one in facets_of(asked).all() if one.heading == heading)
    return {option.label: option.count for option in facet.options}


def test_within_a_facet_any_value_is_enough_and_across_facets_all_must_be_met(shop):
    wood, framed = key("Wood"), key("Framed")
    assert found(ask(**{wood: ["Oak"]})) == [1, 2]
    assert found(ask(**{wood: ["Oak", "Ash"]})) == [1, 2, 3, 4, 5]
    assert found(ask(**{wood: ["Oak", "Ash"], framed: ["yes"]})) == [1, 3]
    elm = str(Brand.objects.get(name="Elm").pk)
    assert found(ask(**{wood: ["Ash"], "brand": [elm]})) == [4]
    assert found(ask(f"price_from=20&price_to=30&{wood}=Oak")) == [2]
    assert found(ask(f"{key('Width')}_from=45")) == [5, 6]


def test_the_counts_of_a_facet_leave_out_its_own_choice_and_heed_all_others(shop):
    wood, framed = key("Wood"), key("Framed")
    asked = ask(**{wood: ["Oak"], framed: ["yes"]})
    # Of the framed: one in oak, one in ash. Of those in oak: one framed, one not.
    assert counts(asked, "Wood") == {"Oak": 1, "Ash": 1}
    assert counts(asked, "Framed") == {"Yes": 1, "No": 1}
    assert counts(ask(**{wood: ["Oak"]}), "Brand") == {"Birch": 1, "Elm": 1}


def test_what_a_count_promises_is_what_another_tick_finds(shop):
    facets = facets_of(ask(f"{key('Framed')}=no&price_to=50"))
    checked = 0
    for facet in facets.all():
        for option in facet.options:
            if facet.key == key("Framed"):
                asked = ask(f"{facet.key}={option.value}&price_to=50")
            else:
                asked = ask(f"{facet.key}={option.value}&{key('Framed')}=no&price_to=50")
            assert len(found(asked)) == option.count, (facet.heading, option)
            checked += 1
        for band in facet.bands:
            assert len(found(ask(band.query[1:]))) == band.count
            checked += 1
    assert checked >= 8


def test_bands_of_prices_cover_every_price_once(shop):
    facets = facets_of(ask())
    price = next(facet for facet in facets.all() if facet.key == "price")
    assert (price.lowest, price.highest) == (10, 60)
    assert [band.count for band in price.bands] == [1, 1, 1, 1, 1, 1]
    assert price.bands[0].label == "up to €19.99"
    assert price.bands[-1].label == "from €60.00"


def test_only_attributes_that_are_offered_are_facets_in_the_merchants_order(shop):
    Attribute.objects.filter(name="Width").update(position=0)
    Attribute.objects.exclude(name="Width").update(position=1)
    headings = [facet.heading for facet in facets_of(ask()).all()]
    assert headings == ["Brand", "Price", "Width", "Framed", "Wood"]


def test_an_answer_that_is_no_choice_any_more_can_still_be_found(shop):
    ProductAttribute.objects.filter(value="Oak").update(value="Walnut")
    assert counts(ask(), "Wood") == {"Ash": 3, "Walnut": 2}
    assert found(ask(**{key("Wood"): ["Walnut"]})) == [1, 2]


def test_a_chosen_value_is_shown_where_it_finds_nothing_any_more(shop):
    asked = ask(**{key("Wood"): ["Oak"], "price_from": ["50"]})
    assert found(asked) == []
    assert counts(asked, "Wood") == {"Oak": 0, "Ash": 1}


def test_a_category_is_narrowed_down_to_those_right_below_it(shop, client):
    oils, inks = (make_category(title, parent=shop) for title in ("Oils", "Inks"))
    wet = make_category("Wet", parent=oils)
    make_sku(make_page("Print 7", wet), price="15")
    make_sku(make_page("Print 8", inks), price="15")
    # Listed there besides, and again in a category below it: still one product.
    other = ProductPage.objects.get(title="Print 1")
    other.further_categories = [ProductCategory(category=one) for one in (oils, wet)]
    other.save()

    context = client.get(shop.url).context
    facet = context["facets"][0]
    assert facet.heading == "Category"
    assert [(one.label, one.count) for one in facet.options] == [("Oils", 2), ("Inks", 1)]
    context = client.get(f"{shop.url}?category=oils").context
    assert numbers(card.page for card in context["cards"]) == [1, 7]
    assert [one.count for one in context["facets"][0].options] == [2, 1]
    assert [(one.heading, one.label) for one in context["chosen"]] == [("Category", "Oils")]
    context = client.get(f"{shop.url}?category=oils&category=inks&category=prints").context
    assert numbers(card.page for card in context["cards"]) == [1, 7, 8]
    # One below the other is not right below the page: nothing is asked by its name.
    assert client.get(f"{shop.url}?category=wet").context["page_obj"].paginator.count == 8


def test_a_collection_is_narrowed_down_to_the_categories_of_the_shop(shop, client):
    make_sku(make_page("Print 7", make_category("Cards")), price="15")
    collection = shop.get_parent().add_child(instance=CollectionPage(title="All", price_to=500))
    facet = client.get(collection.url).context["facets"][0]
    assert [(one.label, one.count) for one in facet.options] == [("Prints", 6), ("Cards", 1)]
    context = client.get(f"{collection.url}?category=cards").context
    assert numbers(card.page for card in context["cards"]) == [7]


def test_a_category_that_is_hidden_is_no_choice(shop, client):
    make_category("Oils", parent=shop, live=False)
    private = make_category("Inks", parent=shop)
    make_sku(make_page("Print 7", private), price="15")
    PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    assert "Category" not in [facet.heading for facet in client.get(shop.url).context["facets"]]
    assert client.get(f"{shop.url}?category=inks").context["page_obj"].paginator.count == 6


def test_only_what_is_in_stock_or_on_sale_can_be_asked_for(shop):
    assert {"Availability", "Offers"} & {one.heading for one in facets_of(ask()).all()} == set()
    Product.objects.filter(pages__title__in=["Print 1", "Print 2"]).update(in_stock=False)
    Product.objects.filter(pages__title__in=["Print 2", "Print 3"]).update(on_sale=True)
    assert counts(ask(), "Availability") == {"In stock": 4}
    assert counts(ask(), "Offers") == {"On sale": 2}
    assert found(ask("stock=1")) == [3, 4, 5, 6]
    assert found(ask("stock=1&sale=1")) == [3]
    # Its own choice left out, and the other heeded.
    assert counts(ask("stock=1&sale=1"), "Availability") == {"In stock": 1}
    assert [one.label for one in facets_of(ask("stock=1&sale=1")).chosen()] == [
        "In stock",
        "On sale",
    ]


def test_the_stars_and_up_are_counted_and_asked_for(shop):
    for number, rating in ((1, "4.50"), (2, "4.00"), (3, "3.99"), (4, "1.00")):
        Product.objects.filter(pages__title=f"Print {number}").update(rating=rating)
    expected = {"Any": 6, "4 stars and up": 2, "3 stars and up": 3, "2 stars and up": 3}
    assert counts(ask(), "Rating") == expected
    assert counts(ask("rating=4"), "Rating") == expected
    assert found(ask("rating=4")) == [1, 2]
    # One at most: the first that is known.
    assert found(ask("rating=9&rating=3&rating=4")) == [1, 2, 3]
    assert ask("rating=4").without("rating", "4").query() == "?"


def test_the_best_rated_come_first_and_the_unrated_last(shop, client):
    for number, rating, reviews in ((2, "4.00", 1), (5, "4.00", 9), (3, "4.80", 1)):
        Product.objects.filter(pages__title=f"Print {number}").update(
            rating=rating, total_reviews=reviews
        )
    context = client.get(f"{shop.url}?sort=rated").context
    assert [int(card.page.title.split()[1]) for card in context["cards"]][:3] == [3, 5, 2]


@pytest.mark.parametrize(
    "text",
    [
        "category=%00&category=../../etc&category=&category=prints",
        "stock=0&stock=yes&stock=%00&sale=true&sale=11",
        "rating=5&rating=-1&rating=4.5&rating=%D9%A4&rating=" + "4" * 5000,
        "rating[]=4&stock[]=1&category[$ne]=x",
        "page=999999999999999999999999&page=1e9",
        "page=%D9%A1%00",
        "a999999=x",
        "nonsense=1&a=1&a-1=2&page=x",
        "brand=0&brand=-1&brand=x&brand=99999999999999999999&brand=%D9%A3",
        "{wood}=Teak&{wood}=%00&{wood}=&{wood}=' OR 1=1--",
        "price_from=x&price_to=NaN",
        "price_from=Infinity&price_to=1e400",
        "price_from=99999999999999999999999999&price_to=" + "9" * 5000,
        "{width}_from=0x10&{width}_to=%00",
        "{width}=10",
        "sort=%00&sort=__proto__&page=-1&page=%F0",
        "&".join(f"{{wood}}={number}" for number in range(2000)),
    ],
)
def test_a_hostile_address_changes_nothing_and_is_no_error(shop, client, text):
    text = text.format(wood=key("Wood"), width=key("Width"))
    response = client.get(f"{shop.url}?{text}")
    assert response.status_code == 200
    assert response.context["page_obj"].paginator.count == 6
    assert not response.context["chosen"]


def test_the_form_works_without_a_script_and_shows_what_is_chosen(shop, client):
    wood = key("Wood")
    response = client.get(f"{shop.url}?sort=name&{wood}=Oak&price_from=15&page=1")
    html = response.content.decode()

    assert numbers(card.page for card in response.context["cards"]) == [2]
    assert re.search(rf'<input type="checkbox"\s+name="{wood}"\s+value="Oak"\s+checked>', html)
    assert re.search(r'name="price_from"\s+value="15"', html)
    assert '<option value="name" selected>' in html
    assert 'content="noindex, follow"' in html
    links = [unescape(one.without) for one in response.context["chosen"]]
    assert links == ["?sort=name&price_from=15", f"?sort=name&{wood}=Oak"]
    for link in links:
        assert f'href="{link}"'.replace("&", "&amp;") in html
        assert client.get(shop.url + link).context["page_obj"].paginator.count > 1


def test_nothing_that_matches_has_a_way_back(shop, client):
    response = client.get(f"{shop.url}?price_from=500")
    html = response.content.decode()
    assert "No products match" in html
    assert response.context["all_products"] == "?"
    assert "Nothing hangs here yet" not in html
    assert client.get(shop.url + "?").context["page_obj"].paginator.count == 6


def test_pagination_keeps_the_filters(shop, client, monkeypatch):
    monkeypatch.setattr("catalog.browsing.PRODUCTS_PER_PAGE", 2)
    wood = key("Wood")
    response = client.get(f"{shop.url}?{wood}=Ash&sort=name")
    assert response.context["page_obj"].paginator.num_pages == 2
    following = re.search(r'rel="next"\s+href="([^"]+)"', response.content.decode())[1]
    response = client.get(shop.url + unescape(following))
    assert numbers(card.page for card in response.context["cards"]) == [5]


def test_limits_may_be_written_with_a_comma_and_are_shown_as_the_language_writes_them(shop):
    with translation.override("de"):
        facets = facets_of(ask("price_from=15,5")).all()
        price = next(facet for facet in facets if facet.key == "price")
        assert price.text_from == "15,5"
        assert price.text_highest == "60"
    assert found(ask("price_from=15,5")) == [2, 3, 4, 5, 6]
    assert found(ask("price_from=15.5")) == [2, 3, 4, 5, 6]


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


@pytest.mark.parametrize("query", ["", "?{wood}=Oak&{wood}=Ash&{framed}=no&price_from=1"])
def test_more_products_and_values_take_no_more_queries(shop, client, query):
    address = shop.url + query.format(wood=key("Wood"), framed=key("Framed"))
    few = queries(client, address)
    wood = Attribute.objects.get(name="Wood")
    for number in range(7, 19):
        answer = ProductAttribute(attribute=wood, value=f"Wood {number}")
        make_sku(make_page(f"Print {number}", shop, attributes=[answer]), price=str(number))

    assert queries(client, address) == few


@pytest.mark.parametrize(("query", "most"), [("", 18), ("{wood}=Oak&{framed}=no&category=a", 19)])
def test_a_listing_by_itself_takes_few_queries(shop, rf, query, most):
    make_sku(make_page("Print 7", make_category("A", parent=shop)))
    request = rf.get("/", QueryDict(query.format(wood=key("Wood"), framed=key("Framed"))))
    listing = shop.listing()
    with CaptureQueriesContext(connection) as captured:
        context = listing.context(request)
    assert context["facets"][0].heading == "Category"
    assert len(captured) <= most


def test_a_collection_takes_as_many_queries_for_three_products_as_for_twelve(shop, client):
    home = shop.get_parent()
    collection = home.add_child(instance=CollectionPage(title="All", price_to=500, most=100))
    ProductPage.objects.filter(title__in=["Print 4", "Print 5", "Print 6"]).update(live=False)
    few = queries(client, collection.url)
    ProductPage.objects.update(live=True)
    for number in range(7, 13):
        make_sku(make_page(f"Print {number}", shop), price=str(number))

    assert client.get(collection.url).context["page_obj"].paginator.count == 12
    assert queries(client, collection.url) == few
