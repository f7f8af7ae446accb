"""Members: who writes reviews, and one who follows people who do something all the time."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType

from catalog.models import Product, ProductPage
from social.models import Action, Contact, Like, Profile, Review, User

MEMBERS = 200
# Whom the reader of the stream follows, and what each of these did.
FOLLOWED, LIKES, REVIEWS, FOLLOWS = 40, 6, 3, 2
READER = "reader"


def members() -> list[int]:
    """Make them; return their keys. None of them can log in."""
    names = [READER, *(f"member-{number}" for number in range(1, MEMBERS))]
    users = User.objects.bulk_create(
        User(username=name, email=f"{name}@example.com", password="!")  # noqa: S106
        for name in names
    )
    Profile.objects.bulk_create(
        Profile(user=user, name=user.username.replace("-", " ").title(), is_public=True)
        for user in users
    )
    return [user.pk for user in users]


def act(keys: list[int]) -> None:
    """Let the reader follow some of the others, who like, review and follow in turns."""
    reader, *others = keys
    followed = others[:FOLLOWED]
    Contact.objects.bulk_create(Contact(user_from_id=reader, user_to_id=key) for key in followed)
    Profile.objects.filter(user=reader).update(following=len(followed))
    Profile.objects.filter(user__in=followed).update(followers=1)
    liked = _likes(followed)
    reviewed = _reviews(followed)
    contacts = [
        (key, Action.Verb.FOLLOWS, User, others[FOLLOWED + (place + turn) % FOLLOWED])
        for place, key in enumerate(followed)
        for turn in range(FOLLOWS)
    ]
    Contact.objects.bulk_create(
        Contact(user_from_id=key, user_to_id=target) for key, _verb, _model, target in contacts
    )
    # Mixed, as of people who act at the same time.
    told = sorted([*liked, *reviewed, *contacts], key=lambda one: (one[3] * 7_919 + one[0]) % 1_009)
    types = {model: ContentType.objects.get_for_model(model) for model in (Product, Review, User)}
    Action.objects.bulk_create(
        Action(user_id=key, verb=verb, target_type=types[model], target_id=target)
        for key, verb, model, target in told
    )


def _likes(followed: list[int]) -> list[tuple[int, str, Any, int]]:
    pages = ProductPage.objects.live().order_by("pk")
    products = list(pages.values_list("product", flat=True)[: LIKES * 10])
    likes = [
        Like(user_id=key, product_id=product)
        for place, key in enumerate(followed)
        for product in {products[(place * 3 + turn * 5) % len(products)] for turn in range(LIKES)}
    ]
    Like.objects.bulk_create(likes)
    return [(like.user_id, Action.Verb.LIKES, Product, like.product_id) for like in likes]


def _reviews(followed: list[int]) -> list[tuple[int, str, Any, int]]:
    found = []
    for key in followed:
        reviews = Review.objects.filter(user=key, product__pages__live=True).order_by("pk")
        found += [(key, Action.Verb.REVIEWED, Review, review.pk) for review in reviews[:REVIEWS]]
    return found


def session_of_reader() -> str:
    """The key of a session in which the reader is logged in."""
    from django.test import Client

    client = Client()
    client.force_login(
        User.objects.get(username=READER), "django.contrib.auth.backends.ModelBackend"
    )
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    # What the shop's own login leaves of it, by which session and member are read together.
    UserSession.objects.create(
        user_id=client.session[SESSION_KEY], session_key=key, ip="127.0.0.1", user_agent=""
    )
    return key
