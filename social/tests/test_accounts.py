"""Signing up, proving an address, logging in and out."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.test import Client
from django.utils import timezone

from orders.models import Outbox
from social.models import Action, User
from social.tests.accounts import (
    NEWCOMER,
    PASSWORD,
    link,
    log_in,
    logged_in,
    mails,
    member,
    sign_up,
)

pytestmark = pytest.mark.django_db
SENT = "/account/confirm-email/"


def page(response):
    return response.content.decode()


def errors(response):
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


def test_a_newcomer_signs_up_proves_the_address_and_is_in(client):
    assert sign_up(client, next="/cart/").url == SENT
    assert "look into your mail" in page(client.get(SENT))
    [message] = mails()
    assert message.to == ["ada@example.com"]
    assert "Welcome, ada" in message.body

    asked = client.get(link(message))
    assert "<strong>ada@example.com</strong>" in page(asked)
    assert not EmailAddress.objects.get().verified, "a look at the link proves nothing"

    assert client.post(link(message)).url == "/cart/"
    user = User.objects.get()
    assert client.get("/account/").context["user"] == user
    assert EmailAddress.objects.get().verified
    assert not user.profile.is_public
    assert [action.verb for action in Action.objects.filter(user=user)] == ["joined"]


def test_in_another_browser_the_address_is_proven_but_nobody_is_logged_in(client):
    sign_up(client)
    [message] = mails()

    answer = Client().post(link(message), {"password": PASSWORD})
    assert answer.url == "/account/login/"

    assert EmailAddress.objects.get().verified
    assert log_in(client).url == "/account/"


def test_a_link_in_another_browser_asks_for_the_password_that_was_chosen(client):
    """Or a stranger could have somebody prove an address for an account of the stranger's."""
    sign_up(client)
    (message,) = mails()
    victim = Client()

    asked = victim.get(link(message))
    wrong = victim.post(link(message), {"password": "not it"})
    nothing = victim.post(link(message))

    assert 'name="password"' in page(asked)
    assert 'name="password"' not in page(client.get(link(message)))
    assert (wrong.status_code, nothing.status_code) == (422, 422)
    assert "This is not the password of the account." in page(wrong)
    assert not EmailAddress.objects.filter(verified=True)


def test_nobody_tries_passwords_at_a_link_for_long(client):
    sign_up(client)
    (message,) = mails()
    victim = Client()

    answers = [victim.post(link(message), {"password": str(turn)}) for turn in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


def test_a_link_that_was_used_says_so_whatever_is_pressed(client):
    sign_up(client)
    [message] = mails()
    client.post(link(message))

    for again in (client.get(link(message)), Client().post(link(message))):
        assert "This link does not work any more" in page(again)


@pytest.mark.parametrize("key", ["nonsense", "Mg:1wabc:xyz", "ключ", "1" * 3_000])
def test_a_forged_link_opens_nothing(client, key):
    for answer in (client.get(f"{SENT}{key}/"), client.post(f"{SENT}{key}/")):
        assert "This link does not work any more" in page(answer)


def test_without_proof_nobody_gets_in_and_the_mail_comes_again(client, monkeypatch):
    sign_up(client)
    first = mails()

    assert log_in(Client()).url == SENT
    assert mails() == [], "one has just been sent"
    later = timezone.now().timestamp() + 181
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)
    answer = log_in(client, "ada@example.com")

    assert answer.url == SENT
    [again] = mails()
    assert again.to == ["ada@example.com"]
    assert again.extra_headers["Message-ID"] != first[0].extra_headers["Message-ID"]
    assert "We have sent a mail to ada@example.com." in page(client.get(SENT))


def test_the_page_after_sign_up_sends_again_and_says_the_same_to_everybody(client, monkeypatch):
    member("grace")
    sign_up(client)
    other = Client()
    sign_up(other, email="grace@example.com", username="other")
    assert len(mails()) == 2
    later = timezone.now().timestamp() + 181
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)

    answers = [page(one.post(SENT, follow=True)) for one in (client, other)]

    assert all("Another mail is on its way" in answer for answer in answers)
    assert [message.subject for message in mails()] == [
        "Please confirm your email address at Storefront",
        "You already have an account at Storefront",
    ]
    assert Client().post(SENT).url == "/account/login/"


def test_the_same_answers_for_an_address_that_has_an_account(client):
    member("grace")
    known, unknown = Client(), Client()

    had = sign_up(known, email="GRACE@example.com", username="grace2")
    new = sign_up(unknown)

    assert had.status_code == new.status_code == 302
    assert had.url == new.url == SENT
    assert had.cookies.keys() == new.cookies.keys()
    texts = [
        page(one.get(SENT)).replace(one.cookies["csrftoken"].value, "") for one in (known, unknown)
    ]
    assert len(texts[0]) == len(texts[1])
    assert not User.objects.filter(username="grace2")
    to = {message.to[0]: message.body for message in mails()}
    assert "You already have an account" in to["grace@example.com"]
    assert "/account/password/reset/" in to["grace@example.com"]


@pytest.fixture
def hashed(monkeypatch, settings):
    """How many passwords were hashed, which is what takes time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1)
    calls = []
    encode = PBKDF2PasswordHasher.encode

    def counted(self, password, salt, iterations=None):
        calls.append(password)
        return encode(self, password, salt, iterations)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    return calls


def hashes_of(hashed, act):
    hashed.clear()
    act()
    return len(hashed)


def test_login_and_sign_up_take_as_long_with_and_without_an_account(hashed):
    member("grace")

    def counts(known, unknown):
        return hashes_of(hashed, known), hashes_of(hashed, unknown)

    by_address = counts(
        lambda: log_in(Client(), "grace@example.com", "wrong"),
        lambda: log_in(Client(), "nobody@example.com", "wrong"),
    )
    by_name = counts(
        lambda: log_in(Client(), "grace", "wrong"), lambda: log_in(Client(), "nobody", "wrong")
    )
    newcomers = counts(
        lambda: sign_up(Client(), email="grace@example.com", username="someone"),
        lambda: sign_up(Client()),
    )

    assert by_address == (1, 1)
    assert by_name == (2, 2)
    assert newcomers == (1, 1)


def test_a_wrong_password_says_the_same_of_everybody(client):
    member()

    for login in ("ada@example.com", "nobody@example.com"):
        answer = log_in(client, login, "wrong")
        assert errors(answer) == {
            "__all__": ["This email address and this password do not go together."]
        }
        assert f'value="{login}"' in page(answer)
        assert "wrong" not in page(answer)


@pytest.mark.parametrize("login", ["ada", "ADA", "ada@example.com", "Ada@Example.com ", "ａｄａ"])
def test_a_name_or_an_address_lets_in_whatever_its_capitals(client, login):
    member()

    assert log_in(client, login).url == "/account/"


def test_a_name_that_is_anothers_address_lets_nobody_in_as_them(client):
    member()
    User.objects.create_user("ada@example.com", "eve@example.com", "the secret of eve")

    assert log_in(client, "ada@example.com", "the secret of eve").status_code == 200
    assert log_in(client, "ada@example.com").url == "/account/"
    assert client.get("/account/").context["user"].username == "ada"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"username": "ab"}, "username", "at least 3"),
        ({"username": "a" * 151}, "username", "at most 150"),
        ({"username": "㌍" * 40}, "username", "at most 150"),
        ({"username": "ada@home"}, "username", "no spaces and no @"),
        ({"username": "ada lovelace"}, "username", "no spaces and no @"),
        ({"username": "..."}, "username", "begins with a letter"),
        ({"username": "a\x00da"}, "username", "Null characters"),
        ({"username": "Admin"}, "username", "reserved"),
        ({"username": "ｒｏｏｔ"}, "username", "reserved"),
        ({"username": "GRACE"}, "username", "Somebody already has this name."),
        ({"username": "ｇｒａｃｅ"}, "username", "Somebody already has this name."),
        ({"email": "ada"}, "email", "valid email"),
        ({"email": f"ada@{'a.' * 130}com"}, "email", "at most 254"),
        ({"email": "ada\x00@example.com"}, "email", "Null characters"),
        ({"password1": "1234567890123"}, "password1", "entirely numeric"),
        ({"password1": "ada@example.com"}, "password1", "too similar"),
        ({"password1": "x" * 1_001}, "password1", "at most 1000"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_lost(client, typed, field, words):
    member("grace")

    answer = sign_up(client, **typed)

    assert list(errors(answer)) == [field]
    assert words in " ".join(errors(answer)[field])
    kept = NEWCOMER | typed
    for name in ("email", "username"):
        assert answer.context["form"][name].value() == kept[name]
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["Ångström", "이순신", "孙悟空", "Ñandú.7", "a_b+c-d"])
def test_names_have_letters_of_any_language(client, name):
    assert sign_up(client, username=name).url == SENT

    assert sign_up(Client(), username=name.upper(), email="b@example.com").status_code == 200
    assert User.objects.get().username == name


def test_addresses_below_the_list_of_members_are_no_names(client, monkeypatch):
    from django.urls import path

    monkeypatch.setattr("social.urls.people.urlpatterns", [path("suggested/<int:x>/", id)])

    assert "reserved" in errors(sign_up(client, username="Suggested"))["username"][0]


def test_a_machine_that_fills_in_everything_gets_no_account(client):
    assert sign_up(client, website="https://spam.example").url == SENT

    assert not User.objects.exists()
    assert mails() == []


def test_who_merely_waits_for_an_address_does_not_keep_its_owner_out(client):
    eve = member("eve")
    eve.emailaddress_set.create(email="ada@example.com")

    sign_up(client)
    [message] = mails()
    client.post(link(message))

    assert User.objects.get(username="ada").emailaddress_set.get().verified
    [former] = EmailAddress.objects.filter(user=eve, verified=False)
    assert not former.can_set_verified()


def test_logging_out_asks_first_and_leaves_nothing(client):
    member()
    client = logged_in()
    client.cookies["recently_viewed"] = "something"

    assert "Log out?" in page(client.get("/account/logout/"))
    assert client.get("/account/").status_code == 200
    answer = client.post("/account/logout/")

    assert answer.url == "/"
    left = {name: morsel.value for name, morsel in client.cookies.items()}
    assert not left["sessionid"]
    assert not left["recently_viewed"]
    assert client.get("/account/").status_code == 302


def test_another_member_logs_in_on_the_same_device(client):
    member()
    member("grace")
    client = logged_in()

    assert log_in(client, "grace").url == "/account/"
    assert client.get("/account/").context["user"].username == "grace"


def test_a_closed_account_is_told_so_only_to_who_knows_its_password(client):
    member(is_active=False)

    assert log_in(client, "ada", "wrong").status_code == 200
    assert log_in(client).url == "/account/inactive/"
    assert "This account is closed" in page(client.get("/account/inactive/"))
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_host(client, wanted):
    member()

    assert log_in(client, next=wanted).url == "/account/"
    assert client.get("/account/login/", {"next": wanted}).url == "/account/"
    assert client.post("/account/logout/", {"next": wanted}).url == "/"


def test_in_the_language_of_the_page_with_links_of_that_language(client):
    client.post("/ko/account/signup/", NEWCOMER)

    [message] = mails()

    assert link(message).startswith("/ko/account/confirm-email/")
    assert message.extra_headers["Content-Language"] == "ko"
    assert "올바른" in page(client.post("/ko/account/signup/", NEWCOMER | {"email": "x"}))
    assert "有效" in page(client.post("/zh-hans/account/signup/", NEWCOMER | {"email": "x"}))


def test_nothing_that_opens_an_account_is_in_the_outbox(client):
    sign_up(client)
    client.post("/account/password/reset/", {"email": "ada@example.com"})

    rows = list(Outbox.objects.order_by("pk"))
    assert [row.kind for row in rows] == ["account_confirm", "account_reset"]
    assert set(rows[0].payload) == {"to", "language", "user", "address"}
    assert set(rows[1].payload) == {"to", "language", "user", "state"}
    assert mail.outbox == []
    links = [link(message) for message in mails()]
    for row in rows:
        assert not any(part in str(row.payload) for one in links for part in one.split("/")[3:-1])
    assert PASSWORD not in str([row.payload for row in rows])


@pytest.mark.parametrize(
    "path", ["login/", "signup/", "password/reset/", "confirm-email/", "inactive/", "email/"]
)
def test_no_page_of_an_account_stays_behind(client, path):
    member()
    assert "no-store" in client.get(f"/account/{path}")["Cache-Control"]
    assert "no-store" in logged_in().get(f"/account/{path}")["Cache-Control"]


def test_public_pages_do_not_look_at_who_is_logged_in(client):
    member()
    client = logged_in()

    answer = client.get("/search/")

    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies
