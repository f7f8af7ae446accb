"""What categories list and in which order, and what a product is related to."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction, Site

from catalog import gathering
from catalog.models import (
    Brand,
    CategoryPage,
    CategoryProduct,
    Product,
    ProductCategory,
    ProductPage,
    RelatedProduct,
)

from .factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


def titles(pages):
    return [page.title for page in pages]


def sell(title, category, **options):
    """A product with one SKU."""
    fields = {name: options.pop(name) for name in ("brand", "attributes") if name in options}
    page = make_page(title, category, **fields)
    make_sku(page, **options)
    return page


class TestCategories:
    def test_products_of_its_own_of_those_below_and_listed_besides_each_once(self):
        prints, gifts = make_category("Prints"), make_category("Gifts")
        small = make_category("Small", prints)
        sell("Own", prints)
        sell("Below", small)
        sell("Elsewhere", gifts)
        besides = sell("Besides", gifts)
        besides.further_categories = [ProductCategory(category=prints)]
        besides.save()
        twice = sell("Twice", prints)
        twice.further_categories = [
            ProductCategory(category=prints),
            ProductCategory(category=small),
        ]
        twice.save()

        assert titles(prints.products("name")) == ["Below", "Besides", "Own", "Twice"]
        assert titles(small.products("name")) == ["Below", "Twice"]
        assert titles(gifts.products("name")) == ["Besides", "Elsewhere"]

    def test_only_what_is_live_and_open_to_everybody(self):
        prints, gifts = make_category("Prints"), make_category("Gifts")
        shown = sell("Shown", prints)
        for title in ("Draft", "Secret"):
            page = sell(title, gifts)
            page.further_categories = [ProductCategory(category=prints)]
            page.save()
        ProductPage.objects.filter(title="Draft").update(live=False)
        secret = Page.objects.get(title="Secret")
        PageViewRestriction.objects.create(page=secret, restriction_type="login")

        assert list(prints.products()) == [shown]

    def test_an_alias_is_listed_where_its_source_is_not(self):
        prints, gifts = make_category("Prints"), make_category("Gifts")
        small = make_category("Small", prints)
        page = sell("Lighthouse", prints)
        page.create_alias(parent=small, update_slug="lighthouse-small")
        page.create_alias(parent=gifts, update_slug="lighthouse-gift")
        page.create_alias(parent=gifts, update_slug="lighthouse-gift-2")

        assert list(prints.products()) == [page]
        assert [found.slug for found in small.products()] == ["lighthouse-small"]
        assert [found.slug for found in gifts.products()] == ["lighthouse-gift"]

    def test_a_translation_is_listed_in_the_translation_of_a_further_category(self):
        german = Locale.objects.create(language_code="de")
        home = Site.objects.get(is_default_site=True).root_page
        home.copy_for_translation(german)
        prints, gifts = make_category("Prints"), make_category("Gifts")
        page = sell("Lighthouse", prints)
        page.further_categories = [ProductCategory(category=gifts)]
        page.save()
        drucke, geschenke = (one.copy_for_translation(german) for one in (prints, gifts))
        leuchtturm = page.copy_for_translation(german)
        for one in (drucke, geschenke, leuchtturm):
            one.save_revision().publish()

        assert list(gifts.products()) == [page]
        assert list(geschenke.products()) == [leuchtturm]
        assert list(drucke.products()) == [leuchtturm]

    def test_first_products_stand_first_until_a_shopper_sorts_otherwise(self, client):
        prints = make_category("Prints", default_sort="name")
        pages = {title: sell(title, prints) for title in "ABCD"}
        prints.first_products = [
            CategoryProduct(product_page=pages["D"], sort_order=0),
            CategoryProduct(product_page=pages["C"], sort_order=1),
        ]
        prints.save()

        assert titles(prints.products()) == ["D", "C", "A", "B"]
        assert titles(prints.products("name")) == ["A", "B", "C", "D"]
        context = client.get(prints.url).context
        assert titles(card.page for card in context["cards"]) == ["D", "C", "A", "B"]
        assert context["sort"] == ""
        context = client.get(f"{prints.url}?sort=name").context
        assert titles(card.page for card in context["cards"]) == ["A", "B", "C", "D"]

    def test_what_is_first_elsewhere_is_not_brought_in(self):
        prints, gifts = make_category("Prints"), make_category("Gifts")
        own, other = sell("Own", prints), sell("Other", gifts)
        prints.first_products = [CategoryProduct(product_page=other)]
        prints.save()
        assert list(prints.products()) == [own]

    @pytest.mark.parametrize(
        ("policy", "listed"), [("keep", "ABC"), ("end", "BCA"), ("hide", "BC")]
    )
    def test_what_is_sold_out_stays_goes_to_the_end_or_is_left_out(self, client, policy, listed):
        prints = make_category("Prints", default_sort="name", sold_out=policy)
        elm, birch = (Brand.objects.create(name=name) for name in ("Elm", "Birch"))
        sold_out = sell("A", prints, on_hand=0, brand=elm)
        for title in "BC":
            sell(title, prints, brand=birch)
        prints.first_products = [CategoryProduct(product_page=sold_out)]
        prints.save()

        context = client.get(prints.url).context
        assert titles(card.page for card in context["cards"]) == list(listed)
        assert context["page_obj"].paginator.count == len(listed)
        brand = [facet for facet in context["facets"] if facet.key == "brand"]
        if policy == "hide":
            assert not brand
        else:
            assert [option.count for option in brand[0].options] == [2, 1]
        if policy == "end":
            Product.objects.filter(pk=sold_out.product_id).update(lowest_price=99)
            assert titles(prints.products("-price"))[-1] == "A"

    def test_the_default_order_can_be_each_that_shoppers_have(self):
        prints = make_category("Prints")
        low, high = sell("Low", prints, price="5"), sell("High", prints, price="9")
        sale = sell("Sale", prints, price="7", compare_at="8")
        Product.objects.filter(pk=low.product_id).update(sold_30_days=3, views=1)
        Product.objects.filter(pk=high.product_id).update(sold_30_days=9, views=5)
        for sort, expected in {
            "newest": [low, high, sale],
            "selling": [high, low, sale],
            "viewed": [high, low, sale],
            "price": [low, sale, high],
            "-price": [high, sale, low],
            "name": [high, low, sale],
        }.items():
            for minutes, page in enumerate((sale, high, low)):
                moment = timezone.now() + timedelta(minutes=minutes)
                ProductPage.objects.filter(pk=page.pk).update(first_published_at=moment)
            prints.default_sort = sort
            assert list(prints.products()) == expected, sort
        prints.default_sort = "reduced"
        assert prints.products().first() == sale

    def test_words_above_and_below_are_on_the_first_page_only(self, client, monkeypatch):
        monkeypatch.setattr("catalog.browsing.PRODUCTS_PER_PAGE", 2)
        prints = make_category(
            "Prints",
            above=[("text", "<p>All about paper</p>")],
            below=[("text", "<p>And about ink</p>")],
        )
        for number in range(3):
            sell(f"Print {number}", prints)

        front = client.get(prints.url).content.decode()
        assert front.index("All about paper") < front.index("Print 2") < front.index("about ink")
        for query in ("?page=2", "?price_to=50"):
            html = client.get(prints.url + query).content.decode()
            assert "All about paper" not in html
            assert "about ink" not in html


class TestRelated:
    def test_related_products_are_shown_in_their_order_if_they_can_be_seen(self, client):
        category = make_category()
        pages = {title: sell(title, category) for title in ("Main", "First", "Second", "Draft")}
        pages["Draft"].unpublish()
        main = ProductPage.objects.get(pk=pages["Main"].pk)
        main.related_products = [
            RelatedProduct(product_page=pages[title], sort_order=order)
            for order, title in enumerate(("Second", "Draft", "Main", "First"))
        ]
        main.save_revision().publish()

        context = client.get(main.url).context
        assert titles(card.page for card in context["related"]()) == ["Second", "First"]
        assert "Goes well with it" in client.get(main.url).content.decode()
        # Publishing again gives the rows new keys, and nothing else.
        main.get_latest_revision().publish()
        assert titles(gathering.related(ProductPage.objects.get(pk=main.pk))) == ["Second", "First"]

    def test_a_further_category_changes_neither_address_nor_breadcrumbs(self, client):
        prints, gifts = make_category("Prints"), make_category("Gifts")
        page = sell("Lighthouse", prints)
        page.further_categories = [ProductCategory(category=gifts)]
        page.save()
        html = client.get(page.url).content.decode()
        crumbs = html.partition('<nav class="breadcrumbs"')[2].partition("</nav>")[0]
        assert "Prints" in crumbs
        assert "Gifts" not in crumbs
        assert titles(CategoryPage.objects.get(pk=gifts.pk).products()) == ["Lighthouse"]
