"""The peer's own side of the measurement, run by its own Python: fills, and makes requests.

python -m bench.peer.shop fill <products>
python -m bench.peer.shop pages                # JSON: by name the requests, a body, queries
python -m bench.peer.shop additions|checkouts <number>       # JSON: requests
"""

import json
import os
import re
import sys
from typing import Any

SESSION, CSRF = "sessionid", "csrftoken"
LINES = 3
ADDRESS = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "line1": "Bakehouse Lane 1",
    "line4": "Exampletown",
    "postcode": "12345",
}


class Shopper:
    """A browser without JavaScript, within this process."""

    def __init__(self) -> None:
        from django.test import Client

        self.client = Client(headers={"host": "localhost"})

    def open(self, path: str) -> Any:
        answer = self.client.get(path, follow=True)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return answer

    def send(self, path: str, values: dict[str, str]) -> None:
        answer = self.client.post(path, values)
        if answer.status_code != 302:
            told = re.findall(rb'class="[^"]*error[^"]*">(.*?)<', answer.content)
            raise SystemExit(f"{path} answered {answer.status_code}: {told}")

    def request(self, path: str, values: dict[str, str]) -> str:
        """What this browser would send, for somebody else to send it."""
        from bench.pages import wire

        token = wire.drawn()
        cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
        values = {**values, "csrfmiddlewaretoken": token}
        return wire.request("POST", path, cookies=cookies | {CSRF: token}, values=values)


def products(number: int, structure: str = "parent") -> list[Any]:
    """Large ones: with variants, pictures, reviews and recommendations; or "standalone"."""
    from oscar.core.loading import get_model

    product = get_model("catalogue", "Product")
    return list(product.objects.filter(structure=structure).order_by("pk")[:number])


def pages() -> dict[str, Any]:
    from oscar.core.loading import get_model

    from bench.pages import wire
    from bench.peer.filling import WORDS

    categories = get_model("catalogue", "Category").objects.order_by("pk")[:10]
    addresses = {
        "product": [product.get_absolute_url() for product in products(20)],
        "product, one picture, one SKU": [
            product.get_absolute_url() for product in products(20, "standalone")
        ],
        "category of 24": [category.get_absolute_url() for category in categories],
        "search": [f"/search/?q={word}" for word in WORDS],
    }
    found = {}
    for name, paths in addresses.items():
        requests = [wire.request("GET", path) for path in paths]
        found[name] = {"requests": requests, **_facts([*requests[:8], *requests[:8]])}
    for name, requests in (
        ("add to basket (POST)", additions(8)),
        ("checkout (POST), 3 lines", checkouts(4)),
    ):
        found[name] = {"requests": requests, **_facts(requests)}
    return found


def _facts(requests: list[str]) -> dict[str, Any]:
    from bench.pages import asking

    asked = asking.Asked()
    with asking.kept_connection():
        answers = [asked(request) for request in requests]
    last = answers[-1]
    if last.status not in {200, 302}:
        raise SystemExit(f"{requests[-1]} answered {last.status}")
    return {
        "queries": last.queries,
        "sql": last.sql,
        "body": last.body.decode(),
        "location": last.location,
    }


def _with_basket(lines: int) -> Shopper:
    shopper = Shopper()
    for product in products(lines):
        shopper.send(*_addition(product))
    return shopper


def _addition(product: Any) -> tuple[str, dict[str, str]]:
    child = product.children.order_by("pk").first()
    return f"/basket/add/{product.pk}/", {"quantity": "1", "child_id": str(child.pk)}


def additions(number: int) -> list[str]:
    """Something is put into baskets with two lines."""
    third = products(LINES)[-1]
    return [_with_basket(LINES - 1).request(*_addition(third)) for _number in range(number)]


def checkouts(number: int) -> list[str]:
    """The last click of so many guests, each for an order of three lines."""
    found = []
    for at in range(number):
        shopper = _with_basket(LINES)
        guest = {"username": f"guest{at}@example.com", "options": "anonymous", "password": ""}
        shopper.send("/checkout/", guest)
        shopper.send("/checkout/shipping-address/", ADDRESS)
        shopper.open("/checkout/shipping-method/")
        shopper.open("/checkout/preview/")
        found.append(shopper.request("/checkout/preview/", {"action": "place_order"}))
    return found


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peer.settings"
    import django

    django.setup()
    command, *number = sys.argv[1:]
    if command == "fill":
        from django.core.management import call_command

        from bench.peer.filling import fill

        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        fill(int(*number))
        return 0
    makers = {"pages": pages, "additions": additions, "checkouts": checkouts}
    json.dump(makers[command](*map(int, number)), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
