"""Whose actions a stream is made of, and how the newest of them are found in many millions.

Read when it is asked for, and written nowhere else (docs/decisions/0009). One statement finds
the newest actions of a source and reads along all that the stream says of them, so that their
number costs no further queries. It is SQL, because Django's ORM knows no LATERAL, and because
a generic target cannot be joined.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from social.models import Action, Contact

# Larger than the keys of all databases.
NO_END = 2**63 - 1

# How many actions are looked at in each round, until a page is full: some cannot be shown.
FEW_ROUNDS = (60, 60, 60, 60)
# Where most members are hidden, most of everybody's actions are passed over.
WIDENING_ROUNDS = (60, 600, 3_000)

EVERYBODY = """
    SELECT id FROM social_action
    WHERE id < %(before)s AND user_id <> %(member)s
    ORDER BY id DESC LIMIT %(window)s
"""
MEMBER = """
    SELECT id FROM social_action
    WHERE id < %(before)s AND user_id = %(member)s
    ORDER BY id DESC LIMIT %(window)s
"""
THESE = "SELECT id FROM social_action WHERE id IN ({keys})"

# The n newest actions of all are by n members at most: those whose own newest are the newest.
# So each whom the member follows costs one look into the index of (user, -id), and only those n
# are read further. Nobody pays for how many actions there are. Whether they are shown is asked
# of those n alone, in their order: without the limit between, PostgreSQL reads all profiles.
FOLLOWED = """
    SELECT newest.id
    FROM (
        SELECT followed.user_id
        FROM (
            SELECT contact.user_to_id AS user_id, (
                SELECT action.id FROM social_action action
                WHERE action.user_id = contact.user_to_id AND action.id < %(before)s
                ORDER BY action.id DESC LIMIT 1
            ) AS head
            FROM social_contact contact
            WHERE contact.user_from_id = %(member)s
            ORDER BY head DESC NULLS LAST LIMIT %(no_end)s
        ) followed
        WHERE followed.head IS NOT NULL AND (
            SELECT profile.is_public FROM social_profile profile
            WHERE profile.user_id = followed.user_id
        )
        ORDER BY followed.head DESC LIMIT %(window)s
    ) active
"""
NEWEST_OF_EACH = """
    SELECT action.id FROM social_action action
    WHERE action.user_id = active.user_id AND action.id < %(before)s
    ORDER BY action.id DESC LIMIT %(window)s
"""
NEWEST_FIRST = " ORDER BY newest.id DESC LIMIT %(window)s"
FOLLOWED_BY_VENDOR = {
    "postgresql": f"{FOLLOWED} CROSS JOIN LATERAL ({NEWEST_OF_EACH}) newest {NEWEST_FIRST}",
    "sqlite": f"{FOLLOWED} JOIN social_action newest ON newest.id IN ({NEWEST_OF_EACH})"
    f" {NEWEST_FIRST}",
}

# Of somebody hidden, no name is read: the action is passed over. What is no longer so (a
# follow, a like) or not for all to see (a review that waits, a list of one's own) has no target.
FACTS = """
    WITH candidate AS ({candidates})
    SELECT
        action.id, action.user_id, action.verb, action.target_id, action.created,
        member.username, profile.name, profile.picture,
        CASE action.verb
            WHEN 'likes' THEN liked.product_id
            WHEN 'bought' THEN CASE WHEN profile.shows_purchases THEN action.target_id END
            WHEN 'reviewed' THEN review.product_id
            WHEN 'wished' THEN CASE WHEN list.id IS NOT NULL THEN wish.product_id END
        END AS product_id,
        review.stars, review.title AS review_title,
        list.name AS list_name, list.key AS list_key,
        other.username AS other_username, other_profile.name AS other_name,
        other_profile.picture AS other_picture
    FROM candidate
    JOIN social_action action ON action.id = candidate.id
    LEFT JOIN social_profile profile ON profile.user_id = action.user_id AND profile.is_public
    LEFT JOIN social_user member ON member.id = profile.user_id AND member.is_active
    LEFT JOIN social_like liked
        ON action.verb = 'likes' AND liked.user_id = member.id
        AND liked.product_id = action.target_id
    LEFT JOIN social_review review
        ON action.verb = 'reviewed' AND review.id = action.target_id
        AND review.user_id = member.id AND review.state = 'approved'
    LEFT JOIN social_wishlistitem wish ON action.verb = 'wished' AND wish.id = action.target_id
    LEFT JOIN social_wishlist list
        ON list.id = wish.wish_list_id AND list.user_id = member.id AND list.is_shared
    LEFT JOIN social_contact contact
        ON action.verb = 'follows' AND contact.user_from_id = member.id
        AND contact.user_to_id = action.target_id
    LEFT JOIN social_profile other_profile
        ON other_profile.user_id = contact.user_to_id AND other_profile.is_public
    LEFT JOIN social_user other ON other.id = other_profile.user_id AND other.is_active
    ORDER BY action.id DESC
"""


@dataclass(frozen=True)
class Source:
    """The actions that a stream is made of."""

    candidates: str
    actions: QuerySet[Action] = field(compare=False)
    member: int = 0
    rounds: tuple[int, ...] = FEW_ROUNDS

    def newest(self, before: int, window: int) -> list[Action]:
        """The newest so many with a smaller key, with what is said of them; one query."""
        return _with_facts(
            self.candidates,
            {"member": self.member, "before": before, "window": window, "no_end": NO_END},
        )

    def keys_after(self, key: int, known: Iterable[int], most: int) -> list[int]:
        """The keys of what came later, the newest first; without those known already."""
        later = self.actions.filter(pk__gt=key).exclude(pk__in=list(known))
        return list(later.order_by("-pk").values_list("pk", flat=True)[:most])


def everybody(user: Any) -> Source:
    """What all members did, but not oneself."""
    key = user.pk or 0
    return Source(EVERYBODY, Action.objects.exclude(user=key), key, WIDENING_ROUNDS)


def followed_by(user: Any) -> Source:
    contacts = Contact.objects.filter(user_from=user).values("user_to")
    sql = FOLLOWED_BY_VENDOR[connection.vendor]
    return Source(sql, Action.objects.filter(user__in=contacts), user.pk)


def of_member(user: Any) -> Source:
    return Source(MEMBER, Action.objects.filter(user=user), user.pk)


def with_facts(keys: Iterable[int]) -> list[Action]:
    """These actions, the newest first, as ``Source.newest`` reads them."""
    return _with_facts(THESE.format(keys=", ".join(str(int(key)) for key in keys)), {})


def _with_facts(candidates: str, params: dict[str, Any]) -> list[Action]:
    return list(Action.objects.raw(FACTS.format(candidates=candidates), params))
