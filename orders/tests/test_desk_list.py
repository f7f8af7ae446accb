"""The list of orders: narrowed down, exported, and many orders at once."""

import csv
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from catalog.tests.factories import make_page, make_sku
from orders import outbox, states
from orders.desk import bulk, exports
from orders.models import Order, Outbox, Shipment
from orders.tests.desk_orders import State, an_order, member_of
from orders.tests.factories import paid

pytestmark = pytest.mark.django_db
INDEX = "/admin/orders/"


@pytest.fixture(autouse=True)
def _by_somebody_who_may_do_anything(editor):
    pass


def listed(client, **asked) -> set[Order]:
    return set(client.get(INDEX, asked).context["object_list"])


def test_orders_are_narrowed_down_by_how_they_stand(client):
    waiting, ready, gone = an_order(), an_order(State.PAID), an_order(State.SHIPPED)

    assert listed(client, state="pending") == {waiting}
    assert listed(client, state=["paid", "shipped"]) == {ready, gone}
    assert listed(client, money="unpaid") == {waiting}
    assert listed(client, money="paid") == {ready, gone}


def test_orders_are_narrowed_down_by_what_went_back(client):
    some, whole, nothing = (an_order(State.PAID) for _order in range(3))
    Order.objects.filter(pk=some.pk).update(amount_refunded=5)
    Order.objects.filter(pk=whole.pk).update(amount_refunded=25)

    assert listed(client, money="partly_refunded") == {some}
    assert listed(client, money="refunded") == {whole}
    assert listed(client, money="paid") == {nothing}


def test_orders_are_narrowed_down_by_who_where_and_how(client):
    guest = an_order()
    member = an_order(user=member_of("Shopper"), country="DE", postal_code="10115")
    Order.objects.filter(pk=member.pk).update(payment_method="paypal", alert="Paid twice")

    assert listed(client, customer="member") == {member}
    assert listed(client, customer="guest") == {guest}
    assert listed(client, country="DE") == {member}
    assert listed(client, gateway="bank_transfer") == {guest}
    assert listed(client, attention="yes") == {member}
    assert listed(client, attention="no") == {guest}


def test_work_of_the_outbox_that_is_no_mail_is_no_state_of_mails(client):
    order = an_order()
    Outbox.objects.update(state=Outbox.State.SENT)
    outbox.enqueue(order, outbox.REFUND, 1, refund=1)

    assert listed(client, mail="queued") == set()
    assert listed(client, mail="sent") == {order}


@pytest.mark.parametrize(
    "asked",
    [{"state": "lost"}, {"country": "XX"}, {"created_from": "soon"}, {"p": "999"}, {"q": "'\"%_"}],
)
def test_hostile_filters_show_a_page(client, asked):
    an_order()

    assert client.get(INDEX, asked).status_code == 200


def test_the_list_says_what_is_missing(client):
    assert "No order yet" in client.get(INDEX).content.decode()
    an_order()
    assert "No order is like that" in client.get(INDEX, {"q": "nobody"}).content.decode()


# --- Exports -----------------------------------------------------------------


def rows_of(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(text.splitlines()))


def sheet_of(response) -> list[dict]:
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_what_is_found_is_exported_with_numbers_as_numbers(client):
    order = an_order(State.PAID)
    an_order()

    [row] = rows_of(client.get(INDEX, {"export": "csv", "state": "paid"}))
    [cells] = sheet_of(client.get(INDEX, {"export": "xlsx", "state": "paid"}))

    assert (row["Number"], row["Total"], row["Money"]) == (order.number, "25.00", "paid")
    assert (row["Country"], row["Pieces"], row["Gateway"]) == ("GB", "2", "Bank transfer")
    assert (cells["Total"], cells["Amount paid"], cells["Pieces"]) == (25, 25, 2)
    assert cells["Placed"].date() == order.created.date()


def test_lines_are_exported_one_by_one(client):
    page = make_page("Tee")
    small, large = (make_sku(page, f"TEE-{size}", price="5.00", option1=size) for size in "SL")
    an_order(quantities={small: 1, large: 2})

    rows = rows_of(client.get(INDEX, {"export": "csv", "rows": "lines"}))

    shown = [(row["SKU code"], row["Quantity"], row["Line total"]) for row in rows]
    assert sorted(shown) == [("TEE-L", "2", "10.00"), ("TEE-S", "1", "5.00")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("is_chosen", [False, True])
def test_an_export_is_in_the_language_of_the_page(client, editor, kind, is_chosen):
    UserProfile.objects.create(user=editor, preferred_language="ko")
    order = an_order(State.PAID)

    if is_chosen:
        response = many(client, "export", [order], {"rows": "orders", "kind": kind})
    else:
        response = client.get(INDEX, {"export": kind})
    [row] = rows_of(response) if kind == "csv" else sheet_of(response)

    with translation.override("ko"):
        assert row[gettext("State")] == order.get_state_display() != "paid"
        assert row[gettext("Customer")] == gettext("Guest") != "Guest"
        assert row[gettext("Gateway")] == gettext("Bank transfer") != "Bank transfer"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_shopper_writes_a_formula_into_an_export(client, kind):
    an_order(last_name="=HYPERLINK(1)", message="+1")

    response = client.get(INDEX, {"export": kind})
    [row] = rows_of(response) if kind == "csv" else sheet_of(response)

    assert row["Last name"] == "'=HYPERLINK(1)"
    assert row["Message to the shop"].lstrip("'") == "+1"


def test_an_export_reads_in_pieces(client, monkeypatch):
    monkeypatch.setattr(exports, "ORDERS_AT_ONCE", 2)
    sku = make_sku(on_hand=99)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            rows = rows_of(client.get(INDEX, {"export": "csv"}))
        return len(captured), len(rows)

    for _order in range(2):
        an_order(quantities={sku: 1})
    queries()
    few, count = queries()
    assert count == 2
    for _order in range(4):
        an_order(quantities={sku: 1})
    many, count = queries()

    assert count == 6
    assert many - few == 2 * 3


def test_an_xlsx_that_would_be_too_long_leads_back_to_the_list(client, monkeypatch):
    monkeypatch.setattr(exports, "MOST_IN_XLSX", 1)
    for _order in range(2):
        an_order()

    response = client.get(INDEX, {"export": "xlsx", "state": "pending"})

    assert response.url == f"{INDEX}?state=pending"
    assert len(rows_of(client.get(INDEX, {"export": "csv"}))) == 2


# --- Many at once ------------------------------------------------------------


def many(client, action, orders, typed=None, **asked):
    """Send the form of an action on these orders, or on ``all`` that the list has found."""
    url = page_about(action, orders, **asked)
    form = client.get(url).context
    chosen = form["form"]["chosen"].value() if form and "form" in form else ""
    return client.post(url, {"chosen": chosen, **(typed or {})}, follow=True)


def page_about(action, orders, **asked) -> str:
    ids = [order.pk for order in orders] if orders != "all" else ["all"]
    url = f"/admin/bulk/orders/order/{action}/"
    query = {"id": ids, "next": INDEX, **asked}
    address = QueryDict(mutable=True)
    for name, value in query.items():
        address.setlist(name, value if isinstance(value, list) else [value])
    return f"{url}?{address.urlencode()}"


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def states_of(*orders) -> list[str]:
    return [Order.objects.get(pk=order.pk).state for order in orders]


def test_many_are_packed_and_the_others_are_named(client):
    ready, also, waiting = an_order(State.PAID), an_order(State.PAID), an_order()

    response = many(client, "pack", [ready, also, waiting])

    assert states_of(ready, also, waiting) == [State.PACKED, State.PACKED, State.PENDING]
    assert "2 orders are packed." in said(response)
    assert f"{waiting.number} (waiting for payment)" in said(response)
    assert Outbox.objects.filter(kind=outbox.ORDER_PACKED).count() == 2


def test_many_are_shipped_with_a_carrier(client):
    packed, gone = an_order(State.PACKED), an_order(State.SHIPPED)

    response = many(client, "ship", [packed, gone], {"carrier": "Post"})

    assert states_of(packed) == [State.SHIPPED]
    assert [(one.order, one.carrier) for one in Shipment.objects.all()] == [(packed, "Post")]
    assert gone.number in said(response)


def test_all_means_all_that_the_list_has_found(client):
    found, other = an_order(State.PAID, email="only@example.org"), an_order(State.PAID)

    many(client, "pack", "all", q="only@example.org", state="paid")

    assert states_of(found, other) == [State.PACKED, State.PAID]


def test_all_are_those_that_the_page_was_about(client):
    shown, late = an_order(State.PAID), an_order()
    url = page_about("pack", "all", state="paid")

    form = client.get(url).context["form"]
    paid(late)
    client.post(url, {"chosen": form["chosen"].value()})

    assert states_of(shown, late) == [State.PACKED, State.PAID]


@pytest.mark.parametrize("chosen", [{}, {"chosen": ""}, {"chosen": "all"}, {"chosen": "x,-1"}])
def test_all_without_the_page_are_none(client, chosen):
    order = an_order(State.PAID)

    response = client.post(page_about("pack", "all"), chosen, follow=True)

    assert "No order was chosen" in said(response)
    assert states_of(order) == [State.PAID]


def test_no_more_are_sent_along_than_can_be_done_at_once(client, monkeypatch):
    monkeypatch.setattr(bulk.PackMany, "most_at_once", 1)
    orders = [an_order(State.PAID), an_order(State.PAID)]
    chosen = ",".join(str(order.pk) for order in orders)

    response = client.post(page_about("pack", "all"), {"chosen": chosen}, follow=True)

    assert "at most that many" in said(response)
    assert states_of(*orders) == [State.PAID, State.PAID]


def test_more_than_can_be_done_at_once_is_refused_as_a_whole(client, monkeypatch):
    monkeypatch.setattr(bulk.PackMany, "most_at_once", 1)
    orders = [an_order(State.PAID), an_order(State.PAID)]

    for chosen in (orders, "all"):
        response = many(client, "pack", chosen)
        assert "at most that many" in said(response)
    assert states_of(*orders) == [State.PAID, State.PAID]


@pytest.mark.parametrize("chosen", ["", "0", "x", "-1", "9" * 30])
def test_what_is_no_order_is_left_alone(client, chosen):
    order = an_order(State.PAID)

    client.post(f"/admin/bulk/orders/order/pack/?id={chosen}&next={INDEX}", follow=True)

    assert states_of(order) == [State.PAID]


def test_one_that_moves_on_between_page_and_click_stops_none_of_the_others(client):
    early, late = an_order(State.PAID), an_order(State.PAID)
    states.advance(early, State.CANCELLED)

    many(client, "pack", [early, late])

    assert states_of(early, late) == [State.CANCELLED, State.PACKED]


def test_the_chosen_are_exported(client):
    one, _other = an_order(), an_order()

    [row] = rows_of(many(client, "export", [one], {"rows": "orders", "kind": "csv"}))
    [line] = sheet_of(many(client, "export", [one], {"rows": "lines", "kind": "xlsx"}))

    assert row["Number"] == line["Number"] == one.number
    assert line["Quantity"] == 2


def test_slips_of_the_chosen_come_as_one_pdf(client):
    orders = [an_order(State.PAID), an_order(State.PAID)]
    ids = "&".join(f"id={order.pk}" for order in orders)

    response = client.get(f"/admin/bulk/orders/order/slips/?{ids}&next={INDEX}", follow=True)

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_slips_are_printed_for_a_form_that_is_sent_as_well(client):
    order = an_order(State.PAID)

    response = client.post(page_about("slips", [order]))

    assert response.url == f"/admin/orders/slips/?ids={order.pk}"


def test_a_page_of_the_list_asks_as_often_for_many_mails_and_gateways(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(INDEX)
        return len(captured)

    an_order(State.SHIPPED)
    queries()
    few = queries()
    for _order in range(4):
        an_order(State.DELIVERED)
    Order.objects.filter(state=State.DELIVERED).update(
        payment_method="paypal", paid_at=timezone.now(), amount_refunded=Decimal(1)
    )

    assert queries() == few
