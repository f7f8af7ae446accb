from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from catalog.models import ProductPage
from catalog.tests.factories import make_page
from home import tasks

pytestmark = pytest.mark.django_db


def test_what_is_scheduled_goes_live_at_its_moment(monkeypatch):
    page = make_page("Dune", live=False)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    tasks.publish_scheduled()
    assert not ProductPage.objects.get().live

    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    tasks.publish_scheduled()

    assert ProductPage.objects.get().live


def test_ended_sessions_are_forgotten_and_others_kept():
    now = timezone.now()
    Session.objects.create(session_key="old", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", expire_date=now + timedelta(days=1))

    tasks.clear_sessions()

    assert [session.session_key for session in Session.objects.all()] == ["new"]
