"""Mails about accounts as the merchant sees them: words, examples, and what is no longer true."""

import pytest
from django.utils import translation

from orders.mails import example, rendering
from orders.mails.kinds import KINDS
from orders.mails.texts import words_for
from orders.models import MailText, Outbox
from social import account_mail_kinds as kinds
from social import account_mails
from social.tests.accounts import mails, member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
@pytest.mark.parametrize("kind", kinds.ALL, ids=lambda kind: kind.slug)
def test_each_has_an_example_whose_words_can_all_be_filled_in(kind, language):
    letter = example.letter(KINDS[kind.slug], language, "kim@example.com")

    rendered = rendering.render(letter)

    assert "{" not in rendered.subject + rendered.text
    assert rendered.subject
    assert ("http://localhost:8000/\n" in rendered.text) == bool(kind.button)
    assert set(letter.words) | {"shop"} == set(kind.words)


def test_the_merchants_own_words_are_sent():
    member()
    MailText.objects.create(
        kind="account_reset",
        language="en",
        subject="Hello {name}",
        heading="H",
        text="T",
        closing="C",
    )
    account_mails.owe("account/email/unknown_account", "x@example.com", {})
    with translation.override("ko"):
        account_mails.owe("account/email/unknown_account", "y@example.com", {})

    languages = [message.extra_headers["Content-Language"] for message in mails()]

    assert languages == ["en", "ko"]
    assert words_for(kinds.RESET, "en").subject == "Hello {name}"


def test_news_to_nobody_is_not_sent():
    user = member()
    context = {"user": user, "user_agent": "x"}
    for template, kind in account_mails.KIND_OF.items():
        if kind in kinds.NEWS:
            account_mails.owe(template, user.email, context)
    user.is_active = False
    user.save()

    assert mails() == []
    assert Outbox.objects.filter(state=Outbox.State.DROPPED).count() == 7


def test_mails_that_the_shop_does_not_know_are_not_owed():
    account_mails.owe("account/email/login_code", "ada@example.com", {"code": "1"})

    assert not Outbox.objects.exists()
