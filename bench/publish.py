"""What it costs the web process to publish a product, in shops of two sizes.

    python -m bench.publish [--products 1000 100000] [--rounds 20]

The editor's form of a product is fetched, its title changed, and the whole form sent back with
the button that publishes, each time of another product. CPU is what this process uses for that
request, from the form's fields to the index of words, medians; the database's comes on top. The
sizes take turns, so that what the machine does besides falls on both. Asked for are at most
150 ms, and the same whatever the size of the shop.
"""

import argparse
import os
import statistics
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.pages.environment import environment
from bench.pages.servers import redis

FORM = "page-edit-form"
MOST_CPU_MS = 150


class Fields(HTMLParser):
    """The names and values that a browser would send with the editor's form."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._is_in = False
        self._text: str | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self._is_in = given.get("id") == FORM
        name = given.get("name") or ""
        if not self._is_in and given.get("form") != FORM:
            return
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self._add(self._select, given.get("value") or "")
        elif tag == "textarea":
            self._text = ""
            self._add(name, "")
        elif tag == "input" and name and given.get("type") not in {"submit", "file"}:
            is_box = given.get("type") in {"checkbox", "radio"}
            if not is_box or "checked" in given:
                self._add(name, given.get("value") or ("on" if is_box else ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            # A browser drops the first line break.
            list(self.values.values())[-1][-1] = self._text.removeprefix("\n")
            self._text = None
        elif tag == "form":
            self._is_in = False

    def _add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="bench-") as name, redis(Path(name)) as services:
        os.environ.update(environment(Path(name)), **services)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", verbosity=0, interactive=False)
        return run(asked.products, asked.rounds)


def run(sizes: list[int], rounds: int) -> int:
    from contextlib import ExitStack

    from bench.pages import shops
    from catalog import kept

    figures: dict[int, list[tuple[float, int]]] = {size: [] for size in sizes}
    with ExitStack() as stack:
        names = {}
        for size in sizes:
            names[size] = stack.enter_context(shops.copied(shops.filled(size)))
        for number in range(rounds):
            for size in sizes:
                with shops.using(names[size]):
                    # What is kept in this process is of the other shop.
                    kept.forget()
                    figures[size].append(_publish(number))
    sys.stdout.write("| products | CPU ms | longest | queries |\n|---|---|---|---|\n")
    medians = []
    for size, found in figures.items():
        # The first one of each also loads what the admin needs.
        cpu = [spent for spent, _queries in found[1:]]
        queries = statistics.median(queries for _spent, queries in found[1:])
        medians.append(statistics.median(cpu))
        sys.stdout.write(f"| {size:,} | {medians[-1]:.0f} | {max(cpu):.0f} | {queries:.0f} |\n")
    return int(max(medians) > MOST_CPU_MS)


def _publish(number: int) -> tuple[float, int]:
    """CPU ms and queries of one publication."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    from bench.pages import shopping

    page = shopping.rich_pages(number + 1)[number]
    owner, _made = get_user_model().objects.get_or_create(
        username="owner", defaults={"email": "owner@example.com", "is_superuser": True}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(owner)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    fields = Fields()
    fields.feed(client.get(address).content.decode())
    data: dict[str, Any] = {**fields.values, "title": f"Renamed {page.pk}"}
    # What scripts write into the form: a block of text.
    text = rich_text(f"<p>Described for the {number}th time.</p>")
    data |= nested_form_data({"description": streamfield([("text", text)])})
    data["action-publish"] = "action-publish"
    with CaptureQueriesContext(connection) as queries:
        began = time.process_time()
        answer = client.post(address, data)
        spent = time.process_time() - began
    page.refresh_from_db()
    if answer.status_code != 302 or page.title != f"Renamed {page.pk}":
        raise SystemExit(f"not published: {answer.status_code}")
    return spent * 1000, len(queries)


if __name__ == "__main__":
    sys.exit(main())
