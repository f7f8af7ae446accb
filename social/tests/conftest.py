"""Members to test with."""

import pytest


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
