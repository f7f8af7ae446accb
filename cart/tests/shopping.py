"""What the tests of the cart do as shoppers do it: over HTTP."""

import re
from datetime import datetime, timedelta

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from cart.models import SavedCart

SAME_ORIGIN = {"Origin": "http://testserver"}
BY_SCRIPT = {**SAME_ORIGIN, "HX-Request": "true"}
PASSWORD = "a long password"


def post(client, name, headers=SAME_ORIGIN, **values):
    return client.post(reverse(f"cart:{name}"), values, headers=headers)


def add(client, sku, quantity="1", **options):
    return post(client, "add", code=sku.code, quantity=quantity, **options)


def cart_page(client):
    return client.get("/cart/").content.decode()


def words(response):
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def quantities(client):
    """What the session of somebody who is not logged in says."""
    return {code: line["quantity"] for code, line in client.session.get("cart", {}).items()}


def saved(user):
    row = SavedCart.objects.filter(user=user).first()
    return {code: line["quantity"] for code, line in row.entries.items()} if row else {}


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def age(client, code, **by):
    """Let a line have been put in so much earlier."""
    session = client.session
    line = session["cart"][code]
    added = datetime.fromisoformat(line["added"]) - timedelta(**by)
    session["cart"] = {**session["cart"], code: {**line, "added": added.isoformat()}}
    session.save()


def log_in(client, user, **values):
    values = {"login": user.username, "password": PASSWORD, **values}
    return client.post("/account/login/", values)


def member(django_user_model, name="ada"):
    """Somebody whose address is proven, without which nobody gets in."""
    user = django_user_model.objects.create_user(name, f"{name}@example.com", PASSWORD)
    user.emailaddress_set.create(email=user.email, primary=True, verified=True)
    return user


def device(**options):
    return Client(**options)
