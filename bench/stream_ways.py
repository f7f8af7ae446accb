"""Other ways to find the newest actions of those whom one follows, beside ours."""

# ruff: noqa: S608 - all that is put into a statement is a number of its own

from collections.abc import Iterator
from typing import Any

WINDOW = 60
WRITES = 10

NAIVE = "SELECT id FROM social_action WHERE user_id IN ({followed}) ORDER BY id DESC LIMIT {window}"
FEED = (
    "SELECT action_id FROM bench_feed WHERE user_id = {reader} "
    "ORDER BY action_id DESC LIMIT {window}"
)


def cases(people: Any, turn: int) -> Iterator[tuple[str, Iterator]]:
    """To find the newest 60 alone, without a word about them."""
    from django.db import connection

    from social.models import Action, Contact, User
    from social.stream_sources import FOLLOWED_BY_VENDOR, NO_END

    def run(sql: str, params: dict[str, int] | None = None) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    def ours(key: int) -> list[Any]:
        params = {"member": key, "before": NO_END, "window": WINDOW, "no_end": NO_END}
        return run(FOLLOWED_BY_VENDOR[connection.vendor], params)

    keys = people.readers
    of = {
        key: Contact.objects.filter(user_from=key).values_list("user_to", flat=True)
        for key in [*people.readers, people.nostalgic]
    }
    of = {key: ", ".join(map(str, contacts)) for key, contacts in of.items()}

    def plain(key: int) -> list[Any]:
        return run(NAIVE.format(followed=of[key], window=WINDOW))

    def fed(key: int) -> list[Any]:
        return run(FEED.format(reader=key, window=WINDOW))

    if turn == 0:
        feed_readers(people)
        for key in people.readers[:3]:
            if not ours(key) == plain(key) == fed(key):
                raise SystemExit("The ways find different actions.")
    quiet = people.nostalgic
    yield "find: ours", (lambda key=key: ours(key) for key in keys)
    yield "find: plain query", (lambda key=key: plain(key) for key in keys)
    yield "find: from a feed", (lambda key=key: fed(key) for key in keys)
    yield "find long quiet: ours", (lambda: ours(quiet) for _ in range(6))
    yield "find long quiet: plain query", (lambda: plain(quiet) for _ in range(6))
    star = User.objects.get(pk=people.star)
    newest = Action.objects.latest("pk").pk
    # Of another product each time: the same again is not written.
    numbers = range(2 * WRITES * turn, 2 * WRITES * (turn + 1))
    without, with_feeds = numbers[:WRITES], numbers[WRITES:]
    yield "write: ours", (lambda n=n: write(star, n, feeds=False) for n in without)
    yield "write: ours and 10,000 feeds", (lambda n=n: write(star, n) for n in with_feeds)
    # Nobody likes these products in truth, so a stream would pass over them in the next turn.
    Action.objects.filter(pk__gt=newest).delete()


def feed_readers(people: Any) -> None:
    """A table of feeds, filled for the readers alone: reading one costs the same."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_feed")
        cursor.execute(
            "CREATE TABLE bench_feed (user_id bigint, action_id bigint, "
            "PRIMARY KEY (user_id, action_id))"
        )
        cursor.execute(
            "INSERT INTO bench_feed SELECT contact.user_from_id, action.id "
            "FROM social_contact contact JOIN social_action action "
            "ON action.user_id = contact.user_to_id "
            f"WHERE contact.user_from_id <= {people.readers[-1]}"
        )
        cursor.execute("ANALYZE")


def write(user: Any, number: int, *, feeds: bool = True) -> None:
    """One action of a member whom 10,000 follow, and what a table of feeds costs on top."""
    from django.db import connection, transaction

    from catalog.models import Product
    from social.models import Action
    from social.stream import create_action

    product = Product(pk=Product.objects.order_by("pk").values_list("pk", flat=True)[number])
    with transaction.atomic():
        action = create_action(user, Action.Verb.LIKES, product)
        if feeds:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO bench_feed SELECT user_from_id, %s FROM social_contact "
                    "WHERE user_to_id = %s",
                    [action.pk, user.pk],
                )
