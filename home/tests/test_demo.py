import hashlib
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from PIL import Image
from wagtail.models import Locale, Page, ReferenceIndex, Revision, WorkflowState

from catalog import launches
from catalog.cards import cards
from catalog.models import (
    CategoryPage,
    CollectionPage,
    Launch,
    Picture,
    Price,
    PriceBatch,
    Product,
    ProductPage,
    ProductPicture,
    Sku,
    Stock,
    StockMovement,
)
from home.demo import catalogue, desk, korean_texts, placing, trade
from home.demo.clock import turned_back
from home.demo.drawing import STYLES, draw
from home.demo.drawing.faces import portrait
from home.demo.kinds import OPENED
from home.demo.load import load
from home.demo.members import PEOPLE, POPULAR
from home.demo.pictures import Drawn, count, draw_all, drawn
from home.demo.stories import STORIES
from home.models import (
    Announcement,
    ArticlePage,
    ContentPage,
    FormPage,
    HomePage,
    Menu,
    ShopSettings,
)
from orders import back_orders, sales, shipping, states, taxes
from orders.models import (
    BackInStock,
    Coupon,
    Invoice,
    Order,
    OrderSettings,
    Outbox,
    ShippingMethod,
)
from search.models import TermDay
from social import contacts, likes, reviews
from social.models import (
    Action,
    Contact,
    Like,
    NewsletterPage,
    Profile,
    Review,
    Subscriber,
    User,
    WishListItem,
)

HEIGHT = 160


@pytest.fixture(scope="module")
def pictures() -> list[Drawn]:
    return list(draw_all(HEIGHT))


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker, pictures):
    """The shop, loaded once for the tests of a class, in a transaction around theirs."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr("home.demo.load.draw_all", lambda height: iter(pictures))
        load(picture_height=HEIGHT)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    """The demo shop; what a test does to it is undone."""


def fingerprint(style: str, seed: int, height: int = HEIGHT) -> str:
    palette = next(
        article.posters[0].palette
        for article in catalogue.articles()
        if article.posters[0].style == style
    )
    return hashlib.sha256(draw(style, seed, palette, height).tobytes()).hexdigest()


class TestTheDemoShop:
    def test_every_product_is_live_with_its_story_and_its_history(self, demo):
        pages = ProductPage.objects.live().public()
        english = pages.filter(locale=Locale.get_default())
        assert english.count() == len(catalogue.articles()) == 66
        for page in pages:
            assert page.summary
            assert len(page.summary) <= 500
            assert "<li>" in page.description[0].value.source
            assert page.brand
            assert page.tags.count()
            assert page.live_revision
            assert page.live_revision == page.latest_revision
            assert not page.has_unpublished_changes
            assert page.product.handle == page.slug

    def test_every_picture_has_a_file_and_words_for_those_who_cannot_see_it(self, demo):
        shown = ProductPicture.objects.select_related("image", "page__locale")
        assert set(shown.values_list("page", flat=True)) == set(
            ProductPage.objects.values_list("pk", flat=True)
        )
        for picture in shown:
            # Korean says as much in half the letters.
            is_korean = picture.page.locale.language_code == "ko"
            assert len(picture.alt_text) > (10 if is_korean else 20)
        for picture in Picture.objects.all():
            assert picture.description
            assert default_storage.exists(picture.file.name)
            assert max(picture.width, picture.height) in (HEIGHT, HEIGHT * 3 // 4)
            assert picture.file_hash
        descriptions = list(Picture.objects.values_list("description", flat=True))
        assert len(descriptions) == len(set(descriptions))

    def test_every_variant_has_a_code_a_price_a_weight_and_stock(self, demo):
        skus = Sku.objects.with_prices().select_related("stock")
        assert set(skus.values_list("product", flat=True)) == set(
            Product.objects.values_list("pk", flat=True)
        )
        for sku in skus:
            assert sku.price.amount > 0
            assert sku.weight > 0
            assert sku.stock
        assert skus.get(code="DUNE-A3-OAK").option_values == ["A3", "Oak"]
        assert [sku.code for sku in skus.filter(code__startswith="TIDE")] == [
            "TIDE-A3",
            "TIDE-50X70",
            "TIDE-70X100",
        ]

    def test_the_options_of_a_page_name_the_values_of_its_variants(self, demo):
        for page in ProductPage.objects.all():
            for sku in page.variants():
                assert len(sku.option_values) == len(page.option_names)

    def test_the_ledger_adds_up_to_the_stock(self, demo):
        assert Stock.objects.filter(on_hand__gt=0).exists()
        for stock in Stock.objects.all():
            moved = StockMovement.objects.filter(sku=stock.sku).aggregate(total=Sum("quantity"))
            assert (moved["total"] or 0) == stock.on_hand

    def test_there_is_something_of_every_kind(self, demo):
        def product(slug: str) -> ProductPage:
            return ProductPage.objects.get(slug=slug, locale=Locale.get_default())

        dunes = product("dunes-at-dusk")
        assert {sku.code for sku in dunes.variants() if not sku.most_to_buy(1)} == {
            "DUNE-70X100-BLACK"
        }
        assert dunes.product.in_stock
        assert not product("first-frost").product.in_stock
        back_order = product("harvest-moon")
        assert back_order.product.in_stock
        assert all(sku.stock.on_hand == 0 for sku in back_order.variants())
        assert product("terrazzo-notebook").option_names == []
        reduced = [sku for sku in Sku.objects.with_prices() if sku.price.compare_at]
        assert {sku.product.handle for sku in reduced} == {
            "low-tide",
            "paper-lagoon",
            "long-distance-call",
            "four-carp",
        }
        # What it cost before is in the ledger too, not only beside the reduced price.
        assert Price.objects.filter(sku=reduced[0], kind=Price.Kind.REGULAR).count() == 1
        assert Stock.objects.filter(on_hand__range=(1, 4)).count() >= 5

    def test_the_shop_has_a_front_and_pages(self, client, demo):
        home = HomePage.objects.get(locale=Locale.get_default())
        kinds = [block.block_type for block in home.body]
        assert kinds[0] == "hero"
        assert {"product_row", "shoppable_picture", "countdown", "newsletter"} <= set(kinds)
        settings = ShopSettings.objects.get()
        assert settings.name == "Paper & Ink"
        assert len(settings.week) >= 3
        assert len(settings.elsewhere) == 3
        for name in ("Navigation", "Footer"):
            assert Menu.objects.get(title=name).live
        assert all(one.live for one in Announcement.objects.all())
        shown = client.get("/").content.decode()
        for page in ContentPage.objects.child_of(home):
            assert f'href="{page.url}"' in shown
        in_menu = CategoryPage.objects.child_of(home).in_menu()
        assert [page.title for page in in_menu] == ["Posters", "Botanical", "Stationery"]
        assert Page.objects.descendant_of(home).in_menu().count() == 5
        for category in CategoryPage.objects.live():
            assert category.intro
            assert category.picture
            assert category.products().exists(), category.title

    def test_products_are_described_and_gathered(self, demo):
        for page in ProductPage.objects.all():
            assert {answer.attribute.name for answer in page.answers()} == {
                question.name for question in placing.QUESTIONS
            }
            for answer in page.answers():
                assert answer.attribute.understood(answer.value) == answer.value
        gathered = {
            page.title: [product.title for product in page.products()]
            for page in CollectionPage.objects.live()
        }
        assert set(gathered["Sale"]) == {
            "Low Tide",
            "Paper Lagoon",
            "Long-Distance Call",
            "Four Carp",
        }
        assert len(gathered["Best sellers"]) == 8
        assert gathered["Best sellers"][0] == "Dunes at Dusk"
        assert gathered["The first wall"][:3] == [
            "Olive Branch",
            "Dunes at Dusk",
            "Study with Red Disc",
        ]
        posters = CategoryPage.objects.get(title="Posters")
        assert [page.title for page in posters.products()[:2]] == ["Quarter Turn", "Dunes at Dusk"]
        further = CategoryPage.objects.get(title="Stationery")
        assert "Olive Branch" in {page.title for page in further.products()}

    def test_everything_can_be_sent_wherever_the_shop_sends(self, demo):
        heaviest = max(Sku.objects.values_list("weight", flat=True))
        nothing = Decimal(0)

        countries = shipping.countries()

        assert len(countries) > 40
        for code, _name in countries:
            for weight in (0, heaviest, 5_000, 5_001, 10_000):
                for goods in (nothing, Decimal("79.99"), Decimal(80), Decimal(2_000)):
                    found = shipping.offered(country=code, weight=weight, goods=goods)
                    assert len({method.name for method in found}) == len(found) >= 1

    def test_it_has_rules_to_sell_by_and_no_real_bank_account(self, demo):
        cards = Sku.objects.filter(tax_class__name="Reduced rate")
        assert {sku.code for sku in cards} == {"CARDS", "ANIMALCARDS", "SEACARDS"}
        assert taxes.rates("DE").of(None) == 19
        assert taxes.rates("DE").of(cards[0].tax_class_id) == 7
        assert {coupon.code for coupon in Coupon.objects.all()} >= {"WELCOME10", "FREESHIP"}
        own = OrderSettings.load()
        assert own.merchant_email.endswith("@example.com")
        assert "please send no money" in own.bank_details
        for row in (*Coupon.objects.all(), *ShippingMethod.objects.all(), own):
            row.full_clean()

    def test_it_has_members_with_faces_and_some_who_want_to_be_seen_by_nobody(self, demo):
        users = User.objects.filter(profile__isnull=False).select_related("profile")
        assert users.count() == len(PEOPLE) == 28
        for user in users:
            assert not user.has_usable_password()
            assert user.email.endswith("@example.com")
            assert EmailAddress.objects.get(user=user).verified
            user.full_clean()
        shown = Profile.objects.shown()
        assert shown.count() == 24
        for profile in shown:
            assert profile.about
            with Image.open(profile.picture) as picture:
                assert (picture.format, picture.size) == ("WEBP", (HEIGHT, HEIGHT))
        assert not Profile.objects.filter(is_public=False).exclude(picture="").exists()

    def test_all_numbers_are_what_their_own_recounts_say(self, demo):
        assert contacts.recount() == 0
        assert likes.recount() == 0
        assert reviews.recount_all() == 0
        popular = Profile.objects.order_by("-followers")[: len(POPULAR)]
        assert popular[0].followers >= 12
        assert {profile.user.username for profile in popular} & set(POPULAR)
        for product in Product.objects.all():
            assert product.views == product.daily_views.aggregate(sum=Sum("count"))["sum"] > 0

    def test_what_members_think_is_all_there_and_true_to_its_time(self, demo):
        shown = Review.objects.shown()
        assert 70 <= shown.count() <= 100
        assert Review.objects.filter(state=Review.State.WAITING).count() == 2
        assert Review.objects.filter(state=Review.State.HIDDEN).count() == 1
        assert shown.exclude(reply="").count() >= 5
        bought = Review.objects.filter(is_bought_here=True)
        assert 15 <= bought.count() < Review.objects.count()
        for review in bought:
            assert reviews.has_bought(review.user, review.product)
        assert Product.objects.filter(rating__isnull=False).count() >= 45
        for review in Review.objects.select_related("user"):
            assert review.user.date_joined < review.created < timezone.now()
            review.full_clean()

    def test_the_stream_tells_what_really_happened_in_the_order_of_its_days(self, demo):
        actions = list(Action.objects.order_by("pk").prefetch_related("target"))
        assert [one.created for one in actions] == sorted(one.created for one in actions)
        assert timezone.now() - actions[0].created < timedelta(days=91)
        assert actions[-1].created < timezone.now()
        by_verb = Counter(one.verb for one in actions)
        assert by_verb == {
            "joined": len(PEOPLE),
            "follows": Contact.objects.count(),
            "likes": Like.objects.count(),
            "reviewed": Review.objects.shown().count(),
            "wished": WishListItem.objects.count(),
            "bought": by_verb["bought"],
        }
        assert by_verb["bought"] >= 5
        for one in actions:
            assert one.created >= one.user.date_joined
            assert (one.target is None) == (one.verb == "joined")

    def test_somebody_waits_for_what_is_sold_out(self, demo):
        wishes = BackInStock.objects.order_by("pk").select_related("sku__stock")
        assert wishes
        assert [one.created for one in wishes] == sorted(one.created for one in wishes)
        for one in wishes:
            assert one.sku.stock.on_hand == 0

    def test_it_has_a_newsletter_with_two_issues_and_those_who_read_it(self, client, demo):
        issues = NewsletterPage.objects.live().order_by("-first_published_at")
        assert [page.title for page in issues] == ["Night, in seven blues", "A wall is a page"]
        assert "Low Tide" not in client.get("/newsletter/").content.decode()
        shown = client.get(issues[0].url).content.decode()
        assert 'href="/posters/night-sky/an-hour-of-stars/"' in shown
        subscribers = Counter(Subscriber.objects.values_list("state", flat=True))
        assert subscribers == {"confirmed": 17, "asked": 2, "left": 1}
        # Nothing is sent for having been loaded.
        assert not Outbox.objects.exclude(state=Outbox.State.SENT).exists()

    def test_one_writes_to_the_shop_by_a_form_that_the_footer_leads_to(self, client, demo):
        page = FormPage.objects.get()
        assert f'href="{page.url}"' in client.get("/").content.decode()
        assert [field.clean_name for field in page.form_fields.all()] == [
            "your_name",
            "email",
            "topic",
            "message",
        ]
        assert page.get_submissions().count() == 3
        assert 'name="topic"' in client.get("/write-to-us/").content.decode()

    def test_it_has_a_journal_whose_articles_show_products(self, client, demo):
        articles = ArticlePage.objects.live().order_by("-published_on")
        assert articles.count() == len(STORIES) == 5
        assert articles[0].published_on < timezone.localdate()
        for article in articles:
            assert article.picture
            assert article.tags.count() == 2
            kinds = {block.block_type for block in article.body}
            assert kinds & {"product_row", "shoppable_picture"}
            assert client.get(article.url).status_code == 200

    def test_only_what_came_lately_is_called_new(self, demo):
        for language, fewest in (("en", 5), ("ko", 0)):
            pages = ProductPage.objects.live().filter(locale__language_code=language)
            shown = cards(pages)
            assert fewest <= sum(card.is_new for card in shown) < len(shown) / 2
        days = {page.first_published_at.date() for page in ProductPage.objects.live()}
        assert timezone.now().date() - min(days) >= OPENED
        assert len(days) >= 8

    def test_the_desk_has_a_sale_that_was_launched_and_a_launch_to_come(self, demo):
        done = Launch.objects.get(state=Launch.State.LIVE)
        assert timedelta(days=1) < timezone.now() - done.went_live < timedelta(days=3)
        sale = PriceBatch.objects.get(name=desk.SALE)
        assert sale.run.entries == Price.objects.filter(batch_id=sale.pk).count() > 0
        planned = Launch.objects.get(state=Launch.State.SCHEDULED)
        home = HomePage.objects.get(locale=Locale.get_default())
        countdown = next(block for block in home.body if block.block_type == "countdown")
        assert abs(planned.moment - countdown.value["at"]) < timedelta(minutes=1)

        launches.launch_now(planned, user=planned.scheduled_by)

        assert ArticlePage.objects.live().filter(title=desk.EDITION).exists()

    def test_a_draft_and_a_price_batch_wait_for_approval(self, demo, mailoutbox):
        waiting = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
        assert {str(one.content_object) for one in waiting} == {"About us", "Next year's prices"}
        assert mailoutbox == []
        user = User.objects.get(username=desk.EMPLOYEE)
        assert not user.has_usable_password()

    def test_it_speaks_korean_where_it_was_translated(self, client, demo):
        shown = client.get("/ko/").content.decode()
        assert '<html lang="ko"' in shown
        assert korean_texts.HOME["headline"] in shown
        assert 'hreflang="en"' in shown
        assert 'hreflang="ko"' in client.get("/").content.decode()
        for name in korean_texts.HOME["tiles"]:
            assert korean_texts.SHELVES[name][0] in shown
        translated = ProductPage.objects.live().filter(locale__language_code="ko")
        assert translated.count() == len(korean_texts.PRODUCTS)
        for page in translated:
            assert page.product.pages.count() == 2
            assert page.option_names in ([], ["크기"], ["크기", "액자"])
            assert page.gallery.first().alt_text.startswith(page.title)
            assert client.get(page.url).status_code == 200

    def test_editors_find_pages_and_pictures_and_see_where_they_are_used(self, demo):
        assert [page.title for page in Page.objects.search("Olive Branch")[:1]] == ["Olive Branch"]
        assert Picture.objects.search("Olive Branch").count() >= 1
        page = ProductPage.objects.get(slug="dunes-at-dusk", locale=Locale.get_default())
        used = ReferenceIndex.get_references_to(page.main_picture)
        assert str(page.pk) in set(used.values_list("object_id", flat=True))

    def test_shoppers_have_searched_and_found_or_not(self, demo):
        assert TermDay.objects.filter(found=0).exists()
        assert TermDay.objects.filter(found__gt=0).exists()

    def test_publishing_a_page_again_changes_no_fact(self, demo):
        page = ProductPage.objects.get(slug="dunes-at-dusk", locale=Locale.get_default())
        before = sorted(page.product.skus.values_list("pk", "code", "stock__on_hand"))
        gallery = page.gallery.count()
        page.save_revision().publish()
        page = ProductPage.objects.get(pk=page.pk)
        assert sorted(page.product.skus.values_list("pk", "code", "stock__on_hand")) == before
        assert (page.gallery.count(), page.options.count()) == (gallery, 2)

    def test_a_second_load_refuses_and_changes_nothing(self, demo):
        def everything() -> list[int]:
            models = (Page, Picture, Revision, Sku, Price, StockMovement, Product, ReferenceIndex)
            return [model.objects.count() for model in models]

        before = everything()
        with pytest.raises(CommandError, match=r"^This shop already has products, .*\.$"):
            call_command("load_demo")
        assert everything() == before
        assert logging.getLogger("wagtail").level == logging.NOTSET

    def test_a_small_shop_has_traded_for_three_months(self, demo):
        orders = Order.objects.all()
        assert 150 <= orders.count() <= 320
        first = orders.earliest("created").created
        assert timedelta(days=80) < timezone.now() - first < timedelta(days=90)
        assert orders.latest("created").created < timezone.now()
        members = orders.filter(user__isnull=False).count()
        assert orders.count() * 0.2 < members < orders.count() * 0.8
        stand = Counter(orders.values_list("state", flat=True))
        assert stand["delivered"] > orders.count() / 2
        for state in ("paid", "shipped", "returned", "cancelled", "expired", "pending"):
            assert stand[state], state
        assert Order.objects.exclude(coupon_code="").count() >= 8
        owing = back_orders.owing(orders)
        assert Counter(owing.values_list("state", flat=True)) == {"shipped": 1, "paid": 1}
        assert sales.refresh() == 0
        assert Product.objects.filter(sold_30_days__gt=3).exists()

    def test_the_books_of_every_order_add_up(self, demo):
        for order in Order.objects.prefetch_related("items", "payments", "refunds", "events"):
            assert order.totals.grand_total == order.total
            captured = [one for one in order.payments.all() if one.state == "captured"]
            assert sum(one.amount for one in captured) == order.amount_paid
            assert order.amount_paid in (0, order.total)
            refunded = sum(one.amount for one in order.refunds.all())
            assert refunded == order.amount_refunded <= order.amount_paid
            assert (order.paid_at is not None) == bool(captured)
            if order.state in ("returned", "cancelled"):
                assert order.amount_refunded == order.amount_paid

    def test_every_order_went_its_way_step_by_step_in_the_past(self, demo):
        now = timezone.now()
        for order in Order.objects.prefetch_related("events", "shipments__contents"):
            events = [one for one in order.events.all() if one.to_state]
            assert events[-1].to_state == order.state
            assert [one.created for one in events] == sorted(one.created for one in events)
            assert order.created <= events[0].created
            assert events[-1].created <= now
            for before, after in pairwise(events):
                assert after.from_state == before.to_state
                assert after.to_state in states.NEXT[before.to_state]
            sent = order.state in ("shipped", "delivered", "returned")
            assert order.shipments.count() == int(sent)

    def test_stock_invoices_and_coupons_count_what_the_orders_say(self, demo):
        for order in Order.objects.prefetch_related("items"):
            moved = StockMovement.objects.filter(reference=order.number)
            kept = sum(
                item.quantity - item.back_ordered - item.restocked for item in order.items.all()
            )
            assert (moved.aggregate(sum=Sum("quantity"))["sum"] or 0) == -kept
        numbers = list(Invoice.objects.order_by("sequence").values_list("sequence", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        made = list(Invoice.objects.order_by("sequence").values_list("created", flat=True))
        assert made == sorted(made)
        for coupon in Coupon.objects.all():
            assert coupon.used == coupon.uses.filter(released__isnull=True).count()
        assert Invoice.objects.count() == Order.objects.filter(paid_at__isnull=False).count()


@pytest.mark.django_db
def test_a_shop_with_a_page_of_the_same_name_is_left_alone():
    HomePage.objects.get().add_child(instance=CategoryPage(title="Posters", intro="Ours"))
    with pytest.raises(CommandError, match="There already is a page “Posters”"):
        call_command("load_demo")
    assert not ProductPage.objects.exists()
    assert not Picture.objects.exists()


@pytest.mark.django_db
def test_a_shop_with_a_member_of_the_same_name_is_left_alone(django_user_model):
    django_user_model.objects.create_user("fintan", "somebody@example.com", "secret")
    with pytest.raises(CommandError, match="There already is a member “fintan”"):
        call_command("load_demo")
    assert not ProductPage.objects.exists()


@pytest.mark.django_db
def test_what_fails_halfway_leaves_no_row(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("home.demo.goods._stock", lambda found: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load(picture_height=HEIGHT)
    for model in (ProductPage, CategoryPage, Picture, Sku, Price, Product, Profile):
        assert not model.objects.exists()


def test_the_clock_is_turned_back_and_set_right_again():
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    with turned_back() as clock:
        clock.moment = moment
        assert timezone.now() == Order().created == moment
    assert timezone.now() > moment
    assert Order().created > moment
    assert Order._meta.get_field("created").default is timezone.now


def test_the_same_day_always_gives_the_same_trade():
    now = datetime(2026, 11, 30, 15, tzinfo=UTC)
    planned = trade.plan(now)
    assert planned == trade.plan(now)
    assert all(now - OPENED < one.at < now for one in planned)
    codes = {article.code: article for article in catalogue.articles()}
    for one in planned:
        for sku_code in one.lines:
            article = codes[sku_code.partition("-")[0]]
            assert (now - one.at).days < article.launched


def test_a_name_always_gives_the_same_face_and_another_name_another_one():
    assert portrait("mara", 64).tobytes() == portrait("mara", 64).tobytes()
    assert portrait("mara", 64).tobytes() != portrait("yusuf", 64).tobytes()


@pytest.mark.parametrize("style", sorted(STYLES))
def test_a_seed_always_gives_the_same_picture(style):
    assert fingerprint(style, 1) == fingerprint(style, 1)
    assert fingerprint(style, 1) != fingerprint(style, 2)


def test_the_progress_bar_knows_how_many_pictures_there_are(pictures):
    assert count() == len(pictures)


def test_a_poster_is_four_wide_to_five_high_at_any_size():
    poster = catalogue.articles()[0].posters[0]
    assert drawn(poster, 160).size == (128, 160)
    assert drawn(poster, 400).size == (320, 400)
