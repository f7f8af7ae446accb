"""Who gets the newsletter: nobody before they have confirmed."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from orders import outbox
from orders.models import Outbox
from orders.tests.test_races import race
from social.models import Subscriber
from social.newsletter import subscribing
from social.tests.newsletters import make_index, make_subscriber

pytestmark = pytest.mark.django_db

State = Subscriber.State
ASK = "/subscriptions/"
SAME_ORIGIN = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def sign_up(client, email="Ada@example.com", **values):
    return client.post(ASK, {"email": email, **values}, **SAME_ORIGIN)


def link_in(message) -> str:
    return re.search(r"http://localhost:8000(/\S+)", message.body)[1]


def test_the_mail_leads_to_a_page_and_only_its_button_confirms(client):
    assert sign_up(client).url == reverse("newsletter:asked")
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.confirmed) == (State.ASKED, None)

    outbox.drain()
    assert [message.to for message in mail.outbox] == [["Ada@example.com"]]
    link = link_in(mail.outbox[0])
    assert "Yes, send it to me" in client.get(link).content.decode()
    subscriber.refresh_from_db()
    assert subscriber.state == State.ASKED

    assert client.post(link).url == link
    subscriber.refresh_from_db()
    assert subscriber.state == State.CONFIRMED
    assert subscriber.confirmed is not None
    assert "You get the newsletter" in client.get(link).content.decode()


def test_a_link_that_is_used_twice_changes_nothing(client):
    subscriber = make_subscriber()
    before = subscriber.confirmed

    client.post(reverse("newsletter:confirm", args=[subscriber.key]))

    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.confirmed) == (State.CONFIRMED, before)


def test_the_answer_is_the_same_for_an_address_that_is_known_and_nothing_is_sent_to_it(client):
    make_subscriber("ada@example.com")
    answers = [sign_up(client, email) for email in ("ADA@example.com", "new@example.com")]

    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, "/subscriptions/asked/")
    }
    assert [row.payload["subscriber"] for row in Outbox.objects.all()] == [
        Subscriber.objects.get(email="new@example.com").pk
    ]


def test_one_address_gets_three_mails_an_hour_at_most():
    for _time in range(5):
        subscribing.ask("ada@example.com", "en")

    assert Outbox.objects.count() == 3
    assert Subscriber.objects.count() == 1


def test_one_place_asks_twenty_times_an_hour(client):
    answers = [sign_up(client, f"reader{number}@example.com") for number in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert "we take no more for now" in answers[-1].content.decode()
    assert 'value="reader20@example.com"' in answers[-1].content.decode()
    assert Subscriber.objects.count() == 20


def test_a_form_that_seems_filled_in_by_a_program_is_asked_again_and_loses_nothing(client):
    answer = sign_up(client, "ada@example.com", website="spam")

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "as if a program had filled it in" in text
    assert 'value="ada@example.com"' in text
    assert "spam" not in text
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "ada", "a\x00da@example.com", "a" * 300 + "@example.com", "x" * 1_000_000]
)
def test_what_is_no_address_comes_back_with_a_sentence(client, email):
    answer = sign_up(client, email)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_another_site_cannot_sign_anybody_up(client):
    answer = client.post(ASK, {"email": "a@example.com"}, HTTP_SEC_FETCH_SITE="cross-site")

    assert answer.status_code == 403
    assert client.get(ASK).status_code in (403, 405)


def test_a_script_gets_the_forms_own_place_without_a_cookie(client):
    answer = client.post(
        ASK, {"email": "nobody", "place": "footer"}, HTTP_HX_REQUEST="true", **SAME_ORIGIN
    )
    text = answer.content.decode()
    assert (answer.status_code, answer.cookies.output()) == (200, "")
    assert 'id="signup-footer"' in text
    assert 'value="nobody"' in text
    assert "<html" not in text

    values = {"email": "a@example.com", "place": "footer"}
    answer = client.post(ASK, values, HTTP_HX_REQUEST="true", **SAME_ORIGIN)
    assert "a mail is on its way" in answer.content.decode()
    assert Subscriber.objects.get().email == "a@example.com"


def test_one_click_leaves_without_login_cookie_or_token(client):
    subscriber = make_subscriber()
    url = reverse("newsletter:leave", args=[subscriber.key])

    assert "No more newsletter?" in client.get(url).content.decode()
    subscriber.refresh_from_db()
    assert subscriber.state == State.CONFIRMED

    strict = type(client)(enforce_csrf_checks=True)
    for _time in range(2):
        answer = strict.post(url, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    subscriber.refresh_from_db()
    assert subscriber.state == State.LEFT
    assert subscriber.left is not None


def test_whoever_left_can_change_their_mind_on_the_same_page(client):
    subscriber = make_subscriber(state=State.LEFT, left=timezone.now())
    answer = client.get(reverse("newsletter:leave", args=[subscriber.key]))
    back = reverse("newsletter:confirm", args=[subscriber.key])
    assert f'action="{back}"' in answer.content.decode()

    client.post(back)

    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.left) == (State.CONFIRMED, None)


def test_whoever_left_and_asks_again_comes_back_only_by_confirming(client):
    subscriber = make_subscriber("ada@example.com", state=State.LEFT, left=timezone.now())

    sign_up(client, "ada@example.com")

    subscriber.refresh_from_db()
    assert subscriber.state == State.ASKED
    outbox.drain()
    client.post(link_in(mail.outbox[0]))
    subscriber.refresh_from_db()
    assert subscriber.state == State.CONFIRMED


@pytest.mark.parametrize("key", ["nobody", "%00", "9" * 30, "a" * 2000])
def test_a_key_that_is_nobodys_tells_so(client, key):
    assert client.get(f"/subscriptions/{key}/").status_code == 404
    assert client.post(f"/subscriptions/{key}/").status_code == 404
    assert client.get(f"/subscriptions/{key}/leave/").status_code == 200
    assert client.post(f"/subscriptions/{key}/leave/").status_code == 200


def test_no_page_with_a_key_tells_it_to_others(client):
    subscriber = make_subscriber()
    for name in ("confirm", "leave"):
        answer = client.get(reverse(f"newsletter:{name}", args=[subscriber.key]))
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.content.decode()


def test_an_ask_of_more_than_thirty_days_counts_no_more_and_is_deleted(client):
    long_ago = timezone.now() - timedelta(days=31)
    old = make_subscriber(state=State.ASKED, created=long_ago, confirmed=None)
    returning = make_subscriber(state=State.ASKED, created=long_ago, left=long_ago)
    young = make_subscriber(state=State.ASKED, confirmed=None)
    confirmed = make_subscriber(created=long_ago)
    assert client.post(reverse("newsletter:confirm", args=[old.key])).status_code == 404

    assert subscribing.forget_unconfirmed() == 1

    kept = dict(Subscriber.objects.values_list("pk", "state"))
    assert kept == {
        returning.pk: State.LEFT,
        young.pk: State.ASKED,
        confirmed.pk: State.CONFIRMED,
    }


def test_a_mail_that_is_no_longer_needed_is_not_sent():
    subscribing.ask("ada@example.com", "en")
    subscribing.confirm(Subscriber.objects.get().key)

    outbox.drain()

    assert mail.outbox == []
    assert Outbox.objects.get().state == Outbox.State.DROPPED


@pytest.fixture
def member(django_user_model):
    return django_user_model.objects.create_user("ada", "ada@example.com", "secret")


def prove(user):
    return EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def test_a_member_whose_address_is_proven_needs_no_mail(member):
    prove(member)

    subscriber = subscribing.subscribe_member(member, "ko")

    assert (subscriber.state, subscriber.user, subscriber.language) == (
        State.CONFIRMED,
        member,
        "ko",
    )
    assert subscriber.confirmed is not None
    assert not Outbox.objects.exists()
    assert subscribing.of(member) == subscriber
    first = subscriber.confirmed
    assert subscribing.subscribe_member(member, "en").confirmed == first


def test_a_member_whose_address_is_not_proven_confirms_by_mail(member):
    subscriber = subscribing.subscribe_member(member, "en")

    assert (subscriber.state, subscriber.user) == (State.ASKED, member)
    assert Outbox.objects.count() == 1


def test_a_member_sees_no_subscription_of_an_address_that_is_not_proven(member):
    make_subscriber("ADA@example.com")
    assert subscribing.of(member) is None

    prove(member)
    assert subscribing.of(member).email == "ADA@example.com"


def test_confirming_finds_the_member_whose_address_it_is(member):
    subscribing.ask("ADA@example.com", "en")

    assert subscribing.confirm(Subscriber.objects.get().key).user == member


def test_the_words_of_the_mail_can_be_edited_and_tried(admin_client):
    page = admin_client.get(
        reverse("shop_mail_texts:edit", args=[subscribing.CONFIRM, "en"])
    ).content.decode()
    assert "the newsletter of {shop}" in page
    html = admin_client.get(reverse("shop_mail_texts:html", args=[subscribing.CONFIRM, "en"]))
    assert "Confirm my address" in html.content.decode()


def test_the_page_to_sign_up_is_the_same_for_all_and_sets_no_cookie(client, admin_client):
    page = make_index()

    answer = client.get(page.url)
    assert answer.cookies.output() == ""
    assert 'id="signup-page-email"' in answer.content.decode()
    assert answer.content == admin_client.get(page.url).content


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_who_ask_for_one_address_at_once_make_one_row():
    results = race(lambda _: subscribing.ask("ada@example.com", "en"), 8)

    assert results == [None] * 8
    assert Subscriber.objects.count() == 1
    assert Outbox.objects.count() <= 3
