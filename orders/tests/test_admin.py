"""Orders in both admins: found, read, and never edited."""

import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.admin.sites import site as django_admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from wagtail.models import ReferenceIndex

from catalog.models import Stock
from catalog.tests.factories import make_page, make_sku
from orders import outbox
from orders.admin import OrderAdmin
from orders.models import Order, Outbox
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db
INDEX = "/admin/orders/"


@pytest.fixture
def operator(client):
    user = get_user_model().objects.create_superuser("operator", "op@example.com", "secret")
    client.force_login(user)
    return user


@pytest.fixture
def order():
    sku = make_sku(make_page("Tee"), "TEE-S", price="12.50", option1="Small")
    return order_for({sku: 2})


def words(response) -> str:
    """What a reader sees of a page: its text in one line."""
    text = re.sub(
        r"<(script|style|template).*?</\1>|<[^>]*>", " ", response.content.decode(), flags=re.S
    )
    return " ".join(text.split())


def found(client, query) -> list[Order]:
    return list(client.get(INDEX, {"q": query}).context["object_list"])


def test_the_list_shows_who_ordered_how_much_and_how_it_stands(client, operator, order):
    Order.objects.update(alert="Paid twice")

    text = words(client.get(INDEX))

    row = "United Kingdom €25.00 waiting for payment unpaid Bank transfer waiting Paid twice"
    assert order.number in text
    assert "Ada Lovelace" in text
    assert row in text


def test_the_list_says_when_a_mail_was_given_up(client, operator, order):
    Outbox.objects.update(state=Outbox.State.FAILED)

    assert "given up" in words(client.get(INDEX))


@pytest.mark.parametrize(
    "query", ["Ada", "lovelace", "Ada Lovelace", "ada@example", "tee-s", "Lovelace TEE"]
)
def test_an_order_is_found_by(client, operator, order, query):
    other = order_for(
        {make_sku(): 1}, first_name="Grace", last_name="Hopper", email="grace@example.com"
    )

    assert found(client, query) == [order]
    assert found(client, "Hopper") == [other]


def test_an_order_is_found_by_its_number_with_or_without_the_hyphen(client, operator, order):
    assert found(client, order.number) == [order]
    assert found(client, order.number.replace("-", "").lower()) == [order]


@pytest.mark.parametrize("query", ["김민수", "민수김", "김", "민수", "김 민수"])
def test_a_name_that_is_written_as_one_word_is_found_as_the_list_shows_it(client, operator, query):
    order = order_for({make_sku(): 1}, first_name="민수", last_name="김")
    order_for({make_sku(): 1}, first_name="지우", last_name="박")

    assert found(client, query) == [order]
    text = words(client.get("/django-admin/orders/order/", {"q": query}))
    assert "김민수" in text
    assert "박지우" not in text


def test_two_lines_with_the_word_are_one_order(client, operator):
    page = make_page()
    small, large = (make_sku(page, f"TEE-{size}", option1=size) for size in "SL")
    order = order_for({small: 1, large: 1})

    assert found(client, "tee") == [order]


def test_orders_are_filtered_by_date_and_by_mail(client, operator, order):
    day = order.created.date().isoformat()

    def count(**filters):
        return len(client.get(INDEX, filters).context["object_list"])

    assert count(created_from=day, created_to=day) == 1
    assert count(created_to="2001-01-01") == 0
    assert count(mail="queued") == 1
    assert count(mail="failed") == 0


def test_a_list_page_has_fifty_orders_and_asks_the_database_as_often_for_one(client, operator):
    sku = make_sku(on_hand=100)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            response = client.get(INDEX)
        return len(captured), len(response.context["object_list"])

    order_for({sku: 1})
    queries()
    few, shown = queries()
    assert shown == 1
    for _number in range(54):
        order_for({sku: 1})
    many, shown = queries()

    assert shown == 50
    assert many == few
    # Two of them are the menu's, which says how many reviews wait.
    assert few <= 14


def test_an_order_is_read_with_address_lines_total_and_mails(client, operator):
    sku = make_sku(
        make_page("Tee"),
        "TEE-S",
        price="12.50",
        option1="Small",
        on_hand=1,
        when_sold_out=Stock.WhenSoldOut.SELL_ON,
    )
    order = order_for({sku: 3})
    Outbox.objects.update(attempts=3, last_error="SMTPServerDisconnected: gone")

    text = words(client.get(f"{INDEX}{order.pk}/"))

    for shown in (
        order.number,
        "Ada Lovelace 12 St James&#x27;s Square SW1Y 4JH London United Kingdom",
        "ada@example.com",
        "Tee Small TEE-S €12.50 3 (2 on back order) €37.50",
        "Goods €37.50",
        "Total €37.50",
        "Confirmation of the order waiting 3",
        "SMTPServerDisconnected: gone",
    ):
        assert shown in text
    assert order.secret not in client.get(f"{INDEX}{order.pk}/").content.decode()


def test_an_order_of_many_lines_asks_the_database_as_often_as_one_of_two(client, operator):
    skus = [make_sku(make_page(), on_hand=9) for _number in range(6)]
    two, six = order_for(dict.fromkeys(skus[:2], 1)), order_for(dict.fromkeys(skus, 1))

    def queries(order):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{INDEX}{order.pk}/").status_code == 200
        return len(captured)

    queries(two)
    assert queries(six) == queries(two)


def test_an_order_shows_what_was_bought_even_when_its_product_is_gone(client, operator, order):
    item = order.items.get()
    sku = item.sku
    sku.product.pages.get().delete()
    sku.delete()

    assert "Tee Small TEE-S €12.50 2 €25.00" in words(client.get(f"{INDEX}{order.pk}/"))


def test_totals_are_in_the_currency_of_the_order(client, operator, order):
    Order.objects.update(currency="JPY", total=Decimal(2500))

    assert "¥2,500" in words(client.get(INDEX))
    assert "¥2,500" in words(client.get(f"{INDEX}{order.pk}/"))


def test_what_was_ordered_is_never_edited(client, operator, order):
    for page in (INDEX, f"{INDEX}{order.pk}/"):
        links = re.findall(
            r'(?:href|action)="([^"]*orders[^"]*)"', client.get(page).content.decode()
        )
        assert not [link for link in links if re.search(r"/(add|new|edit|delete|copy)/", link)]
        assert client.post(page, {"number": "X"}).status_code == 405
    for name in ("add", "edit", "delete", "copy"):
        with pytest.raises(NoReverseMatch):
            reverse(f"shop_orders:{name}")
        assert client.get(f"{INDEX}{name}/{order.pk}/").status_code == 404


def clerk(*codenames):
    user = get_user_model().objects.create_user("clerk", "clerk@example.com", "secret")
    group = Group.objects.create(name="Clerks")
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    user.groups.add(group)
    return user


def test_orders_are_for_those_who_may_view_them(client, order):
    client.force_login(clerk("view_order"))

    home = client.get("/admin/").content.decode()
    assert INDEX in home
    assert order.number in words(client.get(INDEX))
    assert client.get(f"{INDEX}{order.pk}/").status_code == 200


def test_orders_are_closed_to_everybody_else(client, order):
    assert "/account/login/" in client.get(INDEX).url
    client.force_login(clerk())

    assert INDEX not in client.get("/admin/").content.decode()
    for address in (INDEX, f"{INDEX}results/", f"{INDEX}{order.pk}/"):
        assert client.get(address).url == "/admin/"


def test_the_permission_to_view_orders_can_be_given_to_a_group(client, operator):
    pk = Permission.objects.get(content_type__app_label="orders", codename="view_order").pk
    group = Group.objects.get(name="Editors")

    html = client.get(reverse("wagtailusers_groups:edit", args=[group.pk])).content.decode()

    assert f'value="{pk}"' in html


def test_placing_an_order_costs_the_reference_index_nothing():
    sku = make_sku()
    before = ReferenceIndex.objects.count()

    with CaptureQueriesContext(connection) as captured:
        order_for({sku: 1})

    assert ReferenceIndex.objects.count() == before
    assert not [query for query in captured if "referenceindex" in query["sql"]]
    for model in (Order, Outbox):
        assert not ReferenceIndex.model_is_indexable(model)


def test_the_django_admin_lists_orders_with_their_lines(client, operator, order):
    assert order.number in words(client.get("/django-admin/orders/order/"))
    found = client.get("/django-admin/orders/order/", {"q": "tee-s"})
    assert order.number in words(found)

    text = words(client.get(f"/django-admin/orders/order/{order.pk}/change/"))

    assert "Tee Small TEE-S €12.50 2 0 0 €25.00" in text
    assert "Ada" in text


def test_the_django_admin_asks_as_often_for_an_order_of_many_lines(client, operator):
    skus = [make_sku(make_page(), on_hand=9) for _number in range(6)]
    two, six = order_for(dict.fromkeys(skus[:2], 1)), order_for(dict.fromkeys(skus, 1))

    def queries(order):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"/django-admin/orders/order/{order.pk}/change/")
            assert page.status_code == 200
        return len(captured)

    queries(two)
    assert queries(six) == queries(two)


def test_the_django_admin_changes_no_order(client, operator, order):
    change = f"/django-admin/orders/order/{order.pk}/change/"

    assert client.post(change, {"email": "mallory@example.com"}).status_code == 403
    assert client.post(f"/django-admin/orders/order/{order.pk}/delete/").status_code == 403
    assert client.get("/django-admin/orders/order/add/").status_code == 403
    assert "delete_selected" not in OrderAdmin(Order, django_admin).get_actions(
        client.get(change).wsgi_request
    )
    assert Order.objects.get().email == "ada@example.com"


def test_the_django_admin_tries_again_what_was_given_up(client, operator, order):
    Outbox.objects.update(state=Outbox.State.FAILED, attempts=14)
    address = "/django-admin/orders/outbox/"
    row = order.outbox.get(kind=outbox.ORDER_PLACED)

    assert order.number in words(client.get(address, {"state__exact": "failed"}))
    client.post(address, {"action": "send_again", "_selected_action": [row.pk]})

    row.refresh_from_db()
    assert (row.state, row.attempts) == (Outbox.State.QUEUED, 0)
    assert client.post(f"{address}{row.pk}/delete/").status_code == 403


BOOKS = [
    "order",
    "payment",
    "paymentevent",
    "refund",
    "invoice",
    "coupon",
    "shippingmethod",
    "taxrate",
    "mailtext",
    "outbox",
]


@pytest.mark.parametrize("model", BOOKS)
def test_the_django_admin_shows_all_books_and_changes_none(client, operator, order, model):
    payment = order.payments.get()
    payment.events.create(gateway="paypal", direction="call", action="capture", body={"id": "X9"})
    address = f"/django-admin/orders/{model}/"

    assert client.get(address).status_code == 200
    assert client.get(f"{address}add/").status_code == 403
    for row in apps.get_model("orders", model).objects.all():
        page = client.get(f"{address}{row.pk}/change/")
        assert page.status_code == 200
        assert 'type="submit" value="Save"' not in page.content.decode()
        assert order.secret not in page.content.decode()
        assert client.post(f"{address}{row.pk}/change/", {}).status_code == 403
