"""Counting what is searched for: what is kept, what is written, and what editors read of it."""

import csv
from datetime import date, timedelta

import pytest
import redis
from django.contrib.auth.models import Group
from django.test import RequestFactory
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits, SearchPromotion

from catalog import redis_client
from catalog.tests.factories import make_page
from search import terms, terms_saving
from search.models import TermDay, TermsSaved

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 4)
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


@pytest.fixture
def server(a_redis):
    return redis_client.client()


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(terms, "today", lambda: DAY)


def ask(query, found=1, **headers):
    terms.count(RequestFactory().get("/search/", **{**BROWSER, **headers}), query, found, "en")


def rows():
    found = TermDay.objects.order_by("query__query_string", "day", "language")
    return list(found.values_list("query__query_string", "day", "language", "asked", "found"))


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("Blue  Moon ", "blue moon"),
        ("달항아리", "달항아리"),
        ("poster 50x70", "poster 50x70"),
        ("4006381", "4006381"),
        ("ann@example.com", ""),
        ("4111 1111 1111 1111", ""),
        ("card 4111-1111-1111-1111 exp 12/30", ""),
        ("+49 (30) 1234567", ""),
        ("x" * 101, ""),
        ("a\x00b\x1b", ""),
        ("   ", ""),
    ],
)
def test_what_may_be_about_somebody_is_not_kept(query, term):
    assert terms.kept(query) == term


def test_a_term_is_counted_by_day_and_language_and_written_once(server, today):
    for query in ("Moon", "moon ", "MOON", "sun"):
        ask(query, found=3)
    ask("moon", found=0)

    assert terms_saving.save() == 2
    assert rows() == [("moon", DAY, "en", 4, 0), ("sun", DAY, "en", 1, 3)]
    assert terms_saving.save() == 0
    ask("moon", found=7)
    assert terms_saving.save() == 1
    assert rows()[0] == ("moon", DAY, "en", 5, 7)
    hits = QueryDailyHits.objects.get(query__query_string="moon", date=DAY)
    assert hits.hits == 5


def test_a_worker_that_dies_between_the_two_stores_writes_nothing_twice(server, today, monkeypatch):
    ask("moon")

    def dies(*_keys):
        raise redis.ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(redis.Redis, "delete", dies)
        with pytest.raises(redis.ConnectionError):
            terms_saving.save()
    assert rows() == [("moon", DAY, "en", 1, 1)]
    ask("moon")
    terms_saving.save()
    assert rows() == [("moon", DAY, "en", 2, 1)]


def test_a_worker_that_dies_before_the_commit_loses_nothing(server, today, monkeypatch):
    ask("moon")

    def dies(*_args, **_options):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(TermsSaved, "save", dies)
        with pytest.raises(RuntimeError):
            terms_saving.save()
    assert rows() == []
    terms_saving.save()
    assert rows() == [("moon", DAY, "en", 1, 1)]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": "curl/8.0"},
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
    ],
)
def test_programs_and_what_is_fetched_ahead_are_not_counted(server, headers):
    ask("moon", **headers)
    assert not server.exists(terms.PENDING)
    ask("moon")
    assert server.exists(terms.PENDING)


def test_invented_words_cannot_fill_redis(server, monkeypatch):
    monkeypatch.setattr(terms, "MOST_TERMS", 3)
    for number in range(20):
        ask(f"word {number}")
    ask("word 0")
    assert terms_saving.save() <= 4
    assert TermDay.objects.get(query__query_string="word 0").asked == 2


def test_the_search_page_counts_a_question_once_and_not_its_filters_and_pages(
    server, client, monkeypatch
):
    make_page("Dune at dawn")
    client.get("/search/", {"q": "dune"}, **BROWSER)
    for further in ({"page": "2"}, {"sort": "price"}, {"stock": "1"}):
        client.get("/search/", {"q": "dune", **further}, **BROWSER)
    client.get("/search/", {"q": "nothing like it"}, **BROWSER)
    client.get("/search/suggest/", {"q": "dune"}, **BROWSER)
    terms_saving.save()
    found = TermDay.objects.values_list("query__query_string", "asked", "found")
    assert sorted(found) == [("dune", 1, 1), ("nothing like it", 1, 0)]


def test_without_redis_the_search_page_answers(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    make_page("Dune at dawn")
    response = client.get("/search/", {"q": "dune"}, **BROWSER)
    assert response.context["page_obj"].paginator.count == 1


def test_what_is_old_is_forgotten_and_what_editors_promote_is_not():
    old, kept = (make_term(name, days_ago=ago) for name, ago in (("old", 401), ("new", 399)))
    promoted = make_term("promoted", days_ago=500)
    SearchPromotion.objects.create(query=promoted, external_link_url="https://example.com/")

    assert terms_saving.forget_old() == 2
    assert set(Query.objects.all()) == {kept, promoted}
    assert old.pk not in Query.objects.values_list("pk", flat=True)


def make_term(name, *, asked=1, found=1, days_ago=0, language="en"):
    query = Query.get(name)
    day = timezone.now().date() - timedelta(days=days_ago)
    TermDay.objects.create(query=query, day=day, language=language, asked=asked, found=found)
    return query


class TestReports:
    @pytest.fixture(autouse=True)
    def terms(self):
        make_term("moon", asked=3, found=5)
        make_term("moon", asked=40, found=0, days_ago=60)
        make_term("moon", asked=2, found=0, language="ko", days_ago=1)
        make_term("=cmd()", asked=7, found=0)
        make_term("sofa", asked=9, found=0, days_ago=2)

    def listed(self, client, report, **asked):
        response = client.get(f"/admin/reports/{report}/", asked)
        assert response.status_code == 200
        return [(row.query_string, row.asked, row.found) for row in response.context["object_list"]]

    def test_terms_are_added_up_over_the_days_that_are_asked_for(self, editor, client):
        assert self.listed(client, "search-terms") == [
            ("moon", 45, 5),
            ("sofa", 9, 0),
            ("=cmd()", 7, 0),
        ]
        since = timezone.now().date() - timedelta(days=30)
        found = self.listed(client, "search-terms", day_from=since.isoformat())
        assert found == [("sofa", 9, 0), ("=cmd()", 7, 0), ("moon", 5, 5)]
        assert self.listed(client, "search-terms", language="ko") == [("moon", 2, 0)]
        assert self.listed(client, "search-terms", q="SOF") == [("sofa", 9, 0)]
        assert self.listed(client, "search-terms", day_from="x", language="zz")[0][1] == 45

    def test_in_vain_is_what_found_nothing_the_last_time(self, editor, client):
        found = self.listed(client, "searched-without-result")
        assert found == [("sofa", 9, 0), ("=cmd()", 7, 0)]
        assert self.listed(client, "searched-without-result", language="ko") == [("moon", 2, 0)]

    def test_both_export_and_no_cell_is_a_formula(self, editor, client):
        response = client.get("/admin/reports/searched-without-result/?export=csv")
        lines = list(csv.reader(response.getvalue().decode("utf-8-sig").splitlines()))
        assert [line[:3] for line in lines[1:]] == [["sofa", "9", "0"], ["'=cmd()", "7", "0"]]
        response = client.get("/admin/reports/search-terms/?export=xlsx")
        assert response.getvalue().startswith(b"PK")

    def test_a_term_leads_to_what_is_promoted_for_it(self, editor, client):
        html = client.get("/admin/reports/search-terms/").content.decode()
        address = f"/admin/searchpicks/{Query.objects.get(query_string='sofa').pk}/"
        assert address in html
        assert client.get(address).status_code == 200

    @pytest.mark.parametrize(
        ("group", "may"), [("Marketer", True), ("Editors", True), ("Fulfilment", False)]
    )
    def test_the_groups_that_edit_pages_read_them(self, client, django_user_model, group, may):
        user = django_user_model.objects.create_user("ann", "ann@example.com", "secret")
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        assert (client.get("/admin/reports/search-terms/").status_code == 200) is may
        assert (client.get("/admin/searchpicks/").status_code == 200) is may
        home = client.get("/admin/").content.decode()
        assert ("reports/searched-without-result/" in home) is may
        # Wagtail's own of the same name is not offered beside it.
        assert "searchpicks/reports/search-terms/" not in home
