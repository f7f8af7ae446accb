"""What is written down of what people did, and the pages that show it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cart.tests.counting import as_committed, questions
from catalog import kept
from catalog.tests.factories import make_page, make_sku
from orders.models import OrderItem
from orders.payments import ledger
from orders.tests.factories import order_for
from social import stream_reading
from social.contacts import follow
from social.models import Action, Like, Review, User, WishList, WishListItem
from social.stream import MOST_BOUGHT, create_action, create_actions
from social.stream_reading import Seen, settled_key
from social.stream_sources import everybody
from social.tests.people import logged_in, make_member

pytestmark = pytest.mark.django_db

STREAM = "/stream/"
NEWS = "/stream/news/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(client: Client) -> User:
    """Logged in with ``client``."""
    user = make_member("ada")
    client.force_login(user)
    return user


def join(*users: User) -> None:
    for user in users:
        create_action(user, Action.Verb.JOINED)


def like(user: User, page) -> None:
    Like.objects.create(user=user, product=page.product)
    create_action(user, Action.Verb.LIKES, page.product)


def grow_old() -> None:
    """Let all that happened have happened long ago."""
    Action.objects.update(created=timezone.now() - timedelta(hours=2))


def told(response) -> list[str]:
    """Who did what, as the page has it."""
    page = response.context["page"] if "page" in response.context else response.context["news"]
    return [f"{entry.person.username} {entry.verb}" for entry in page.entries]


# What is written down


def test_the_same_within_a_minute_is_written_once():
    ada, product = make_member("ada"), make_page().product

    first = create_action(ada, Action.Verb.LIKES, product)
    assert create_action(ada, Action.Verb.LIKES, product) is None

    Action.objects.update(created=timezone.now() - timedelta(seconds=61))
    assert create_action(ada, Action.Verb.LIKES, product) is not None
    assert first.target == product


def test_another_verb_target_or_member_is_another_thing():
    ada, bob = make_member("ada"), make_member("bob")
    one, two = make_page().product, make_page().product

    create_action(ada, Action.Verb.LIKES, one)
    create_action(ada, Action.Verb.LIKES, two)
    create_action(ada, Action.Verb.BOUGHT, one)
    create_action(bob, Action.Verb.LIKES, one)
    create_action(ada, Action.Verb.JOINED)
    create_action(ada, Action.Verb.JOINED)

    assert Action.objects.count() == 5


def test_nothing_is_written_of_a_member_who_is_gone():
    ada = make_member("ada")
    User.objects.get(pk=ada.pk).delete()

    assert create_action(ada, Action.Verb.JOINED) is None
    assert create_actions(ada, Action.Verb.JOINED, []) == []


# What was bought


def buy(user: User | None, products: int = 1) -> None:
    """Place an order of different things, and pay it."""
    order = order_for({make_sku(make_page()): 1 for _ in range(products)}, user=user)
    payment = order.payments.get()
    ledger.record_capture(payment, payment.amount, payment.currency, by="test")
    order.refresh_from_db()
    assert order.money == "paid"


def test_what_was_bought_is_told_of_members_who_want_it_and_of_nobody_else():
    ada = make_member("ada", shows_purchases=True)
    buy(make_member("hidden", is_public=False, shows_purchases=True))
    buy(make_member("bob"))
    buy(None)
    assert not Action.objects.exists()

    buy(ada)

    action = Action.objects.get()
    sold = OrderItem.objects.latest("pk").sku.product
    assert (action.user, action.verb, action.target) == (ada, "bought", sold)


def test_of_a_large_order_only_a_few_things_are_told():
    buy(make_member("ada", shows_purchases=True), products=5)

    assert Action.objects.count() == MOST_BOUGHT


# Whose actions are shown


def test_the_stream_is_of_those_whom_one_follows(client, ada):
    bob, cyd = make_member("bob"), make_member("cyd")
    join(bob, cyd)
    follow(ada, bob)

    assert told(client.get(STREAM)) == ["bob joined"]
    assert told(client.get(STREAM, {"of": "everybody"})) == ["cyd joined", "bob joined"]
    assert told(client.get(STREAM, {"of": "nonsense"})) == ["bob joined"]


def test_who_follows_nobody_sees_what_everybody_did_but_not_their_own(client, ada):
    bob = make_member("bob")
    join(ada, bob)

    assert told(client.get(STREAM)) == ["bob joined"]
    assert told(client.get(STREAM, {"of": "followed"})) == ["bob joined"]


def test_a_visitor_sees_what_everybody_did_and_gets_no_cookie(client):
    join(make_member("ada"))

    response = client.get(STREAM, {"of": "followed"})

    assert told(response) == ["ada joined"]
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]
    assert 'content="noindex"' in response.content.decode()


def test_the_stream_tells_each_thing_in_a_sentence_of_its_own(client):
    ada, bob = make_member("ada", name="Ada", shows_purchases=True), make_member("bob", name="Bob")
    page = make_page("Waves & <Hills>")
    wish_list = WishList.objects.create(user=ada, name="My wall", is_shared=True)
    item = WishListItem.objects.create(wish_list=wish_list, product=page.product)
    review = Review.objects.create(
        user=ada, product=page.product, stars=4, text="Yes.", state="approved", language="en"
    )
    join(ada)
    follow(ada, bob)
    like(ada, page)
    create_action(ada, Action.Verb.REVIEWED, review)
    create_action(ada, Action.Verb.WISHED, item)
    create_action(ada, Action.Verb.BOUGHT, page.product)

    html = " ".join(client.get(STREAM).content.decode().split())

    who, url = '<a href="/people/ada/">Ada</a>', page.url
    what = f'<a href="{url}">Waves &amp; &lt;Hills&gt;</a>'
    for sentence in (
        f"{who} joined the shop.",
        f'{who} follows <a href="/people/bob/">Bob</a>.',
        f"{who} likes {what}.",
        f"{who} gave {what} 4 of 5 stars.",
        f'{who} added {what} to the list <a href="{wish_list.get_absolute_url()}">My wall</a>.',
        f"{who} bought {what}.",
    ):
        assert sentence in html
    # When somebody bought something is nobody's business.
    assert html.count("<time") == 5


# Page after page


def test_pages_follow_each_other_without_a_gap_or_a_double(client):
    members = [make_member(f"member{number}") for number in range(45)]
    join(*members)

    seen, address = [], STREAM
    pages = 0
    while address:
        response = client.get(address)
        seen += told(response)
        pages += 1
        older = response.context["page"].older
        address = older and f"{STREAM}?of=everybody&before={older}"

    assert seen == [f"member{number} joined" for number in reversed(range(45))]
    assert pages == 3


def test_a_page_that_ends_with_the_stream_has_no_older_one(client):
    join(*(make_member(f"member{number}") for number in range(20)))

    response = client.get(STREAM)

    assert len(told(response)) == 20
    assert response.context["page"].older is None
    assert "Older" not in response.content.decode()


def test_followed_people_who_do_much_and_little_are_merged_in_order(client, ada):
    bob, cyd, dan = (make_member(name) for name in ("bob", "cyd", "dan"))
    for one in (bob, cyd, dan):
        follow(ada, one)
    Action.objects.all().delete()
    order = [bob] * 3 + [cyd] + [bob] * 80 + [cyd] * 2 + [bob] * 30
    Action.objects.bulk_create(Action(user=user, verb=Action.Verb.JOINED) for user in order)
    expected = [f"{user.username} joined" for user in reversed(order)]

    seen, before = [], None
    while True:
        page = client.get(STREAM, {"before": before} if before else {}).context["page"]
        seen += [f"{entry.person.username} {entry.verb}" for entry in page.entries]
        if (before := page.older) is None:
            break

    assert seen == expected


def test_a_script_gets_the_entries_alone(client):
    join(*(make_member(f"member{number}") for number in range(25)))
    older = client.get(STREAM).context["page"].older

    part = client.get(STREAM, {"of": "everybody", "before": older}, headers=HTMX)

    html = part.content.decode()
    assert "<html" not in html
    assert html.count("stream__entry") == 5
    assert "Older" not in html


@pytest.mark.parametrize("before", ["", "-1", "0", "nonsense", "9" * 30, "\x00", "1e5", "²"])
def test_nonsense_in_the_address_is_the_first_page(client, before):
    join(make_member("ada"))

    assert told(client.get(STREAM, {"before": before})) == ["ada joined"]


def test_an_empty_stream_says_so(client, ada):
    assert "Nothing has happened here yet" in client.get(STREAM).content.decode()
    follow(ada, make_member("bob"))
    assert "have not done anything" in client.get(STREAM).content.decode()


def test_where_too_many_are_hidden_the_page_ends_and_the_next_goes_on():
    hidden, bob = make_member("hidden", is_public=False), make_member("bob")
    join(bob)
    Action.objects.bulk_create(Action(user=hidden, verb=Action.Verb.JOINED) for _ in range(30))
    source = replace(everybody(User()), rounds=(10, 10))

    first = stream_reading.read(source)
    second = stream_reading.read(source, first.older)

    assert (first.entries, len(first.scanned)) == ([], 20)
    assert [entry.person.username for entry in second.entries] == ["bob"]
    assert second.older is None


# What is new


def test_what_is_kept_is_not_asked_for_again(ada, a_redis):
    """The session with the member and their cart, whom they follow, and what these did."""
    kept.forget()
    follow(ada, make_member("bob"))
    for _ in range(25):
        like(User.objects.get(username="bob"), make_page())
    reader = logged_in(ada)
    # The first visitor of a new shop also writes its settings down.
    for _ in range(2):
        reader.get(STREAM)
        as_committed()
    reader.get(STREAM)

    with questions() as asked:
        response = reader.get(STREAM)

    assert len(told(response)) == 20
    assert len(asked) <= 4, asked
    kept.forget()


def question(response) -> str:
    return f"{NEWS}?{response.context['poll']}"


def test_nothing_new_is_an_empty_answer(client, ada, django_assert_num_queries):
    join(make_member("bob"))
    address = question(client.get(STREAM))

    # Whose session, who, what is new, and what is settled.
    with django_assert_num_queries(4):
        response = client.get(address)

    assert (response.status_code, response.content) == (204, b"")


def test_what_is_new_comes_once_with_the_next_question(client, ada):
    bob, cyd = make_member("bob"), make_member("cyd")
    join(bob)
    address = question(client.get(STREAM))
    join(cyd, ada)

    response = client.get(address)

    assert told(response) == ["cyd joined"]
    html = response.content.decode()
    assert "1 new entry at the top." in html
    assert 'data-hx-swap-oob="true"' in html
    assert client.get(question(response)).status_code == 204


def test_only_those_whom_one_follows_are_news(client, ada):
    bob, cyd = make_member("bob"), make_member("cyd")
    follow(ada, bob)
    address = question(client.get(STREAM))
    join(bob, cyd)

    assert told(client.get(address)) == ["bob joined"]


def test_what_is_committed_late_with_an_earlier_key_is_news_as_well(client):
    """The later of two keys was committed first, and has been told already."""
    bob, cyd = make_member("bob"), make_member("cyd")
    grow_old()
    join(bob)
    late = Action.objects.get().pk
    Action.objects.all().delete()
    Action.objects.create(pk=late + 1, user=cyd, verb=Action.Verb.JOINED)
    page = client.get(STREAM)
    assert told(page) == ["cyd joined"]

    Action.objects.create(pk=late, user=bob, verb=Action.Verb.JOINED)

    response = client.get(question(page))
    assert told(response) == ["bob joined"]
    assert client.get(question(response)).status_code == 204


def test_what_is_new_but_hidden_changes_only_the_question(client):
    join(make_member("bob"))
    address = question(client.get(STREAM))
    join(make_member("hidden", is_public=False))

    response = client.get(address)

    assert told(response) == []
    assert "new entr" not in response.content.decode()
    assert client.get(question(response)).status_code == 204


def test_more_news_than_are_told_at_once_end_with_a_link(client):
    address = question(client.get(STREAM))
    bob = make_member("bob")
    Action.objects.bulk_create(Action(user=bob, verb=Action.Verb.JOINED) for _ in range(70))

    response = client.get(address)

    assert len(told(response)) == 60
    assert "There is more that is new" in response.content.decode()
    assert client.get(question(response)).status_code == 204


def test_a_stream_open_for_long_is_given_a_new_question(client, ada, monkeypatch):
    monkeypatch.setattr(stream_reading, "FAR_BEHIND", 3)
    bob, cyd = make_member("bob"), make_member("cyd")
    follow(ada, bob)
    address = question(client.get(STREAM))
    Action.objects.bulk_create(Action(user=cyd, verb=Action.Verb.JOINED) for _ in range(5))
    grow_old()

    response = client.get(address)

    assert (response.status_code, told(response)) == (200, [])
    assert response.context["news"].seen == Seen(settled_key())


def test_nobody_makes_the_shop_look_for_news_from_its_beginning(client, ada, monkeypatch):
    monkeypatch.setattr(stream_reading, "MOST_BEHIND", 3)
    bob = make_member("bob")
    Action.objects.bulk_create(Action(user=bob, verb=Action.Verb.JOINED) for _ in range(10))
    grow_old()

    response = client.get(NEWS, {"of": "everybody", "upto": "0"})

    assert len(told(response)) == 3
    assert "There is more that is new" in response.content.decode()


def test_after_a_logout_an_open_stream_asks_no_more(client, ada):
    follow(ada, make_member("bob"))
    address = question(client.get(STREAM))
    client.logout()

    assert client.get(address).status_code == 286


@pytest.mark.parametrize(
    "query",
    ["", "of=followed", "upto=-1", "upto=x&also=1,,y,²", "also=" + "9" * 30, "upto=%00&also=%00,1"],
)
def test_nonsense_in_a_question_is_no_error(client, ada, query):
    assert client.get(f"{NEWS}?{query}").status_code in (200, 204)
    assert client.post(f"{NEWS}?{query}").status_code == 405


def test_of_what_is_not_settled_only_so_much_is_remembered():
    seen = Seen(0).and_then(range(1, 101), settled=20, most=60)

    assert (seen.upto, len(seen.also), seen.also[0], seen.also[-1]) == (40, 60, 100, 41)
    assert seen.and_then([101], settled=100) == Seen(100, (101,))


# What it costs


def everything(count: int) -> None:
    """Members who do one of everything each, with products of their own."""
    for number in range(count):
        user = make_member(f"doer{number}", shows_purchases=True)
        page = make_page()
        like(user, page)
        review = Review.objects.create(
            user=user, product=page.product, stars=4, text="x", state="approved", language="en"
        )
        create_action(user, Action.Verb.REVIEWED, review)
        wish_list = WishList.objects.create(user=user, name="List", is_shared=True)
        item = WishListItem.objects.create(wish_list=wish_list, product=page.product)
        create_action(user, Action.Verb.WISHED, item)
        create_action(user, Action.Verb.BOUGHT, page.product)


def test_the_stream_asks_the_same_few_queries_however_much_it_tells(
    client, ada, django_assert_num_queries
):
    everything(1)
    follow(ada, User.objects.get(username="doer0"))
    client.get(STREAM)
    with django_assert_num_queries(13) as few:
        client.get(STREAM)
    for number in range(10):
        friend = make_member(f"friend{number}")
        follow(ada, friend)
        for _ in range(3):
            like(friend, make_page())

    with django_assert_num_queries(len(few)):
        response = client.get(STREAM)

    assert len(told(response)) == 20
