"""Members, contacts and actions for ``bench.stream``: inserted by the database itself.

Numbers are drawn by arithmetic on the row's number, so that every run and both databases get
the same rows. Some members do far more than others, as everywhere.
"""

# ruff: noqa: S608 - all that is put into a statement is a number of its own

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from bench.unindexed import Unindexed

# Who follows how many, and how many read.
FOLLOWED, READERS = 1_000, 20
# Who is followed by many.
STAR_FOLLOWERS = 10_000
# Of all actions, the oldest part, in which those who have long ceased did all they did.
LONG_AGO = 100

SERIES = (
    "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {count}) "
)
# A hash of the row's number: another for each salt. All of it fits 64 bits.
DRAWN = "(((n * 2654435761 + {salt} * 40503) % 2147483647) % {below})"
TABLES = [
    "social_action",
    "social_like",
    "social_reviewpicture",
    "social_review",
    "social_wishlistitem",
    "social_wishlist",
    "social_contact",
]


@dataclass(frozen=True)
class People:
    """The keys of members: readers first, then a star, then all others, then the quiet."""

    first: int
    members: int

    @property
    def readers(self) -> list[int]:
        return list(range(self.first, self.first + READERS))

    @property
    def star(self) -> int:
        return self.first + READERS

    @property
    def quiet(self) -> int:
        """The first of those who did nothing for long."""
        return self.first + self.members

    @property
    def nostalgic(self) -> int:
        """Who follows only them."""
        return self.quiet + FOLLOWED


def make_people(members: int) -> People:
    from social.models import Profile, User

    users = User.objects.bulk_create(
        (
            User(username=f"member-{number}", email=f"member-{number}@example.com", password="")
            for number in range(members + FOLLOWED + 1)
        ),
        batch_size=2_000,
    )
    Profile.objects.bulk_create(
        (
            Profile(user=user, name=f"Member {user.pk}", is_public=True, shows_purchases=True)
            for user in users
        ),
        batch_size=2_000,
    )
    return People(users[0].pk, members)


def fill(people: People, actions: int) -> None:
    """Empty the tables and fill them again with so many actions, and all that they speak of."""
    with Unindexed(TABLES), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
        for statement in _statements(people, actions):
            cursor.execute(statement, None)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('social_action', 'id'), max(id)) "
                "FROM social_action"
            )
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")


def _statements(people: People, actions: int) -> list[str]:
    """In SQL that both databases know."""
    is_postgresql = connection.vendor == "postgresql"
    long_ago = connection.ops.adapt_datetimefield_value(timezone.now() - timedelta(hours=2))
    product = f"(SELECT min(id) FROM catalog_product) + {_drawn(3, _count('catalog_product'))}"
    # Squared: the first members do the most.
    member = f"{people.star} + {_drawn(1, people.members - READERS)} * {_drawn(2, 1_000)} / 1000"
    is_quiet = f"n <= {actions // LONG_AGO} AND n % 10 = 0"
    doer = f"CASE WHEN {is_quiet} THEN {people.quiet} + {_drawn(4, FOLLOWED)} ELSE {member} END"
    kind = _drawn(5, 100)
    # As of a real shop: two fifths likes, a third bought, the rest of everything.
    made = f"SELECT n, {doer} AS doer, {product} AS product, {kind} AS kind FROM series"
    made = f"{SERIES.format(count=actions)} SELECT * FROM ({made}) made"
    made = f"CREATE TABLE bench_made AS {made}"
    when = f"TIMESTAMPTZ '{long_ago}'" if is_postgresql else f"'{long_ago}'"
    contacts = "INSERT INTO social_contact (user_from_id, user_to_id, created) SELECT DISTINCT "
    follows = SERIES.format(count=FOLLOWED * READERS)
    return [
        "DROP TABLE IF EXISTS bench_made",
        made,
        # Readers follow others each; a star is followed; one follows those who ceased long ago.
        f"{contacts} reader, followed, {when} FROM ({follows} SELECT "
        f"{people.first} + n % {READERS} AS reader, "
        f"{people.star} + 1 + {_drawn(6, people.members - READERS - 1)} AS followed FROM series) c",
        f"{contacts} {people.first} + {READERS} + n, {people.star}, {when} FROM "
        f"({SERIES.format(count=min(STAR_FOLLOWERS, people.members - READERS - 1))} "
        "SELECT n FROM series) c",
        f"{contacts} {people.nostalgic}, {people.quiet} + n - 1, {when} FROM "
        f"({SERIES.format(count=FOLLOWED)} SELECT n FROM series) c",
        f"{contacts} doer, {people.first} + n % {READERS}, {when} FROM bench_made "
        "WHERE kind >= 92 AND kind < 96 ON CONFLICT DO NOTHING",
        "INSERT INTO social_like (user_id, product_id, created) "
        f"SELECT DISTINCT doer, product, {when} FROM bench_made WHERE kind < 40",
        "INSERT INTO social_review (id, user_id, product_id, stars, title, text, language, state, "
        "is_bought_here, reply, created, changed) "
        "SELECT min(n), doer, product, 4, '', 'Good.', 'en', 'approved', FALSE, '', "
        f"{when}, {when} FROM bench_made WHERE kind >= 72 AND kind < 82 GROUP BY doer, product",
        "INSERT INTO social_wishlist (id, user_id, name, is_shared, key, created) "
        f"SELECT DISTINCT doer, doer, 'List', TRUE, 'key-of-a-shared-list-' || doer, {when} "
        "FROM bench_made WHERE kind >= 82 AND kind < 92",
        "INSERT INTO social_wishlistitem (id, wish_list_id, product_id, added) "
        f"SELECT min(n), doer, product, {when} FROM bench_made "
        "WHERE kind >= 82 AND kind < 92 GROUP BY doer, product",
        "INSERT INTO social_action (id, user_id, verb, target_type_id, target_id, created) "
        "SELECT n, doer, CASE WHEN kind < 40 THEN 'likes' WHEN kind < 72 THEN 'bought' "
        "WHEN kind < 82 THEN 'reviewed' WHEN kind < 92 THEN 'wished' WHEN kind < 96 THEN 'follows' "
        "ELSE 'joined' END, NULL, CASE WHEN kind < 72 THEN product "
        f"WHEN kind < 92 THEN n WHEN kind < 96 THEN {people.first} + n % {READERS} END, {when} "
        "FROM bench_made ORDER BY n",
        "DROP TABLE bench_made",
    ]


def _drawn(salt: int, below: int) -> str:
    return DRAWN.format(salt=salt, below=below)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]
