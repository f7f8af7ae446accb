"""Members to test with."""

import pytest
from allauth.account.models import EmailAddress

from social.tests.marked_member import EMAIL, MARKER

PROFILE = {"username": "ada", "name": "Ada L.", "about": "I count."}


@pytest.fixture
def member(client, django_user_model):
    """Ada, logged in with ``client``."""
    user = django_user_model.objects.create_user(
        "ada", "ada@example.com", "secret", first_name="Ada", last_name="Lovelace"
    )
    client.force_login(user)
    return user


@pytest.fixture
def other(django_user_model):
    return django_user_model.objects.create_user("bob", "bob@example.com", "secret")


@pytest.fixture
def marked(django_user_model):
    """A member whose names and address can be told from everything else (marked_member)."""
    user = django_user_model.objects.create_user(
        MARKER, EMAIL, "secret", first_name=MARKER, last_name=MARKER
    )
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    return user


@pytest.fixture
def media(tmp_path, settings):
    """A folder for uploads that is the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def send_profile(client, django_capture_on_commit_callbacks):
    """Send the form of the profile, with what is told changed, and let the transaction end."""

    def send(picture=None, **typed):
        data = {**PROFILE, **typed} | ({"picture": picture} if picture else {})
        with django_capture_on_commit_callbacks(execute=True):
            return client.post("/account/profile/", data)

    return send
