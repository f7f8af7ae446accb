"""The people of the demo shop: who they are, whom they follow, what they like, wish and say.

Written in bulk, spread over the past three months, and counted by the parts' own recounts. Who
is who is written down; who likes what is drawn, the same each time. Nobody has a password.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models import Product, Sku
from home.demo.desk import EMPLOYEE
from home.demo.drawing.faces import portrait
from home.demo.members import (
    FACES,
    PEOPLE,
    POPULAR,
    SHOW_PURCHASES,
    WAITING,
    WISH_LISTS,
    Person,
)
from home.demo.opinions import opinions
from orders.models import BackInStock
from social import contacts, likes, reviews
from social.models import Action, Contact, Like, Profile, Review, User, WishList, WishListItem

FACE = 512
FACE_QUALITY = 82
LANGUAGE = "en"
DAY = timedelta(days=1)
# How many of the others somebody follows, and how many products they like.
FOLLOWS = (2, 7)
LIKES = (9, 24)


@dataclass(frozen=True)
class Moment:
    """Something that somebody did, for the stream."""

    at: datetime
    user: User
    verb: str
    target: models.Model | None = None


def faces(side: int = FACE) -> dict[str, bytes]:
    """A picture of each who wants to be seen, by their names; slow, so drawn beforehand."""
    names = [one.username for one in PEOPLE if one.is_public]
    return {name: _webp(FACES.get(name, name), side) for name in names}


def known() -> User | None:
    """Somebody of these who has an account already."""
    names = [EMPLOYEE, *(one.username for one in PEOPLE)]
    return User.objects.filter(
        Q(username__in=names) | Q(email__in=[_email(name) for name in names])
    ).first()


def _email(username: str) -> str:
    return f"{username}@example.com"


def _webp(seed: str, side: int) -> bytes:
    file = io.BytesIO()
    portrait(seed, side).save(file, "WEBP", quality=FACE_QUALITY)
    return file.getvalue()


def move_in(
    products: Mapping[str, Product],
    pictures: Mapping[str, bytes],
    trade: Callable[[dict[str, User]], object],
) -> dict[str, User]:
    """Write everybody and all that they did; ``products`` by their codes. Returns them by name.

    ``trade`` lets those who have accounts, and others, buy.
    """
    crowd = _Crowd(products)
    crowd.open_accounts(pictures)
    trade(crowd.users)
    happened = [
        *_bought(),
        *crowd.join(),
        *crowd.follow(),
        *crowd.like(),
        *crowd.review(),
        *crowd.wish(),
    ]
    _write_stream(happened)
    crowd.wait()
    contacts.recount()
    likes.recount()
    reviews.recount_all()
    return crowd.users


class _Crowd:
    def __init__(self, products: Mapping[str, Product]) -> None:
        self.products = products
        self.now = timezone.now()
        self.rng = Random("people")  # noqa: S311 - the same people every time
        self.users: dict[str, User] = {}

    def open_accounts(self, pictures: Mapping[str, bytes]) -> None:
        users = User.objects.bulk_create(
            User(
                username=one.username,
                email=_email(one.username),
                password=make_password(None),
                date_joined=self._ago(one.days),
            )
            for one in PEOPLE
        )
        self.users = {user.username: user for user in users}
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, primary=True, verified=True)
            for user in self.users.values()
        )
        Profile.objects.bulk_create(self._profile(one, pictures) for one in PEOPLE)

    def _profile(self, one: Person, pictures: Mapping[str, bytes]) -> Profile:
        picture = pictures.get(one.username)
        return Profile(
            user=self.users[one.username],
            name=one.name,
            about=one.about,
            is_public=one.is_public,
            shows_purchases=one.username in SHOW_PURCHASES,
            picture=ContentFile(picture, name="face.webp") if picture else "",
            created=self.users[one.username].date_joined,
        )

    def join(self) -> Iterator[Moment]:
        for user in self.users.values():
            yield Moment(user.date_joined, user, Action.Verb.JOINED)

    def follow(self) -> list[Moment]:
        """Some of whom many follow, and some of the others; nobody before both were there."""
        pairs = []
        for user in self.users.values():
            others = [name for name in self.users if name != user.username]
            found = self.rng.sample(others, self.rng.randint(*FOLLOWS))
            liked = [name for name in POPULAR if self.rng.random() < 0.6 and name in others]
            for name in dict.fromkeys([*liked, *found]):
                other = self.users[name]
                pairs.append((user, other, self._since(user, other.date_joined)))
        Contact.objects.bulk_create(
            Contact(user_from=user, user_to=other, created=at) for user, other, at in pairs
        )
        return [Moment(at, user, Action.Verb.FOLLOWS, other) for user, other, at in pairs]

    def like(self) -> list[Moment]:
        codes = list(self.products)
        # The first ones are liked most, as it is in any shop.
        weights = [1 / (place + 6) for place in range(len(codes))]
        pairs = []
        for user in self.users.values():
            wanted = self.rng.randint(*LIKES)
            chosen = dict.fromkeys(self.rng.choices(codes, weights, k=wanted))
            pairs += [(user, self.products[code], self._since(user)) for code in chosen]
        Like.objects.bulk_create(
            Like(user=user, product=product, created=at) for user, product, at in pairs
        )
        return [Moment(at, user, Action.Verb.LIKES, product) for user, product, at in pairs]

    def review(self) -> list[Moment]:
        rows = []
        for one in opinions():
            written = self._ago(one.days)
            rows.append(
                Review(
                    user=self.users[one.username],
                    product=self.products[one.code],
                    stars=one.stars,
                    title=one.title,
                    text=one.text,
                    language=LANGUAGE,
                    state=one.state,
                    reply=one.reply,
                    is_bought_here=reviews.has_bought(
                        self.users[one.username], self.products[one.code]
                    ),
                    replied=min(written + DAY, self.now) if one.reply else None,
                    created=written,
                    changed=written,
                )
            )
        kept = Review.objects.bulk_create(rows)
        shown = (one for one in kept if one.state == Review.State.APPROVED)
        return [Moment(one.created, one.user, Action.Verb.REVIEWED, one) for one in shown]

    def wish(self) -> list[Moment]:
        wanted = []
        for username, name, is_shared, codes in WISH_LISTS:
            user = self.users[username]
            moments = sorted(self._since(user) for _code in codes)
            row = WishList(user=user, name=name, is_shared=is_shared, created=moments[0])
            wanted.append((row, list(zip(codes, moments, strict=True))))
        WishList.objects.bulk_create(row for row, _things in wanted)
        items = WishListItem.objects.bulk_create(
            WishListItem(wish_list=row, product=self.products[code], added=at)
            for row, things in wanted
            for code, at in things
        )
        return [Moment(one.added, one.wish_list.user, Action.Verb.WISHED, one) for one in items]

    def wait(self) -> None:
        """For what is sold out; nobody reads of it in the stream."""
        skus = {sku.code: sku for sku in Sku.objects.filter(product__in=self.products.values())}
        BackInStock.objects.bulk_create(
            BackInStock(
                sku=skus[code],
                user=self.users[username],
                email=self.users[username].email,
                language=LANGUAGE,
                created=self._ago(days),
            )
            for code, username, days in WAITING
        )

    def _ago(self, days: int) -> datetime:
        """On about that day."""
        return self.now - days * DAY + self.rng.random() * DAY / 2 - DAY / 2

    def _since(self, user: User, other: datetime | None = None) -> datetime:
        """Some time after somebody came, and after something else was there."""
        begin = max(user.date_joined, other or user.date_joined)
        return begin + self.rng.random() * (self.now - begin)


def _bought() -> list[Moment]:
    """What the trade has told, taken back to be told in its place among all else."""
    told = Action.objects.filter(verb=Action.Verb.BOUGHT)
    found = [Moment(one.created, one.user, one.verb, one.target) for one in told]
    told.delete()
    return found


def _write_stream(happened: Iterable[Moment]) -> None:
    """In the order in which it happened: the newest has the highest number."""
    kinds = ContentType.objects.get_for_models(User, Product, Review, WishListItem)
    Action.objects.bulk_create(
        Action(
            user=one.user,
            verb=one.verb,
            target_type=kinds[type(one.target)] if one.target else None,
            target_id=one.target.pk if one.target else None,
            created=one.at,
        )
        for one in sorted(happened, key=lambda one: one.at)
    )
