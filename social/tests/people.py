"""Members to test with."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.test import Client

from social.contacts import set_public
from social.models import Contact, Profile, User


def make_member(username: str, *, is_public: bool = True, **profile: Any) -> User:
    user = User.objects.create_user(username, f"{username}@example.com", "secret")
    if profile:
        Profile.objects.filter(user=user).update(**profile)
    if is_public:
        set_public(user, True)
    # Without the profile that creating it has left there.
    return User.objects.get(pk=user.pk)


def logged_in(user: User) -> Client:
    """On a device of their own, with the row that the shop's login leaves of it."""
    client = Client()
    client.force_login(user)
    key = client.session.session_key
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1", user_agent="")
    return client


def counts_of(user: User) -> tuple[int, int]:
    """Followers, and how many they follow."""
    return Profile.objects.values_list("followers", "following").get(user=user)


def counts_are_right() -> bool:
    """Whether all counts are what the contacts say, counted one by one."""
    public = set(Profile.objects.filter(is_public=True).values_list("user", flat=True))
    contacts = list(Contact.objects.values_list("user_from", "user_to"))
    return all(
        (profile.followers, profile.following)
        == (
            sum(to == profile.user_id and by in public for by, to in contacts),
            sum(by == profile.user_id and to in public for by, to in contacts),
        )
        for profile in Profile.objects.all()
    )
