"""What everybody reads of reviews: on a product's page, on the pages behind it, in its data."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from catalog.models import (
    Attribute,
    Brand,
    Picture,
    Product,
    ProductAttribute,
    ProductOption,
    ProductPicture,
)
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from social import reviews
from social.models import Profile, Review

from .reviewing import made_picture, make_member, make_review, picture

pytestmark = pytest.mark.django_db
STRINGS = Path(django_settings.BASE_DIR).parent / "shared" / "data" / "strings" / "blns.json"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }} {% now 'Y' %}",
    "\u2028\u2029\u202e\ufeff",
]


@pytest.fixture
def page():
    page = make_page("Dune", summary="A calm <b>horizon</b>", slug="dune")
    make_sku(page, "DUNE-A4", price="10.00", option1="A4", on_hand=9)
    return page


def soup(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element):
    return " ".join(element.get_text(" ").split())


def data_of(page_soup):
    """Of the product, among what the page tells besides."""
    told = [
        json.loads(script.string)
        for script in page_soup.find_all("script", type="application/ld+json")
    ]
    [product] = [data for data in told if str(data.get("@type")).startswith("Product")]
    return product


def all_of(page):
    return f"/reviews/{page.product_id}/"


class TestOnTheProductPage:
    def test_without_reviews_it_asks_for_the_first(self, client, page):
        html = soup(client, page.url)

        assert not html.select(".rating")
        section = html.select_one("#reviews")
        assert "Nobody has written about this yet" in words(section)
        assert section.a["href"] == f"/account/reviews/write/{page.product_id}/"

    def test_with_reviews_it_shows_average_bars_and_each_of_them(self, client, page):
        make_review(page, stars=5, title="Lovely", text="Deep\ncolours", language="ko")
        make_review(page, stars=4)
        make_review(page, stars=4)

        html = soup(client, page.url)

        rating = html.select_one(".rating a")
        assert rating["href"] == "#reviews"
        assert words(rating) == "4.3 of 5 stars 4.3 3 reviews"
        assert rating.select_one(".stars")["data-stars"] == "4.5"
        bars = html.select(".bars__row")
        assert [words(bar) for bar in bars] == [
            "5 stars 1 1 review, 33%",
            "4 stars 2 2 reviews, 67%",
            "3 stars 0 0 reviews, 0%",
            "2 stars 0 0 reviews, 0%",
            "1 star 0 0 reviews, 0%",
        ]
        assert [bar.get("href") for bar in bars[:3]] == [
            f"{all_of(page)}?stars=5",
            f"{all_of(page)}?stars=4",
            None,
        ]
        newest, _second, oldest = html.select(".review")
        assert oldest.h3["lang"] == oldest.select_one(".review__text")["lang"] == "ko"
        assert str(oldest.select_one(".review__text")).count("<br/>") == 1
        assert newest.h3 is None

    def test_what_waits_or_is_hidden_is_nowhere(self, client, page):
        make_review(page, text="It waits here", is_approved=False)
        reviews.hide(make_review(page, text="It hides here"))

        for path in (page.url, all_of(page)):
            html = client.get(path).content.decode()
            assert "It waits here" not in html
            assert "It hides here" not in html

    def test_only_who_wants_to_be_seen_has_a_name(self, client, page):
        make_review(page, make_member("ada", is_public=True, name="Ada L."))
        make_review(page, make_member("grace", name="Grace H."))
        closed = make_member("zoe", is_public=True)
        make_review(page, closed)
        get_user_model().objects.filter(pk=closed.pk).update(is_active=False)

        html = client.get(page.url).content.decode()
        authors = BeautifulSoup(html, "html.parser").select(".review__author")

        assert [words(author) for author in authors] == ["A member", "A member", "Ada L."]
        assert authors[2]["href"] == "/people/ada/"
        for hidden in ("grace", "Grace", "zoe"):
            assert hidden not in html

    def test_bought_here_the_reply_and_pictures_are_shown(self, client, page):
        review = make_review(page, pictures=[made_picture(), made_picture()])
        Review.objects.update(is_bought_here=True)
        reviews.reply(review, "We are <i>glad</i>")

        shown = soup(client, page.url).select_one(".review")

        assert words(shown.select_one(".review__bought")) == "Bought here"
        assert "Storefront answers We are <i>glad</i>" in words(shown.select_one(".review__reply"))
        first, second = review.pictures.all()
        links = shown.select(".review__picture")
        assert [link["href"] for link in links] == [first.file.url, second.file.url]
        assert links[0].img["src"] == first.small_url
        assert links[0].img["loading"] == "lazy"
        assert links[0].img["width"] == links[0].img["height"] == "112"
        assert links[0].img["alt"] == "Picture 1 of 2 of this review"

    def test_the_newest_ten_stand_there_and_lead_to_the_others(self, client, page):
        for number in range(12):
            review = make_review(page, text=f"Number {number}!")
            Review.objects.filter(pk=review.pk).update(
                created=timezone.now() + timedelta(minutes=number)
            )

        html = soup(client, page.url)
        texts = [words(text) for text in html.select(".review__text")]
        assert texts == [f"Number {number}!" for number in range(11, 1, -1)]
        older = html.select_one(".reviews__more a")
        assert older["href"] == f"{all_of(page)}?page=2"

        second = soup(client, older["href"])
        assert [words(text) for text in second.select(".review__text")] == [
            "Number 1!",
            "Number 0!",
        ]
        assert second.select_one("a[rel=prev]")["href"] == "?page=1"

    def test_it_is_the_same_for_everybody_and_sets_no_cookie(self, page, django_user_model):
        review = make_review(page, make_member("ada"))
        member = Client()
        member.force_login(review.user)

        for path in (page.url, all_of(page), f"{all_of(page)}?stars=4"):
            stranger = Client().get(path)
            assert not stranger.cookies
            assert "Cookie" not in stranger.headers.get("Vary", "")
            assert member.get(path).content == stranger.content

    def test_a_preview_of_a_page_that_was_never_saved_has_no_reviews(self, page):
        from catalog.models import ProductPage

        parent = page.get_parent()
        draft = ProductPage(title="Draft", slug="draft")
        draft.depth = parent.depth + 1
        draft.path = ProductPage._get_children_path_interval(parent.path)[1]
        draft.set_url_path(parent)

        answer = draft.make_preview_request()

        assert answer.status_code == 200
        assert b"ld+json" not in answer.content
        assert b'id="reviews"' not in answer.content


class TestAllOfThem:
    def test_they_can_be_narrowed_down_by_stars(self, client, page):
        make_review(page, stars=5, text="Best")
        make_review(page, stars=1, text="Worst")

        html = soup(client, f"{all_of(page)}?stars=1")

        assert [words(text) for text in html.select(".review__text")] == ["Worst"]
        assert html.select_one(".bars__row[aria-current]")["href"].endswith("?stars=1")
        assert html.select_one(".reviews__all")["href"] == all_of(page)
        assert html.select_one("meta[name=robots]")["content"] == "noindex, follow"

    def test_further_pages_keep_the_stars(self, client, page):
        for _number in range(11):
            make_review(page, stars=3)

        html = soup(client, f"{all_of(page)}?stars=3")

        assert html.select_one("a[rel=next]")["href"] == "?stars=3&page=2"

    def test_the_first_page_is_the_products_to_a_search_engine(self, client, page, settings):
        for _number in range(11):
            make_review(page)
        first, second = soup(client, all_of(page)), soup(client, f"{all_of(page)}?page=2")

        assert first.select_one("link[rel=canonical]")["href"] == settings.BASE_URL + page.url
        assert second.select_one("link[rel=canonical]")["href"] == (
            f"{settings.BASE_URL}{all_of(page)}?page=2"
        )
        assert len(first.select("h1")) == 1

    @pytest.mark.parametrize(
        "query",
        [
            "stars=0",
            "stars=6",
            "stars=1e9",
            "stars=%C3%A9",
            "stars=%00",
            "stars=" + "9" * 5000,
            "stars=-1",
            "page=%00",
            "page=-7",
            "page=" + "9" * 5000,
            "page=x&stars[]=1",
        ],
    )
    def test_what_makes_no_sense_shows_them_all(self, client, page, query):
        make_review(page)

        html = soup(client, f"{all_of(page)}?{query}")

        assert len(html.select(".review")) == 1

    def test_stars_that_nobody_gave_are_said_so(self, client, page):
        make_review(page, stars=5)

        html = soup(client, f"{all_of(page)}?stars=2")

        assert "Nobody gave so many stars." in words(html)

    def test_without_any_it_says_so(self, client, page):
        assert "Nobody has written about this yet" in words(soup(client, all_of(page)))

    @pytest.mark.parametrize("product_id", ["0", "999999", "9" * 30])
    def test_what_is_no_product_is_not_found(self, client, page, product_id):
        assert client.get(f"/reviews/{product_id}/").status_code == 404

    def test_a_product_that_is_not_shown_shows_no_reviews(self, client, page):
        make_review(page)
        page.unpublish()

        assert client.get(all_of(page)).status_code == 404


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_reviews_cost_one_query_and_no_more_with_more_of_them(client, page):
    without = queries(client, page.url)

    make_review(page, pictures=[made_picture()])
    with_one = queries(client, page.url)
    for number in range(12):
        author = make_member(is_public=bool(number % 2))
        make_review(page, author, pictures=[made_picture()])

    # The reviews with their authors and pictures; how many stars were given is asked anyway.
    assert with_one == without + 1
    assert queries(client, page.url) == with_one
    few = queries(client, f"{all_of(page)}?page=2")
    assert queries(client, all_of(page)) == few


class TestStructuredData:
    def test_one_variant_is_one_offer(self, client, page, settings):
        settings.BASE_URL = "https://shop.example.com"
        page.brand = Brand.objects.create(name="Halftone")
        page.gallery = [
            ProductPicture(
                image=Picture.objects.create(
                    title="Dune", file=ContentFile(picture().read(), "dune.png")
                )
            )
        ]
        page.save()
        review = make_review(page, stars=5, title="Lovely", text="Deep colours")

        data = data_of(soup(client, page.url))

        url = "https://shop.example.com" + page.url
        [image] = data.pop("image")
        assert image.startswith("https://shop.example.com/media/original_images/dune")
        assert data == {
            "@context": "https://schema.org",
            "@type": "Product",
            "@id": f"{url}#product",
            "url": url,
            "name": "Dune",
            "description": "A calm <b>horizon</b>",
            "brand": {"@type": "Brand", "name": "Halftone"},
            "sku": "DUNE-A4",
            "offers": {
                "@type": "Offer",
                "url": url,
                "sku": "DUNE-A4",
                "name": "A4",
                "price": "10.00",
                "priceCurrency": "EUR",
                "availability": "https://schema.org/InStock",
                "itemCondition": "https://schema.org/NewCondition",
            },
            "aggregateRating": {
                "@type": "AggregateRating",
                "ratingValue": "5.00",
                "reviewCount": 1,
                "bestRating": 5,
                "worstRating": 1,
            },
            "review": [
                {
                    "@type": "Review",
                    "author": {"@type": "Person", "name": "A member"},
                    "datePublished": review.created.date().isoformat(),
                    "inLanguage": "en",
                    "name": "Lovely",
                    "reviewBody": "Deep colours",
                    "reviewRating": {
                        "@type": "Rating",
                        "ratingValue": 5,
                        "bestRating": 5,
                        "worstRating": 1,
                    },
                }
            ],
        }

    def test_several_variants_are_a_group_of_products_with_an_offer_each(
        self, client, page, settings
    ):
        settings.BASE_URL = "https://shop.example.com"
        page.options = [ProductOption(name="Size"), ProductOption(name="Frame")]
        page.save()
        make_sku(page, "DUNE-A3", price="20.00", compare_at="25.00", option1="A3", option2="Oak")
        make_sku(page, "DUNE-A2", price="30.00", option1="A2", on_hand=0)
        make_sku(page, "DUNE-A1", price="5.00", option1="A1", on_hand=0, when_sold_out="sell_on")

        data = data_of(soup(client, page.url))

        assert data["@type"] == "ProductGroup"
        assert not {"sku", "offers"} & set(data)
        assert data["productGroupID"] == f"product-{page.product_id}"
        assert data["variesBy"] == ["https://schema.org/size"]
        stands = {
            one["sku"]: one["offers"]["availability"].rpartition("/")[2]
            for one in data["hasVariant"]
        }
        assert stands == {
            "DUNE-A4": "InStock",
            "DUNE-A3": "InStock",
            "DUNE-A2": "OutOfStock",
            "DUNE-A1": "BackOrder",
        }
        [reduced] = [one for one in data["hasVariant"] if one["sku"] == "DUNE-A3"]
        assert reduced == {
            "@type": "Product",
            "name": "Dune – A3 / Oak",
            "sku": "DUNE-A3",
            "size": "A3",
            "offers": {
                "@type": "Offer",
                "url": f"https://shop.example.com{page.url}?sku=DUNE-A3",
                "sku": "DUNE-A3",
                "name": "A3 / Oak",
                "price": "20.00",
                "priceCurrency": "EUR",
                "availability": "https://schema.org/InStock",
                "itemCondition": "https://schema.org/NewCondition",
                "priceSpecification": {
                    "@type": "UnitPriceSpecification",
                    "priceType": "https://schema.org/StrikethroughPrice",
                    "price": "25.00",
                    "priceCurrency": "EUR",
                },
            },
        }

    def test_a_price_that_will_change_is_told_with_its_end(self, client, page):
        [sku] = page.product.skus.all()
        tomorrow = timezone.now() + timedelta(days=1)
        set_price(sku, "12.00", at=tomorrow)

        offer = data_of(soup(client, page.url))["offers"]

        assert offer["price"] == "10.00"
        assert offer["priceValidUntil"] == tomorrow.isoformat(timespec="seconds")

    def test_what_machines_know_by_name_is_told_by_it(self, client, page):
        page.product.skus.update(barcode="4006381333931")
        colour = Attribute.objects.create(name="Colour")
        width = Attribute.objects.create(name="Width")
        page.attributes = [
            ProductAttribute(attribute=colour, value="Sand"),
            ProductAttribute(attribute=width, value="30"),
        ]
        page.save()

        data = data_of(soup(client, page.url))

        assert (data["color"], data["gtin"]) == ("Sand", "4006381333931")
        assert "width" not in {name.casefold() for name in data}

    def test_nothing_is_told_that_is_not_there(self, client):
        page = make_page("Bare", slug="bare")

        data = data_of(soup(client, page.url))

        assert set(data) == {"@context", "@type", "@id", "url", "name"}

    def test_five_reviews_at_most_and_only_those_that_are_shown(self, client, page):
        for number in range(7):
            make_review(page, text=f"Number {number}")
        make_review(page, text="It waits", is_approved=False)

        data = data_of(soup(client, page.url))

        assert [one["reviewBody"] for one in data["review"]] == [
            f"Number {number}" for number in range(6, 1, -1)
        ]
        assert data["aggregateRating"]["reviewCount"] == 7

    def test_an_alias_of_a_page_that_has_no_address_tells_its_own(self, client, page):
        alias = page.create_alias(parent=make_category("Others"))
        page.refresh_from_db()
        # Where no site of the shop leads to.
        page.move(Page.get_first_root_node(), pos="last-child")

        response = client.get(alias.url)

        assert response.status_code == 200
        assert data_of(BeautifulSoup(response.content, "html.parser"))["url"].endswith(alias.url)

    def test_a_preview_tells_nothing(self, page):
        make_review(page)

        assert b"ld+json" not in page.make_preview_request().content


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_member_are_never_markup(client, page, text):
    member = make_member("ada", is_public=True)
    Profile.objects.filter(user=member).update(name=text[:80])
    review = make_review(page, member, title=text[:100], text=text)
    reviews.reply(review, text)

    for path in (page.url, all_of(page)):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<!--<script" not in html
        read = BeautifulSoup(html, "html.parser").select_one(".review__text").get_text()
        assert read == text
    script = BeautifulSoup(client.get(page.url).content, "html.parser").find(
        "script", type="application/ld+json"
    )
    assert not set(script.string) & set("<>&")
    assert data_of(soup(client, page.url))["review"][0]["reviewBody"] == text


@pytest.mark.real_files
def test_naughty_strings_are_shown_as_they_are(client, page):
    strings = [
        text for text in json.loads(STRINGS.read_text()) if text.strip() and "\0" not in text
    ]
    chosen = [text for text in strings if any(sign in text for sign in "<>&\"'{")]
    review = make_review(page)
    Product.objects.filter(pk=page.product_id).update(total_reviews=1, rating=4)

    for start in range(0, len(chosen), 20):
        text = "\n".join(chosen[start : start + 20])
        Review.objects.filter(pk=review.pk).update(text=text, title=text[:100], reply=text)

        html = soup(client, page.url)

        assert len(html.select(".review")) == 1
        assert data_of(html)["review"][0]["reviewBody"] == text
        assert not html.select(".review script, .review img, .review svg, .review iframe")
