"""People: the list of them, each one's page, and following them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cart.answers import leading, wants_part
from orders.limits import Limit
from social import contacts, people
from social.contacts import NobodyToFollowError
from social.models import Profile
from social.profile_page import ProfilePage
from social.stream_reading import Person

PER_PAGE = 24
FOLLOWS = Limit("follows", most=60)


@dataclass(frozen=True)
class PersonCard:
    person: Person
    profile: Profile
    is_followed: bool = False


@never_cache
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[: people.LONGEST_QUERY]
    sort = people.known_sort(request.GET.get("sort"))
    context = _cards(request, people.people(query, sort))
    context |= {"query": query, "sort": sort, "sorts": people.SORTS}
    return render(request, "social/people/list.html", context)


@never_cache
@require_safe
def profile(request: HttpRequest, username: str) -> HttpResponse:
    shown = _profile_for(request.user, username)
    context = {
        "card": _card(request.user, shown),
        "profile": shown,
        "is_own": shown.user_id == request.user.pk,
        "told": ProfilePage(shown),
    }
    return render(request, "social/people/profile.html", context)


@never_cache
@require_safe
def followers(request: HttpRequest, username: str) -> HttpResponse:
    shown = _profile_for(request.user, username)
    context = _cards(request, people.followers_of(shown)) | {"profile": shown}
    return render(request, "social/people/followers.html", context)


@never_cache
@require_safe
def following(request: HttpRequest, username: str) -> HttpResponse:
    shown = _profile_for(request.user, username)
    context = _cards(request, people.followed_by(shown)) | {"profile": shown}
    return render(request, "social/people/following.html", context)


@never_cache
@require_POST
def follow(request: HttpRequest, username: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return _to_login(request, username)
    followed = _shown_profile(username)
    if FOLLOWS.is_reached(str(request.user.pk)):
        text = _("That is a lot of people at once. Please follow more of them in an hour.")
        return _answer(request, followed, messages.WARNING, text)
    try:
        contacts.follow(request.user, followed.user)
    except NobodyToFollowError as error:
        raise Http404 from error
    return _answer(request, followed, messages.SUCCESS, _("You follow %(name)s now."))


@never_cache
@require_POST
def unfollow(request: HttpRequest, username: str) -> HttpResponse:
    """Also who has hidden since can be left."""
    if not request.user.is_authenticated:
        return _to_login(request, username)
    followed = Profile.objects.select_related("user").filter(user__username=_name(username)).first()
    if followed is None or not contacts.followed_among(request.user, [followed.user_id]):
        followed = _shown_profile(username)
    contacts.unfollow(request.user, followed.user)
    return _answer(request, followed, messages.SUCCESS, _("You no longer follow %(name)s."))


def _answer(request: HttpRequest, followed: Profile, level: int, text: str) -> HttpResponse:
    """The button and the count for a page that is open, or else the page it came from."""
    followed.refresh_from_db(fields=["followers", "is_public"])
    text %= {"name": followed.shown_name}
    back = request.POST.get("next", "")
    if wants_part(request) and followed.is_public:
        context = {"card": _card(request.user, followed), "next": back}
        context["said" if level == messages.SUCCESS else "trouble"] = text
        return render(request, "social/people/partials/follow_answer.html", context)
    messages.add_message(request, level, text)
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = followed.get_absolute_url() if followed.is_public else reverse("people:list")
    return leading(request, redirect(back))


def _to_login(request: HttpRequest, username: str) -> HttpResponse:
    """To the log-in page, and then to whom they wanted to follow."""
    there = reverse("people:profile", args=[username])
    return leading(request, redirect(f"{reverse('account_login')}?{urlencode({'next': there})}"))


def _cards(request: HttpRequest, profiles: QuerySet[Profile]) -> dict[str, Any]:
    page = Paginator(profiles, PER_PAGE).get_page(request.GET.get("page"))
    followed = contacts.followed_among(request.user, [one.user_id for one in page])
    cards = [PersonCard(Person.of(one), one, one.user_id in followed) for one in page]
    is_cut = page.paginator.count == people.MOST_LISTED
    return {"page_obj": page, "cards": cards, "is_cut": is_cut}


def _card(user: Any, profile: Profile) -> PersonCard:
    is_followed = bool(contacts.followed_among(user, [profile.user_id]))
    return PersonCard(Person.of(profile), profile, is_followed)


def _name(username: str) -> str:
    # PostgreSQL refuses the character, and nobody has it in a name.
    return "" if "\x00" in username else username


def _shown_profile(username: str) -> Profile:
    profiles = Profile.objects.shown().select_related("user")
    shown = profiles.filter(user__username=_name(username)).first()
    if shown is None:
        raise Http404
    return shown


def _profile_for(user: Any, username: str) -> Profile:
    """Whoever hides has no page, but for themselves."""
    if user.is_authenticated and user.username == username:
        return Profile.objects.select_related("user").get(user=user)
    return _shown_profile(username)
