"""Members who review a product, for the tests of reviews."""

from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from PIL import Image

from catalog.tests.factories import make_page
from social import reviews
from social.models import Profile, Review, User
from social.pictures import made_anew

_numbers = count(1)


def make_member(username: str = "", *, is_public: bool = False, **profile: Any) -> User:
    username = username or f"member{next(_numbers)}"
    user = get_user_model().objects.create_user(username, f"{username}@example.com", "secret")
    Profile.objects.filter(user=user).update(is_public=is_public, **profile)
    return get_user_model().objects.get(pk=user.pk)


def picture(colour: str = "teal", size: tuple[int, int] = (600, 400)) -> ContentFile:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return ContentFile(file.getvalue(), "uploaded.png")


def made_picture(colour: str = "teal") -> ContentFile:
    return made_anew(picture(colour), 1600)


def make_review(product: Any = None, user: User | None = None, **fields: Any) -> Review:
    """A review by somebody, approved unless told otherwise."""
    is_approved = fields.pop("is_approved", True)
    product = product or make_page().product
    given = {"stars": 4, "text": "Fine paper, deep colours.", "language": "en", **fields}
    review = reviews.write(user or make_member(), getattr(product, "product", product), **given)
    return reviews.approve(review) if is_approved else review
