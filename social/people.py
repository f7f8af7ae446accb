"""Who is shown to others, and how one of them is found among many."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from social.models import Profile

LONGEST_QUERY = 80
# A hundred pages of a list: nobody turns more, and each further one costs the database more.
MOST_LISTED = 2_400
# By key: what it is called, and what it sorts by.
SORTS = {
    "newest": (_("Newest"), ("-created", "-pk")),
    "followed": (_("Most followed"), ("-followers", "-pk")),
}
DEFAULT_SORT = "newest"


def known_sort(sort: str | None) -> str:
    return sort if sort in SORTS else DEFAULT_SORT


def people(query: str = "", sort: str = DEFAULT_SORT) -> QuerySet[Profile]:
    """Those who are shown, with their users; with a query, those who have it in their names."""
    shown = Profile.objects.shown().select_related("user")
    # PostgreSQL refuses the character, and nobody has it in a name.
    if query := query.replace("\x00", "").strip()[:LONGEST_QUERY]:
        shown = shown.filter(pk__in=_named(query))
    return shown.order_by(*SORTS[sort][1])[:MOST_LISTED]


def _named(query: str) -> set[int]:
    """The keys of those found by one of both names; of very many, some.

    One name each, so that PostgreSQL can use the index of its letters.
    """
    by_name = Profile.objects.shown().filter(name__icontains=query)
    by_username = Profile.objects.shown().filter(user__username__icontains=query)
    return {
        key
        for found in (by_name, by_username)
        for key in found.values_list("pk", flat=True)[:MOST_LISTED]
    }


def followers_of(profile: Profile) -> QuerySet[Profile]:
    shown = Profile.objects.shown().filter(user__contacts_from__user_to=profile.user_id)
    return _listed(shown, "-user__contacts_from__created")


def followed_by(profile: Profile) -> QuerySet[Profile]:
    shown = Profile.objects.shown().filter(user__contacts_to__user_from=profile.user_id)
    return _listed(shown, "-user__contacts_to__created")


def _listed(shown: QuerySet[Profile], order: str) -> QuerySet[Profile]:
    return shown.select_related("user").order_by(order, "-pk")[:MOST_LISTED]
