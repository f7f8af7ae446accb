"""Reviews in the Wagtail admin: who may see, approve, hide, answer and delete them, and how."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from wagtail.models import ModelLogEntry

from catalog.models import Product
from catalog.tests.factories import make_page
from orders.tests.desk_orders import ROLES, member_of
from social import reviews
from social.models import Review

from .reviewing import made_picture, make_member, make_review

pytestmark = pytest.mark.django_db
State = Review.State
INDEX = "/admin/reviews/"
MAY = {"Merchandiser", "Marketer", "Owner"}
EVERYBODY = [*ROLES, "Shopper", "Anonymous"]


@pytest.fixture
def page():
    return make_page("Dune", slug="dune")


def waiting(page, **fields):
    return make_review(page, is_approved=False, **fields)


def at(review, end=""):
    return f"{INDEX}{review.pk}/{end}"


def seen(review):
    return {"seen": reviews.version(Review.objects.get(pk=review.pk))}


def text_of(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


def is_let_in(response):
    if response.status_code == 302:
        return response.url.startswith(INDEX)
    return response.status_code == 200


class TestRights:
    @pytest.mark.parametrize("role", EVERYBODY)
    def test_every_role_at_every_address(self, client, page, role):
        review = waiting(page)
        if role != "Anonymous":
            client.force_login(member_of(role))
        may = role in MAY
        bulk = f"/admin/bulk/social/review/approve/?id={review.pk}&next={INDEX}"

        for path in (INDEX, f"{INDEX}results/", at(review), at(review, "delete/"), bulk):
            assert is_let_in(client.get(path)) is may, path
        chosen = {"chosen": f"{review.pk}-{reviews.version(review)}"}
        for path, data, state in [
            (at(review, "approve/"), seen(review), State.APPROVED),
            (at(review, "hide/"), seen(review), State.HIDDEN),
            (bulk, chosen, State.APPROVED),
            (bulk.replace("approve", "hide"), chosen, State.HIDDEN),
        ]:
            Review.objects.update(state=State.WAITING)
            assert is_let_in(client.post(path, data)) is may, path
            assert (Review.objects.get().state == state) is may, path
        client.post(at(review), {**seen(review), "reply": "Thanks"})
        assert (Review.objects.get().reply == "Thanks") is may
        client.post(at(review, "delete/"))
        assert Review.objects.exists() is not may

    @pytest.mark.parametrize("role", ROLES)
    def test_the_menu_and_the_first_page_tell_those_who_may_how_many_wait(self, client, page, role):
        waiting(page, text="Look at me")
        client.force_login(member_of(role))

        html = client.get("/admin/").content.decode()

        assert ("Reviews (1)" in html) is (role in MAY)
        assert ("1 review waits for somebody" in text_of(client.get("/admin/"))) is (role in MAY)

    def test_who_may_only_look_has_no_buttons_and_changes_nothing(self, client, page):
        review = waiting(page)
        reader = member_of("Fulfilment")
        reader.user_permissions.add(Permission.objects.get(codename="view_review"))
        client.force_login(reader)

        html = client.get(at(review)).content.decode()

        for end in ("approve", "hide", "delete"):
            assert at(review, f"{end}/") not in html
            client.post(at(review, f"{end}/"), seen(review))
        client.post(at(review), {**seen(review), "reply": "Thanks"})
        assert "Save the reply" not in html
        review.refresh_from_db()
        assert (review.state, review.reply) == (State.WAITING, "")
        assert "waits for somebody" not in text_of(client.get("/admin/"))

    def test_a_group_can_be_given_the_rights(self, client, editor):
        group = Group.objects.create(name="Helpers")

        html = client.get(f"/admin/groups/edit/{group.pk}/").content.decode()

        for codename in ("view_review", "change_review", "delete_review"):
            assert f'value="{Permission.objects.get(codename=codename).pk}"' in html


def test_nothing_that_waits_is_said_nowhere(client, editor, page):
    make_review(page)

    html = client.get("/admin/").content.decode()

    assert "Reviews (" not in html
    assert "Reviews that wait" not in html


class TestTheList:
    def test_it_shows_each_with_all_that_decides_those_that_wait_first(self, client, editor, page):
        old = waiting(page, stars=2, title="Faded", pictures=[made_picture()])
        make_review(page, text="Approved already")

        response = client.get(INDEX)
        rows = BeautifulSoup(response.content, "html.parser").select("tbody tr")

        assert len(rows) == 2
        first = " ".join(rows[0].get_text(" ").split())
        for fact in ("Faded", "Fine paper", "★★☆☆☆", "Dune", old.user.username, "waiting"):
            assert fact in first
        assert rows[0].img["src"] == old.pictures.get().small_url
        assert "Approved already" in rows[1].get_text()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("state=waiting", {"two"}),
            ("state=approved&state=hidden", {"five", "one"}),
            ("stars=5&stars=1", {"five", "one"}),
            ("bought=yes", {"five"}),
            ("pictures=yes", {"two"}),
            ("pictures=no", {"five", "one"}),
            ("answered=yes", {"one"}),
            ("answered=no", {"five", "two"}),
            ("q=fiv", {"five"}),
            ("q=dune+ada", {"two"}),
            ("q=nothing", set()),
            ("q=%00", {"one", "two", "five"}),
            ("created_from=2100-01-01", set()),
            ("state=x&stars=9&bought=é&created_from=x&p=" + "9" * 40, {"one", "two", "five"}),
        ],
    )
    def test_it_is_narrowed_down_and_searched(self, client, editor, page, query, found):
        make_review(make_page("Sea"), stars=5, text="five")
        waiting(page, user=make_member("ada"), stars=2, text="two", pictures=[made_picture()])
        reviews.hide(reviews.reply(make_review(page, stars=1, text="one"), "No"))
        Review.objects.filter(text="five").update(is_bought_here=True)

        response = client.get(f"{INDEX}?{query}")

        texts = BeautifulSoup(response.content, "html.parser").select("tbody .review-cell p")
        assert response.status_code == 200
        assert {text.get_text() for text in texts} == found

    @pytest.mark.parametrize("order", ["stars", "-created", "user__username", "state", "nonsense"])
    def test_it_can_be_sorted(self, client, editor, page, order):
        waiting(page)

        assert client.get(f"{INDEX}?ordering={order}").status_code == 200

    def test_more_reviews_take_no_more_queries(
        self, client, editor, page, django_assert_max_num_queries
    ):
        for _number in range(2):
            waiting(make_page(), pictures=[made_picture()])
        client.get(INDEX)
        with django_assert_max_num_queries(60) as few:
            client.get(INDEX)
        for _number in range(5):
            waiting(make_page(), pictures=[made_picture()])
        with django_assert_max_num_queries(len(few)):
            client.get(INDEX)

    def test_an_empty_one_says_so(self, client, editor):
        assert "No review yet." in text_of(client.get(INDEX))
        assert "No review is like that." in text_of(client.get(f"{INDEX}?state=hidden"))


class TestOne:
    def test_approving_shows_it_to_everybody_and_is_logged(self, client, editor, page):
        review = waiting(page, stars=5, text="<script>alert(1)</script>")
        html = client.get(at(review)).content.decode()
        assert "<script>alert(1)" not in html

        response = client.post(at(review, "approve/"), seen(review), follow=True)

        assert "The review is approved: everybody can read it." in said(response)
        assert Product.objects.get(pk=page.product_id).total_reviews == 1
        [entry] = ModelLogEntry.objects.all()
        assert (entry.action, entry.user) == (reviews.LOG_APPROVE, editor)
        assert "Review approved, editor" in text_of(client.get(at(review)))
        assert at(review) in client.get("/admin/reports/site-history/").content.decode()

    @pytest.mark.parametrize("end", ["approve/", "hide/", ""])
    @pytest.mark.parametrize("stale", [{}, {"seen": "20200101"}])
    def test_what_was_changed_meanwhile_is_left_as_it_is(self, client, editor, page, end, stale):
        review = waiting(page)

        response = client.post(at(review, end), {**stale, "reply": "Thanks"}, follow=True)

        assert "the member has changed the review since you looked at it" in text_of(response)
        review.refresh_from_db()
        assert (review.state, review.reply) == (State.WAITING, "")
        if not end:
            assert "Thanks" in response.content.decode()

    def test_a_reply_is_shown_on_the_page_and_can_be_taken_back(self, client, editor, page):
        review = make_review(page)

        client.post(at(review), {**seen(review), "reply": "We are glad"})
        assert "Storefront answers We are glad" in text_of(client.get(page.url))

        client.post(at(review), {**seen(review), "reply": ""})
        assert "answers" not in text_of(client.get(page.url))

    @pytest.mark.parametrize("text", ["x" * 3_001, "a\0b", "a\x07b"])
    def test_a_wrong_reply_comes_back_with_its_error(self, client, editor, page, text):
        review = make_review(page)

        response = client.post(at(review), {**seen(review), "reply": text})

        assert response.status_code == 200
        assert response.context["form"].errors["reply"]
        assert not Review.objects.get().reply

    @pytest.mark.parametrize("key", ["0", "999999", "9" * 30])
    def test_what_is_not_there_is_not_found(self, client, editor, key):
        for end in ("", "delete/"):
            assert client.get(f"{INDEX}{key}/{end}").status_code == 404
        assert client.post(f"{INDEX}{key}/approve/").status_code == 404

    def test_deleting_asks_first(self, client, editor, page):
        review = make_review(page)
        assert "gone for good" in text_of(client.get(at(review, "delete/")))
        assert Review.objects.exists()

        response = client.post(at(review, "delete/"), follow=True)

        assert "The review is deleted." in said(response)
        assert Product.objects.get(pk=page.product_id).total_reviews == 0


def bulk(action, *keys, more=""):
    ids = "".join(f"&id={key}" for key in keys)
    return f"/admin/bulk/social/review/{action}/?next={INDEX}{ids}{more}"


def chosen_of(response):
    form = BeautifulSoup(response.content, "html.parser").select_one("[name=chosen]")
    return {"chosen": form["value"]}


class TestMany:
    def test_many_are_approved_as_they_were_shown(self, client, editor, page):
        found = [waiting(page, text=f"Number {number}!") for number in range(3)]
        url = bulk("approve", *(review.pk for review in found), "x", "9" * 30)
        response = client.get(url)
        for number in range(3):
            assert f"Number {number}!" in text_of(response)
        # One says something else by the time of the click.
        reviews.write(found[0].user, page.product, stars=5, text="Buy pills", language="en")

        response = client.post(url, chosen_of(response), follow=True)

        assert "2 reviews are approved." in said(response)
        assert "1 review stays as it is" in said(response)
        assert Review.objects.get(text="Buy pills").state == State.WAITING
        assert Product.objects.get(pk=page.product_id).total_reviews == 2

    def test_all_that_the_list_has_found_are_hidden(self, client, editor, page):
        make_review(page, stars=1)
        make_review(page, stars=5)
        url = bulk("hide", "all", more="&stars=1")

        response = client.post(url, chosen_of(client.get(url)), follow=True)

        assert "1 review is hidden." in said(response)
        assert Review.objects.get(state=State.HIDDEN).stars == 1

    @pytest.mark.parametrize("chosen", ["", "x", "é-1", "9" * 30 + "-1", "-", "\0"])
    def test_nothing_chosen_changes_nothing(self, client, editor, page, chosen):
        review = waiting(page)

        response = client.post(bulk("approve", review.pk), {"chosen": chosen}, follow=True)

        assert "No review was chosen." in said(response)
        assert Review.objects.get().state == State.WAITING

    def test_a_key_without_what_was_seen_changes_nothing(self, client, editor, page):
        review = waiting(page)

        client.post(bulk("approve", review.pk), {"chosen": str(review.pk)})

        assert Review.objects.get().state == State.WAITING
