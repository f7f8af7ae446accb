"""Who is shown to others, and how one of them is found among many."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from social.models import Profile

LONGEST_QUERY = 80
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
        shown = shown.filter(Q(name__icontains=query) | Q(user__username__icontains=query))
    return shown.order_by(*SORTS[sort][1])


def followers_of(profile: Profile) -> QuerySet[Profile]:
    shown = people().filter(user__contacts_from__user_to=profile.user_id)
    return shown.order_by("-user__contacts_from__created", "-pk")


def followed_by(profile: Profile) -> QuerySet[Profile]:
    shown = people().filter(user__contacts_to__user_from=profile.user_id)
    return shown.order_by("-user__contacts_to__created", "-pk")
