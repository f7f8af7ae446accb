"""What shoppers see: every page renders for real, is the same for everybody, and stays cheap."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.images import ImageFile
from django.db import connection
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from wagtail.models import Site

from catalog.models import Picture, ProductOption, ProductPage, ProductPicture, Sku, Stock
from catalog.tests.factories import make_category, make_page, make_sku
from home.models import ContentPage, ShopSettings
from orders.mails.sending import message_for
from orders.models import Order
from orders.tests.factories import CUSTOMER, order_for
from tests.outline import Outline

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static"
PUBLIC = [
    "/",
    "/about/",
    "/posters/",
    "/posters/?sort=price&page=2",
    "/posters/dune/",
    "/posters/sold/",
    "/search/",
    "/search/?q=dune",
    "/search/?q=nothing-like-this",
    "/nowhere/",
]
# Without a Redis, so that nothing is kept and all is made anew (test_kept_parts.py has the few of
# a process that keeps it, test_page_queries.py the steps between); 3 of them are routing, and 4
# the header and its menu. A search is a listing with facets, and looks for a code, promotions,
# other pages and what was meant.
MOST_QUERIES = {"/": 14, "/posters/": 21, "/posters/dune/": 15, "/search/?q=print": 22}


def make_picture(title: str) -> Picture:
    file = BytesIO()
    Image.new("RGB", (30, 40), "teal").save(file, "PNG")
    file.seek(0)
    return Picture.objects.create(title=title, file=ImageFile(file, name=f"{title}.png"))


def make_print(number: int, category):
    page = make_page(f"Print {number}", category)
    page.gallery.add(ProductPicture(image=make_picture(f"p{number}"), alt_text="A dune"))
    page.save()
    make_sku(page, price="10.00", option1="A3")
    make_sku(page, price="20.00", compare_at="25.00", option1="A2")
    return page


@pytest.fixture
def shop(db):
    """A small shop: a category with products, one of them sold out, and a page of words."""
    cache.clear()
    site = Site.objects.get(is_default_site=True)
    ShopSettings.objects.create(site=site, name="Halftone", contact_email="shop@example.com")
    home = site.root_page.specific
    home.add_child(instance=ContentPage(title="About", slug="about", body=[("text", "<p>Us</p>")]))
    posters = make_category("Posters", picture=make_picture("posters"), intro="<p>Dunes</p>")
    dune = make_page("Dune", posters, summary="A calm horizon")
    dune.options.add(ProductOption(name="Size"))
    for number in (1, 2, 3):
        dune.gallery.add(ProductPicture(image=make_picture(f"dune{number}")))
    dune.tags.add("calm")
    dune.save()
    make_sku(dune, "DUNE-A4", price="10.00", option1="A4", on_hand=9)
    make_sku(dune, "DUNE-A3", price="20.00", compare_at="25.00", option1="A3", on_hand=3)
    make_sku(dune, "DUNE-A2", price="30.00", option1="A2", on_hand=0)
    make_sku(dune, "DUNE-A1", price="40.00", option1="A1", on_hand=0, when_sold_out="sell_on")
    make_sku(make_page("Sold", posters), "SOLD", on_hand=0)
    return posters


def buyer(code: str = "DUNE-A4", quantity: int = 1) -> Client:
    client = Client()
    answer = client.post(
        "/cart/add/",
        {"code": code, "quantity": quantity},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 302
    return client


def page_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_the_same_for_everybody_and_sets_no_cookie(path, shop, admin_client):
    stranger = Client().get(path)

    assert stranger.status_code == (404 if path == "/nowhere/" else 200)
    assert not stranger.cookies
    assert "Cookie" not in stranger.headers.get("Vary", "")
    for other in (buyer(), admin_client):
        assert other.get(path).content == stranger.content


def test_a_private_page_is_seen_to_vary_by_cookie(shop):
    """The control of the test above: it would notice."""
    assert "Cookie" in buyer().get("/cart/").headers["Vary"]
    assert buyer().get("/cart/").content != Client().get("/cart/").content


@pytest.mark.parametrize("path", [*PUBLIC, "/cart/", "/orders/checkout/", "/ko/cart/"])
def test_a_page_has_one_heading_a_language_landmarks_and_nothing_from_elsewhere(path, shop):
    client = buyer()
    page = Outline(page_of(client, path))

    assert len(page.all("h1")) == 1
    assert page.all("html")[0]["lang"] == ("ko" if path.startswith("/ko/") else "en")
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
    assert page.all("a")[0]["href"] == "#main"
    assert len(page.ids) == len(set(page.ids))
    # Where no script runs, a product's page is counted by a picture.
    assert all(re.match(r"/(static/|media/|rankings/seen/)", address) for address in page.loaded)
    for picture in page.all("img"):
        assert {"alt", "width", "height", "loading"} <= picture.keys()


def test_every_label_belongs_to_a_field(shop):
    client = buyer()
    for path in ("/posters/", "/posters/dune/", "/search/", "/cart/", "/orders/checkout/"):
        page = Outline(page_of(client, path))
        targets = [label["for"] for label in page.all("label") if "for" in label]
        assert targets
        assert set(targets) <= set(page.ids), path


@pytest.mark.parametrize("path", MOST_QUERIES)
def test_more_products_cost_no_more_queries(path, shop):
    def queries() -> int:
        cache.clear()
        Client().get(path)  # makes the renditions
        with CaptureQueriesContext(
            connection,
        ) as captured:
            Client().get(path)
        return len(captured)

    for number in range(3):
        make_print(number, shop)
    with_few = queries()
    for number in range(3, 20):
        make_print(number, shop)

    # A search that finds few looks for another spelling too.
    assert queries() <= with_few <= MOST_QUERIES[path]


def test_a_product_page_says_what_each_variant_costs_and_whether_it_is_there(shop):
    text = page_of(Client(), "/posters/dune/")
    page = Outline(text)
    radios = [field for field in page.all("input") if field.get("type") == "radio"]

    assert [radio["value"] for radio in radios if "checked" in radio] == ["DUNE-A4"]
    assert [radio["value"] for radio in radios if "disabled" in radio] == ["DUNE-A2"]
    for expected in ("In stock", "Only 3 left", "Sold out", "Available on back order", "€25.00"):
        assert expected in text
    assert "csrfmiddlewaretoken" not in text


def test_a_product_with_one_variant_asks_for_no_choice(shop):
    make_sku(make_page("Alone", shop), "ALONE")

    fields = Outline(page_of(Client(), "/posters/alone/")).all("input")

    assert {"type": "hidden", "name": "code", "value": "ALONE"} in fields
    assert not [field for field in fields if field.get("type") == "radio"]


def test_what_is_not_for_sale_has_no_form(shop):
    text = page_of(Client(), "/posters/sold/")

    assert "not available at the moment" in text
    assert "/cart/add/" not in text


def test_what_is_not_yet_published_can_be_previewed(shop):
    page = ProductPage(title="Draft", slug="draft", summary="Not yet")
    page.gallery.add(ProductPicture(image=make_picture("draft")))
    page.tags.add("soon")
    # As Wagtail's editor does for a page that was never saved.
    page.depth, page.path = shop.depth + 1, ProductPage._get_children_path_interval(shop.path)[1]
    page.set_url_path(shop)

    for draft in (page, shop, Site.objects.get().root_page.specific):
        answer = draft.make_preview_request()
        assert answer.status_code == 200
        assert len(Outline(answer.content.decode()).all("h1")) == 1


def test_an_empty_shop_and_an_empty_category_are_friendly(shop):
    make_category("New")
    assert "Nothing hangs here yet" in page_of(Client(), "/new/")
    shop.delete()
    assert "The shelves are still empty" in page_of(Client(), "/")


def test_the_next_page_keeps_the_order_asked_for(shop):
    for number in range(25):
        make_page(f"Print {number}", shop)

    text = page_of(Client(), "/posters/?sort=name")

    assert "?sort=name&amp;page=2" in text
    assert 'value="name" selected' in text
    assert (
        "?page=2"
        in re.search(r'rel="canonical"\s+href="([^"]+)"', page_of(Client(), "/posters/?page=2"))[1]
    )


def test_words_of_a_shopper_are_never_markup(shop):
    text = page_of(Client(), "/search/?q=%3Cscript%3Ealert(1)%3C/script%3E%22")

    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_the_badge_says_how_much_is_in_the_cart(shop):
    assert '2<span class="header__total"> · €20.00' in page_of(buyer(quantity=2), "/me/")
    assert "2 items, €20.00" in page_of(buyer(quantity=2), "/me/")
    assert "empty" in page_of(Client(), "/me/")


def test_a_line_that_cannot_be_bought_is_explained_and_stops_the_checkout(shop):
    client = buyer("DUNE-A3", 3)
    assert "/orders/checkout/" in page_of(client, "/cart/")
    Stock.objects.filter(sku__code="DUNE-A3").update(on_hand=1)

    text = page_of(client, "/cart/")

    assert "Only 1 left. Please change the quantity." in text
    assert "/orders/checkout/" not in text


def test_a_wrong_form_links_to_its_fields_and_keeps_what_was_written(shop):
    client = buyer()
    page_of(client, "/orders/checkout/")

    text = client.post("/orders/checkout/", {**CUSTOMER, "email": "ada@"}).content.decode()
    page = Outline(text)
    [email] = [field for field in page.all("input") if field.get("id") == "id_email"]

    assert "#id_email" in [link.get("href") for link in page.all("a")]
    assert email["aria-describedby"] in page.ids
    assert email["aria-invalid"] == "true"
    assert email["value"] == "ada@"
    assert "<title>Error: " in re.sub(r"\s+", " ", text).replace("<title> ", "<title>")


def test_an_order_reads_the_same_on_its_page_and_in_both_forms_of_its_mail(shop):
    quantities = {
        Sku.objects.with_availability().get(code="DUNE-A3"): 2,
        Sku.objects.with_availability().get(code="DUNE-A1"): 1,
    }
    order = Order.objects.get(pk=order_for(quantities, first_name="<b>Ada</b> &").pk)

    mail = message_for(order.outbox.get(kind="order_placed"))
    page = page_of(Client(), order.get_absolute_url())

    assert mail.subject == f"Your order {order.number} at Halftone"
    for text in (mail.body, mail.alternatives[0].content, page):
        for expected in (order.number, "DUNE-A3", "DUNE-A1", "€20.00", "€40.00", "€80.00"):
            assert expected in text
        assert "back order" in text
    assert "<b>Ada</b> & Lovelace" in mail.body
    for text in (mail.alternatives[0].content, page):
        assert "&lt;b&gt;Ada&lt;/b&gt; &amp; Lovelace" in text
    assert 'content="noindex"' in page
    assert order.email in page


def test_the_page_for_our_own_failures_needs_nothing():
    assert "Something went wrong" in render_to_string("500.html")


@pytest.mark.parametrize(
    "path", [str(path.relative_to(TEMPLATES)) for path in sorted(TEMPLATES.rglob("*.*"))]
)
def test_a_template_compiles(path):
    get_template(path)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_a_moment_has_no_more_than_milliseconds(path):
    # "c" writes microseconds, which HTML does not know in a datetime.
    assert not re.search("""date:["']c["']""", path.read_text())


def test_the_style_sheet_imports_every_file_and_nothing_from_elsewhere():
    folder = STATIC / "css"
    text = (folder / "main.css").read_text()

    imported = re.findall(r'@import url\("([^"]+)"\)', text)

    files = {str(path.relative_to(folder)) for path in folder.rglob("*.css")}
    assert set(imported) | {"main.css"} == files
    for name in files:
        assert "http" not in (folder / name).read_text()
