"""The whole catalogue for marketplaces and whoever else takes it: public facts, and no others."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import prices, stock
from catalog.models import (
    Attribute,
    Brand,
    Price,
    ProductAttribute,
    ProductOption,
    Sku,
    StockMovement,
)
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from home.seo import goods, merchant
from home.tests.seo import HOSTILE, SHOP, add_picture, body_of, made_picture, xml_of
from home.tests.test_languages import home, korean, translate  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
G = "{http://base.google.com/ns/1.0}"
GOOGLE, CATALOGUE = "/feeds/google.xml", "/feeds/catalogue.jsonl"


@pytest.fixture(autouse=True)
def _shop(settings, tmp_path):
    settings.BASE_URL = SHOP
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def prints():
    return make_category("Prints")


@pytest.fixture
def dune(prints):
    page = make_page("Dune", make_category("Sea", prints), slug="dune", summary="A calm horizon")
    page.brand = Brand.objects.create(name="Studio Nord")
    page.options = [ProductOption(name="Size"), ProductOption(name="Frame")]
    paper = Attribute.objects.create(name="Material")
    page.attributes.add(ProductAttribute(attribute=paper, value="Cotton"))
    page.tags.add("calm")
    page.save()
    make_sku(page, "DUNE-A4", option1="A4", option2="Oak", barcode="4006381333931", weight=300)
    make_sku(page, "DUNE-A3", option1="A3", option2="Oak", price="25.00", on_hand=0)
    return page


def offered(client, path=GOOGLE):
    """By identifier, what each item says by its ``g:`` names; what is said twice as a list."""
    found = {}
    for item in xml_of(client.get(path)).iter("item"):
        said = {}
        for element in item:
            said.setdefault(element.tag.removeprefix(G), []).append(element.text)
        found[said["id"][0]] = {
            name: texts[0] if len(texts) == 1 else texts for name, texts in said.items()
        }
    return found


def records(client, path=CATALOGUE):
    return [json.loads(line) for line in body_of(client.get(path)).decode().splitlines()]


class TestMerchant:
    def test_each_variant_is_an_item_with_all_that_is_known_of_it(self, client, dune):
        main, more = add_picture(dune), add_picture(dune, "more.png")

        found = offered(client)

        assert found["DUNE-A4"] == {
            "id": "DUNE-A4",
            "title": "Dune – A4 / Oak",
            "description": "A calm horizon",
            "link": f"{SHOP}/prints/sea/dune/?sku=DUNE-A4",
            "canonical_link": f"{SHOP}/prints/sea/dune/",
            "image_link": SHOP + main.file.url,
            "additional_image_link": SHOP + more.file.url,
            "item_group_id": f"product-{dune.product_id}",
            "product_type": "Prints > Sea",
            "condition": "new",
            "availability": "in_stock",
            "price": "10.00 EUR",
            "shipping_weight": "300 g",
            "brand": "Studio Nord",
            "gtin": "4006381333931",
            "size": "A4",
            "material": "Cotton",
        }
        assert found["DUNE-A3"]["availability"] == "out_of_stock"
        assert found["DUNE-A3"]["identifier_exists"] == "no"

    def test_an_item_leads_to_a_page_that_says_the_same(self, client, dune):
        for code, item in offered(client).items():
            page = client.get(item["link"].removeprefix(SHOP))
            assert page.context["chosen"]().code == code
            assert (
                item["price"].removesuffix(" EUR").rstrip("0").rstrip(".") in page.content.decode()
            )

    def test_a_product_of_one_variant_is_no_group(self, client, prints):
        page = make_page("Card", prints, slug="card")
        make_sku(page, "CARD")

        item = offered(client)["CARD"]

        assert "item_group_id" not in item
        assert item["title"] == "Card"
        assert item["link"] == SHOP + page.url
        # It has no words of its own, and Google wants some.
        assert item["description"] == "Card"

    def test_a_variants_own_picture_comes_first(self, client, dune):
        main = add_picture(dune)
        own = made_picture("own.png")
        Sku.objects.filter(code="DUNE-A3").update(picture=own)

        item = offered(client)["DUNE-A3"]

        assert item["image_link"] == SHOP + own.file.url
        assert item["additional_image_link"] == SHOP + main.file.url

    def test_a_reduction_is_told_with_its_time(self, client, dune):
        sku = Sku.objects.get(code="DUNE-A4")
        now = timezone.now()
        end = now + timedelta(days=7)
        prices.add_prices([sku], Price.Kind.SALE, Decimal("8.00"), start=now, end=end)

        item = offered(client)["DUNE-A4"]

        assert (item["price"], item["sale_price"]) == ("10.00 EUR", "8.00 EUR")
        assert item["sale_price_effective_date"] == (
            f"{now:%Y-%m-%dT%H:%M}+0000/{end:%Y-%m-%dT%H:%M}+0000"
        )

    def test_a_reduction_without_an_end_is_told_for_a_while(self, client, dune):
        set_price(Sku.objects.get(code="DUNE-A4"), "8.00", "10.00")

        start, end = offered(client)["DUNE-A4"]["sale_price_effective_date"].split("/")

        today = timezone.now()
        assert start.startswith(f"{today:%Y-%m-%d}")
        assert end.startswith(f"{today + merchant.REDUCED_FOR:%Y-%m-%d}")

    @pytest.mark.parametrize(
        ("on_hand", "when_sold_out", "told"),
        [(1, "stop", "in_stock"), (0, "stop", "out_of_stock"), (0, "sell_on", "backorder")],
    )
    def test_availability(self, client, prints, on_hand, when_sold_out, told):
        make_sku(make_page(category=prints), "A", on_hand=on_hand, when_sold_out=when_sold_out)
        assert offered(client)["A"]["availability"] == told

    def test_a_manufacturers_own_number_is_an_identifier_too(self, client, dune):
        number = Attribute.objects.create(name="MPN")
        dune.attributes.add(ProductAttribute(attribute=number, value="SN-7"))
        dune.save()

        item = offered(client)["DUNE-A3"]

        assert (item["mpn"], item["brand"]) == ("SN-7", "Studio Nord")
        assert "identifier_exists" not in item

    def test_a_long_code_gets_a_name_that_stays(self, client, prints):
        sku = make_sku(make_page(category=prints), "X" * 64)
        assert list(offered(client)) == [f"sku-{sku.pk}"]

    def test_a_currency_without_cents(self, client, settings, prints):
        settings.SHOP_CURRENCY = "JPY"
        make_sku(make_page(category=prints), "A", price="1200")
        assert offered(client)["A"]["price"] == "1200 JPY"


class TestCatalogue:
    def test_a_product_is_a_line_with_its_variants(self, client, dune):
        picture = add_picture(dune)
        set_price(Sku.objects.get(code="DUNE-A4"), "8.00", "10.00")

        [told] = records(client)

        variants = told.pop("variants")
        assert told == {
            "id": str(dune.translation_key),
            "url": f"{SHOP}/prints/sea/dune/",
            "language": "en",
            "title": "Dune",
            "summary": "A calm horizon",
            "description": "",
            "brand": "Studio Nord",
            "categories": ["Prints", "Sea"],
            "tags": ["calm"],
            "pictures": [SHOP + picture.file.url],
            "attributes": {"Material": "Cotton"},
            "is_digital": False,
            "rating": None,
            "reviews": 0,
            "published": None,
            "updated": None,
        }
        assert variants[0] == {
            "sku": "DUNE-A4",
            "url": f"{SHOP}/prints/sea/dune/?sku=DUNE-A4",
            "options": {"Size": "A4", "Frame": "Oak"},
            "barcode": "4006381333931",
            "weight_in_grams": 300,
            "price": "8.00",
            "compare_at": "10.00",
            "currency": "EUR",
            "availability": "in_stock",
            "picture": None,
        }
        assert variants[1]["sku"] == "DUNE-A3"

    def test_it_tells_what_everybody_may_know_and_no_more(self, client, dune):
        Sku.objects.update(cost="3.21")
        stock.adjust(
            {Sku.objects.get(code="DUNE-A4"): 4_711}, reason=StockMovement.Reason.ADJUSTMENT
        )
        for path in (GOOGLE, CATALOGUE):
            told = body_of(client.get(path)).decode()
            assert "DUNE-A4" in told
            assert "3.21" not in told
            assert "4721" not in told


@pytest.mark.parametrize("path", [GOOGLE, CATALOGUE])
class TestBoth:
    def test_only_what_is_sold_on_a_page_that_everybody_sees(self, client, prints, path):
        shown = make_page("Shown", prints)
        make_sku(shown, "SHOWN")
        make_sku(shown, "RETIRED", option1="x", is_active=False)
        make_sku(shown, "UNPRICED", option1="y", price=None)
        make_sku(make_page("Draft", prints, live=False), "DRAFT")
        make_page("Nothing to sell", prints)
        shown.create_alias(parent=make_category("Others"), update_slug="again")

        told = body_of(client.get(path)).decode()

        assert told.count("SHOWN") == told.count("SHOWN</g:id>") + told.count('"SHOWN"') == 1
        for word in ("RETIRED", "UNPRICED", "DRAFT", "Nothing to sell", "/others/"):
            assert word not in told

    def test_hostile_words_are_read_as_they_were_written(self, client, prints, path):
        page = make_page("Dune", prints, summary=HOSTILE)
        type(page).objects.filter(pk=page.pk).update(title=HOSTILE)
        make_sku(page, "]]>&<", option1=HOSTILE.replace("\x01", ""))
        readable = HOSTILE.translate({1: None, 11: None, 31: None, 0xFFFE: None})

        if path == GOOGLE:
            item = offered(client)["]]>&<"]
            assert item["title"].startswith(readable)
        else:
            [told] = records(client)
            assert told["title"] == HOSTILE
            assert told["variants"][0]["sku"] == "]]>&<"

    def test_more_products_cost_queries_by_the_batch(self, client, dune, path, monkeypatch):
        def queries():
            with CaptureQueriesContext(connection) as context:
                body_of(client.get(path))
            return len(context)

        add_picture(dune)
        queries()
        few = queries()
        for _number in range(3):
            page = make_page(category=dune.get_parent().specific)
            add_picture(page)
            make_sku(page)
        assert queries() == few
        monkeypatch.setattr(goods, "AT_ONCE", 2)
        in_batches = queries()
        assert few < in_batches <= few + 2 * 12

    def test_each_language_has_its_own(self, client, home, korean, prints, path):  # noqa: F811
        page = make_page("Dune", prints)
        make_sku(page, "A")
        translate(home, korean, "가게")
        translate(prints, korean, "인쇄")
        translated = translate(page, korean, "모래 언덕")

        told = body_of(client.get(f"/ko{path}")).decode()

        assert SHOP + translated.url in told
        assert "모래 언덕" in told
        assert "Dune" not in told

    def test_what_still_holds_is_not_sent_again(self, client, dune, path):
        sku = Sku.objects.get(code="DUNE-A4")
        answer = client.get(path)
        body_of(answer)
        assert answer.streaming
        assert answer.headers["Cache-Control"] == "public, max-age=900"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in answer.headers

        def stands(tag):
            again = client.get(path, headers={"If-None-Match": tag})
            return again.status_code == 304, again.headers["ETag"]

        holds, tag = stands(answer.headers["ETag"])
        assert holds
        set_price(sku, "12.00")
        holds, tag = stands(tag)
        assert not holds
        stock.adjust({sku: 1}, reason=StockMovement.Reason.ADJUSTMENT)
        holds, tag = stands(tag)
        assert not holds
        dune.save_revision().publish()
        assert not stands(tag)[0]

    def test_an_empty_shop_has_one_too(self, client, path):
        assert isinstance(body_of(client.get(path)), bytes)
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405
