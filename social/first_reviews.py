"""The newest reviews of a product and how many stars were given: one statement, kept.

With their pictures and what is shown of their authors; of the account no more than that.
"""

from collections.abc import Mapping

from django.contrib.auth import get_user_model

from catalog import kept
from catalog.joined import Joined, join
from social.models import Profile, Review, ReviewPicture
from social.models.reviews import MOST_STARS

EVERY_NUMBER_OF_STARS = range(MOST_STARS, 0, -1)
# Reviews, and how many of all have each number of stars.
Found = tuple[list[Review], Mapping[int, int]]

READ = Joined(
    {"review": Review, "writer": get_user_model(), "profile": Profile, "picture": ReviewPicture},
    only={"writer": ("id", "username", "is_active")},
)
COUNTS = ", ".join(
    f"COUNT(CASE WHEN stars = {stars} THEN 1 END) OVER () AS of_{stars}"
    for stars in EVERY_NUMBER_OF_STARS
)
NEWEST = f"""
    SELECT {{columns}}, {", ".join(f"review.of_{stars}" for stars in EVERY_NUMBER_OF_STARS)}
    FROM (
        SELECT *, {COUNTS} FROM social_review
        WHERE product_id = %(product)s AND state = '{Review.State.APPROVED}'
        ORDER BY created DESC, id DESC LIMIT %(most)s
    ) review
    JOIN social_user writer ON writer.id = review.user_id
    LEFT JOIN social_profile profile ON profile.user_id = writer.id
    LEFT JOIN social_reviewpicture picture ON picture.review_id = review.id
    ORDER BY review.created DESC, review.id DESC, picture.id
"""  # noqa: S608 - names and numbers of our own


def of(product: int, most: int) -> Found:
    """So many at most, the newest first. Nothing of it may be changed by who gets it."""
    return kept.get(("first reviews", product, most), lambda: _read(product, most))


def _read(product: int, most: int) -> Found:
    kept.shows(f"product:{product}")
    counts = dict.fromkeys(EVERY_NUMBER_OF_STARS, 0)
    pictures: dict[Review, list[ReviewPicture]] = {}
    sql = NEWEST.format(columns=READ.columns)
    for review, writer, profile, picture, *numbers in READ.read(
        sql, {"product": product, "most": most}
    ):
        join(review, user=writer)
        # Whoever asks for the profile of somebody who has none is told so without a query.
        join(writer, profile=profile)
        if profile is not None:
            join(profile, user=writer)
        if picture is not None:
            join(picture, review=review)
        of_review = pictures.setdefault(review, [])
        if picture is not None:
            of_review.append(picture)
        counts = dict(zip(EVERY_NUMBER_OF_STARS, numbers, strict=True))
    for review, found in pictures.items():
        review._prefetched_objects_cache = {"pictures": _known(review, found)}
    return list(pictures), counts


def _known(review: Review, found: list[ReviewPicture]):
    """What ``review.pictures.all()`` answers with, as ``prefetch_related`` leaves it."""
    rows = review.pictures.all()
    rows._result_cache = found
    rows._prefetch_done = True
    return rows
