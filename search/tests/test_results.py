"""The search page: what it shows for a query, for a misspelt one, for nothing and for too much."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import PageViewRestriction, Site

from catalog.models import Brand, CollectionPage, Product
from catalog.tests.factories import make_category, make_page, make_sku
from search.models import TermDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    """Four prints of dunes in two categories, and one of the sea."""
    brand = Brand.objects.create(name="Atelier Nord")
    desert, coast = make_category("Desert"), make_category("Coast")
    for number, (title, category) in enumerate(
        [
            ("Dune at dawn", desert),
            ("Dune at noon", desert),
            ("Dune by night", desert),
            ("Grass on a dune", coast),
            ("Open sea", coast),
        ],
        1,
    ):
        page = make_page(title, category, brand=brand if number % 2 else None)
        make_sku(page, f"SKU-{number}-A3", price=str(10 * number))
    return Site.objects.get().root_page


def search(client, query, **asked):
    response = client.get("/search/", {"q": query, **asked})
    assert response.status_code == 200
    return response


def titles(response):
    return [card.page.title for card in response.context["cards"]]


def test_products_are_listed_by_relevance_with_the_facets_of_a_category(shop, client):
    response = search(client, "dune dawn")
    assert titles(response) == ["Dune at dawn"]
    response = search(client, "dune")
    assert response.context["page_obj"].paginator.count == 4
    assert response.context["own_order"] == "Relevance"
    facets = {facet.heading: facet for facet in response.context["facets"]}
    counts = [(option.label, option.count) for option in facets["Category"].options]
    assert counts == [("Desert", 3), ("Coast", 1)]
    assert facets["Price"].highest == 40


def test_facets_and_sort_keep_what_was_searched_for(shop, client):
    response = search(client, "dune", category="desert", price_to="25", sort="-price")
    assert titles(response) == ["Dune at noon", "Dune at dawn"]
    html = response.content.decode()
    assert re.search(r'<input type="hidden" name="q" value="dune">', html)
    links = [unescape(one.without) for one in response.context["chosen"]]
    assert links == [
        "?q=dune&sort=-price&price_to=25",
        "?q=dune&sort=-price&category=desert",
    ]
    assert client.get(f"/search/{links[0]}").context["page_obj"].paginator.count == 2
    assert response.context["all_products"] == "?q=dune&sort=-price"
    response = search(client, "dune", price_from="500")
    assert "No products match" in response.content.decode()


def test_the_code_of_a_sku_leads_to_its_product(shop, client):
    response = client.get("/search/", {"q": " sku-2-a3 "})
    assert response.status_code == 302
    assert response.url == "/desert/dune-at-noon/"
    # Who narrows a search down has seen its results.
    assert client.get("/search/", {"q": "sku-2-a3", "sort": "price"}).status_code == 200


def test_what_was_misspelt_is_searched_for_as_it_was_meant_and_said_so(shop, client):
    response = search(client, "dunne")
    assert response.context["query"] == "dune"
    assert response.context["page_obj"].paginator.count == 4
    html = unescape(response.content.decode())
    assert "Nothing was found for “dunne”. This is what there is for “dune”." in html
    # From here on the filters are about what was meant.
    assert 'name="q" value="dune"' in html


def test_nothing_found_shows_what_comes_close_and_what_many_look_at(shop, client):
    Product.objects.filter(pages__title="Open sea").update(views=50)
    response = search(client, "dune xqzwv")
    assert response.context["page_obj"].paginator.count == 0
    nearest = [card.page.title for card in response.context["nearest"]]
    assert len(nearest) == 4
    assert "Open sea" not in nearest
    assert response.context["most_viewed"][0].page.title == "Open sea"
    html = response.content.decode()
    assert "Nothing found" in html
    assert "With some of your words" in html


def test_categories_and_collections_are_found_beside_products(shop, client):
    shop.add_child(instance=CollectionPage(title="Dune days", intro="<p>Sand</p>"))
    shop.add_child(instance=CollectionPage(title="Dune drafts", live=False))
    private = shop.add_child(instance=CollectionPage(title="Dune secrets"))
    PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    response = search(client, "dune")
    assert [page.title for page in response.context["places"]] == ["Dune days"]
    assert 'href="/dune-days/"' in response.content.decode()
    # They were seen on the first page.
    assert "places" not in search(client, "dune", sort="price", category="desert").context


def promote(query, **fields):
    return SearchPromotion.objects.create(query=Query.get(query), **fields)


def test_what_editors_promote_stands_first_in_their_order(shop, client):
    sea = make_page("Sail")
    hidden = make_page("Hidden", live=False)
    promote("dune", page=sea, description="Wind too", sort_order=1)
    promote("dune", page=hidden, sort_order=2)
    promote("dune", external_link_url="https://example.com/sand", external_link_text="Sand")
    promote("other", page=sea)
    response = search(client, "  DUNE ")
    assert {hit.title for hit in response.context["promoted"]} == {"Sail", "Sand"}
    html = response.content.decode()
    assert html.index("We recommend") < html.index('id="products"')
    assert "Wind too" in html
    assert "Hidden" not in html
    SearchPromotion.objects.filter(page=sea).update(sort_order=0)
    SearchPromotion.objects.filter(page=None).update(sort_order=1)
    assert [hit.title for hit in search(client, "dune").context["promoted"]] == ["Sail", "Sand"]


def test_what_is_promoted_is_enough_to_have_found_something(shop, client):
    promote("returns", page=make_page("Sail"))
    response = search(client, "returns")
    assert "Nothing found" not in response.content.decode()
    assert response.context["is_anything"]


def test_without_a_query_the_page_invites(shop, client):
    for query, language, found in (("dune", "en", 3), ("달", "ko", 3), ("vain", "en", 0)):
        TermDay.objects.create(
            query=Query.get(query),
            day=timezone.now().date(),
            language=language,
            asked=9,
            found=found,
        )
    for query in ("", "   ", "\x00"):
        response = search(client, query)
        html = response.content.decode()
        assert response.context["popular"] == ["dune"]
        assert 'href="/search/?q=dune"' in html
        assert 'href="/desert/"' in html
        assert len(response.context["most_viewed"]) == 5
    assert client.get("/search/").status_code == 200


def test_what_few_have_searched_for_is_shown_to_nobody(shop, client):
    TermDay.objects.create(
        query=Query.get("ann smith"), day=timezone.now().date(), language="en", asked=4, found=1
    )
    assert search(client, "").context["popular"] == []


HOSTILE = [
    "<script>alert(1)</script>",
    "x" * 10_000,
    "' OR 1=1 --",
    '" AND * ( NEAR ^ :',
    "%%%___",
    "\x00\x01\x1b",
    "🙂 \u202e dune \ufeff",
    "\ud55c\uad6d",
    "٣٤",
    "a " * 500,
    "{{ 7*7 }} {% load x %}",
    "dune\r\nSet-Cookie: x=1",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_query_is_no_error_and_runs_nowhere(shop, client, query):
    for address in ("/search/", "/search/suggest/"):
        response = client.get(address, {"q": query})
        assert response.status_code == 200
        assert b"<script>alert" not in response.content
        assert not response.cookies


@pytest.mark.parametrize(
    "asked",
    [
        "page=999999",
        "page=-1&page=x",
        "page=%D9%A3%00",
        "page=99999999999999999999999999999999",
        "sort=relevance&sort=%00",
        "category[]=x&category=%00&category=../",
        "brand=9999999999999999999999&rating=5&stock=2",
        "price_from=NaN&price_to=1e999",
        "a1=x&a1_from=%F0%9F",
        "q=dune&q[]=x",
    ],
)
def test_hostile_parameters_change_nothing(shop, client, asked):
    response = client.get(f"/search/?q=dune&{asked}")
    assert response.status_code == 200
    assert response.context["page_obj"].paginator.count == 4
    assert response.context["chosen"] == []


def test_the_page_after_the_last_is_the_last(shop, client, monkeypatch):
    monkeypatch.setattr("catalog.browsing.PRODUCTS_PER_PAGE", 3)
    response = search(client, "dune", page="999999")
    assert response.context["page_obj"].number == 2
    assert len(titles(response)) == 1


def test_search_pages_are_for_nobodys_index_and_set_no_cookie(shop, client):
    for query in ("", "dune", "nothing like it"):
        response = search(client, query)
        assert 'name="robots" content="noindex' in response.content.decode()
        assert not response.cookies


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", ["/search/?q=dune", "/search/suggest/?q=dune", "/search/"])
def test_more_that_is_found_takes_no_more_queries(shop, client, address):
    few = queries(client, address)
    for number in range(12):
        make_sku(make_page(f"Dune number {number}"), price=str(5 + number))
    assert queries(client, address) == few


class TestSuggestions:
    def test_products_come_with_price_and_pages_and_words_without(self, shop, client):
        shop.add_child(instance=CollectionPage(title="Dune days"))
        response = client.get("/search/suggest/?q=dun")
        html = response.content.decode()
        assert html.count('role="option"') == response.context["count"]
        assert len(response.context["cards"]) == 4
        assert 'href="/desert/dune-at-dawn/"' in html
        assert "€10.00" in html
        assert 'href="/dune-days/"' in html
        assert 'href="/search/?q=dune"' in html

    def test_they_are_kept_for_a_minute_and_set_no_cookie(self, shop, client):
        response = client.get("/search/suggest/?q=dun")
        assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=60"}
        assert not response.cookies
        assert not response.has_header("Vary") or "Cookie" not in response["Vary"]

    @pytest.mark.parametrize("query", ["", "d", "xqzwv", "\x00"])
    def test_too_little_and_nothing_found_suggest_nothing(self, shop, client, query):
        response = client.get("/search/suggest/", {"q": query})
        assert response.content.strip() == b""

    def test_nobody_writes_to_it(self, client):
        assert client.post("/search/suggest/", {"q": "dune"}).status_code == 405
