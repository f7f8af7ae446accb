"""The second factor: switched on, asked for, used up, lost, and unreadable in the database."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from cart.tests.shopping import add, saved
from catalog.tests.factories import make_page, make_sku
from social import second_factor
from social.tests.accounts import (
    PASSWORD,
    SECRET,
    code,
    confirm_password,
    log_in,
    logged_in,
    mails,
    member,
    with_second_factor,
)
from social.tests.test_accounts import errors, page

pytestmark = pytest.mark.django_db
FACTOR = "/account/2fa/"
ASKS = f"{FACTOR}authenticate/"
ON = f"{FACTOR}totp/activate/"
OFF = f"{FACTOR}totp/deactivate/"
CODES = f"{FACTOR}recovery-codes/"


def key_on(shown):
    return re.search(r'second-factor__key">([A-Z2-7 ]+)<', shown)[1]


def test_it_is_switched_on_with_a_drawing_or_a_key_to_type(django_capture_on_commit_callbacks):
    user = member()
    client = logged_in()
    assert "Your password is enough" in page(client.get(FACTOR))
    assert client.get(ON).url.startswith("/account/reauthenticate/")
    assert confirm_password(client, ON).url == ON

    shown = page(client.get(ON))
    key = key_on(shown)
    assert [len(part) for part in key.split()] == [4] * 8
    drawing = re.search(r"<svg class=\"second-factor__code\".*?</svg>", shown)[0]
    assert "style" not in drawing
    assert "<script" not in drawing
    assert "data:" not in shown
    wrong = client.post(ON, {"code": "000000"})
    assert list(errors(wrong)) == ["code"]
    assert key_on(page(wrong)) == key, "what was scanned still holds"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(ON, {"code": code(key.replace(" ", ""))})

    assert answer.url == CODES
    assert len(re.findall(r"<code>\d{8}</code>", page(client.get(CODES)))) == 10
    assert "Each login asks for a code" in page(client.get(FACTOR))
    assert [message.subject for message in mails()] == [
        "Your account at Storefront has a second factor now"
    ]
    assert Authenticator.objects.filter(user=user).count() == 2


def test_a_login_asks_for_it_keeps_where_to_and_merges_the_cart(client):
    user = member()
    with_second_factor(user)
    add(client, make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=9), "2")
    before = client.session.session_key

    assert log_in(client, next="/cart/").url == ASKS
    assert client.get("/account/").status_code == 302, "not in yet"
    assert list(errors(client.post(ASKS, {"code": "000000"}))) == ["code"]
    answer = client.post(ASKS, {"code": code()})

    assert answer.url == "/cart/"
    assert client.get("/account/").context["user"] == user
    assert saved(user) == {"DUNE": 2}
    assert client.session.session_key != before


def test_a_code_counts_once_while_it_holds():
    with_second_factor(member())
    shown = code()
    for times, status in enumerate((302, 200)):
        client = Client()
        log_in(client)
        assert client.post(ASKS, {"code": shown}).status_code == status, times

    client = Client()
    log_in(client)
    assert client.post(ASKS, {"code": code(later=1)}).status_code == 302


def test_codes_of_the_half_minutes_around_are_right_and_no_others():
    with_second_factor(member())

    for later, status in ((-1, 302), (1, 302)):
        client = Client()
        log_in(client)
        assert client.post(ASKS, {"code": code(later=later)}).status_code == status


def test_a_recovery_code_lets_in_once():
    first, *_others = with_second_factor(member())

    for status in (302, 200):
        client = Client()
        log_in(client)
        assert client.post(ASKS, {"code": first}).status_code == status


@pytest.mark.parametrize("typed", ["", " ", "\x00", "x" * 100_000, "１２３４５６", "../", "1" * 40])
def test_nonsense_is_no_code(client, typed):
    with_second_factor(member())
    log_in(client)

    assert list(errors(client.post(ASKS, {"code": typed}))) == ["code"]


def test_codes_cannot_be_guessed():
    with_second_factor(member())
    client = Client()
    log_in(client)

    for _try in range(5):
        client.post(ASKS, {"code": "000000"})

    assert "Too many attempts" in page(client.post(ASKS, {"code": code()}))


def test_without_the_password_nobody_is_asked_for_a_code(client):
    with_second_factor(member())

    assert client.get(ASKS).url == "/account/login/"
    assert client.post(ASKS, {"code": code()}).url == "/account/login/"


def test_halfway_in_one_may_turn_back(client):
    with_second_factor(member())
    log_in(client)

    assert client.post("/account/logout/", {"next": "/account/login/"}).url == "/account/login/"

    assert client.get(ASKS).url == "/account/login/"


def with_factor_and_login():
    """Somebody who has one, logged in, and known to be themselves by a code."""
    user = member()
    codes = with_second_factor(user)
    client = Client()
    log_in(client)
    client.post(ASKS, {"code": codes[0]})
    client.post(f"{FACTOR}reauthenticate/", {"code": codes[1], "next": FACTOR})
    return client


def test_it_is_switched_off_after_one_proved_to_be_oneself():
    client = with_factor_and_login()

    assert "Switch off the second factor?" in page(client.get(OFF))
    client.post(OFF)

    assert not Authenticator.objects.exists()
    assert [message.subject for message in mails()] == [
        "The second factor of your account at Storefront is off"
    ]
    assert log_in(Client()).url == "/account/"


def test_new_recovery_codes_take_the_place_of_the_former(django_capture_on_commit_callbacks):
    client = with_factor_and_login()
    former = page(client.get(f"{CODES}download/"))
    assert "8 codes are left" in page(client.get(FACTOR))

    assert "Make new recovery codes?" in page(client.get(f"{CODES}generate/"))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{CODES}generate/").url == CODES

    answer = client.get(f"{CODES}download/")
    assert answer["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert "no-store" in answer["Cache-Control"]
    lines = page(answer).split()
    assert not set(re.findall(r"\d{8}", former)) & set(lines)
    assert "Recovery codes of ada at Storefront." in page(answer)
    assert [message.subject for message in mails()] == [
        "New recovery codes for your account at Storefront"
    ]


@pytest.mark.parametrize("path", [ON, OFF, CODES, f"{CODES}generate/", FACTOR])
def test_pages_of_the_second_factor_are_for_members_and_never_kept(client, path):
    answer = client.get(path)

    assert answer.status_code in (302, 404)
    assert "/account/" in answer.get("Location", "/account/")
    assert "no-store" in logged_in_again().get(path)["Cache-Control"]


def logged_in_again():
    return with_factor_and_login()


def test_with_a_second_factor_the_address_can_still_be_changed():
    client = with_factor_and_login()

    assert (
        client.post("/account/email/", {"email": "new@example.com", "action_add": ""}).url
        == "/account/email/"
    )

    assert [message.to for message in mails()] == [["new@example.com"]]


def test_secrets_cannot_be_read_from_the_database(settings):
    codes = with_second_factor(member())

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    assert not any(one in stored for one in codes)
    box = second_factor.Adapter()
    sealed = box.encrypt("secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert box.decrypt(sealed) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    assert box.decrypt(sealed) not in ("secret", "")


def test_when_its_key_is_lost_no_code_is_right_and_nothing_breaks(settings):
    codes = with_second_factor(member())
    settings.SECRET_KEY = "another"

    for typed in (code(), codes[0], "000000"):
        client = Client()
        assert log_in(client).url == ASKS
        assert list(errors(client.post(ASKS, {"code": typed}))) == ["code"]


def test_one_may_prove_to_be_oneself_by_password_or_by_code():
    with_second_factor(member())
    client = Client()
    log_in(client)
    client.post(ASKS, {"code": code()})

    by_password = page(client.get(f"/account/reauthenticate/?next={ON}"))
    by_code = page(client.get(f"{FACTOR}reauthenticate/?next={ON}"))

    assert "Use a code of your app instead" in by_password
    assert "Use your password instead" in by_code
    wrong = client.post("/account/reauthenticate/", {"password": "wrong", "next": ON})
    assert list(errors(wrong)) == ["password"]
    assert PASSWORD not in page(wrong)
