"""Two who sign up at the same moment."""

import threading

import pytest
from allauth.account import views as allauth_views
from django.db import IntegrityError
from django.test import Client

from orders.tests.test_races import race
from social.entrance import SignUp
from social.models import User
from social.tests.accounts import sign_up
from social.tests.test_accounts import errors


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_who_sign_up_at_once_one_has_the_name(monkeypatch, guarded):
    both_are_valid = threading.Barrier(2)
    form_valid = SignUp.form_valid if guarded else allauth_views.SignupView.form_valid

    def meet(self, form):
        both_are_valid.wait(timeout=30)
        return form_valid(self, form)

    monkeypatch.setattr(SignUp, "form_valid", meet)

    answers = race(lambda number: sign_up(Client(), email=f"{number}@example.com"), 2)

    assert User.objects.count() == 1
    told = [answer for answer in answers if getattr(answer, "status_code", 0) == 200]
    if guarded:
        assert errors(told[0]) == {"username": ["Somebody already has this name."]}
    else:
        assert IntegrityError in {type(one) for one in answers}
