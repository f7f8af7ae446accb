"""Orders on the desk, in any state they can be in, each carried there by the books themselves."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from catalog.models import Sku, Stock
from catalog.tests.factories import make_page, make_sku
from orders import states
from orders.desk.seen import seen
from orders.models import Order, OrderEvent
from orders.tests.factories import order_for, paid

ROLES = ["Merchandiser", "Fulfilment", "Marketer", "Finance", "Owner"]
State = Order.State
WAY = [State.PAID, State.PACKED, State.SHIPPED, State.DELIVERED]


def an_order(state: str = State.PENDING, **options: Any) -> Order:
    """Two tees at 12.50, unless other ``quantities`` are given."""
    quantities = options.pop("quantities", None)
    if quantities is None:
        quantities = {make_sku(make_page("Tee"), price="12.50", option1="Small"): 2}
    order = order_for(quantities, **options)
    return carried_to(order, state)


def carried_to(order: Order, state: str) -> Order:
    if state == State.PENDING:
        return order
    if state in {State.EXPIRED, State.CANCELLED}:
        return states.advance(order, state, by="test")
    order = paid(order)
    last = State.SHIPPED if state == State.RETURNED else State(state)
    for step in WAY[1 : WAY.index(last) + 1]:
        order = states.advance(order, step, by="test")
    if state == State.RETURNED:
        order = states.advance(order, state, by="test", restock=False)
    return order


def member_of(role: str) -> Any:
    """Somebody of a trade of the shop, or a shopper without any."""
    name = role.lower()
    user = get_user_model().objects.create_user(name, f"{name}@example.com", "secret")
    if role in ROLES:
        user.groups.add(Group.objects.get(name=role))
    return user


def posted(order: Order, **typed: Any) -> dict[str, Any]:
    """What a form posts that shows the order as it is now."""
    current = Order.objects.get(pk=order.pk)
    return {"seen": seen(current), **{name: str(value) for name, value in typed.items()}}


def address(order: Order, action: str = "") -> str:
    return f"/admin/orders/{order.pk}/" + (f"{action}/" if action else "")


def do(client: Any, order: Order, action: str, **typed: Any) -> Any:
    """Send the form of an action, as the order is now; return the page it leads to."""
    response = client.post(address(order, action), posted(order, **typed), follow=True)
    order.refresh_from_db()
    return response


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def on_hand(sku: Sku) -> int:
    return Stock.objects.get(sku=sku).on_hand


def last_event(order: Order) -> OrderEvent:
    return order.events.latest("pk")
