"""Where the pictures of members lie: at addresses that lead nowhere once a member hides."""

from social.models import Profile
from social.models.profiles import picture_path


def move(user_id: int) -> None:
    """Give a hidden member's picture a new address: the one that others know is dead then."""
    profile = Profile.objects.filter(user=user_id, is_public=False).exclude(picture="").first()
    if profile is None:
        return
    storage, old = profile.picture.storage, profile.picture.name
    with storage.open(old) as file:
        new = storage.save(picture_path(profile, ""), file)
    # Of two who do this at once, or beside one who chooses another picture, one does it.
    is_moved = Profile.objects.filter(pk=profile.pk, picture=old).update(picture=new)
    storage.delete(old if is_moved else new)
