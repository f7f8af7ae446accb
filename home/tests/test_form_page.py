"""Forms on public pages: filled in by anybody, kept once, mailed on, and nothing lost."""

import threading
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from home import submissions
from home.forms import TRAP
from home.models import FormField, FormPage, HomePage, ShopSettings
from orders import outbox
from orders.mails import example, sending
from orders.models import OrderSettings, Outbox
from orders.tests.test_races import race

pytestmark = pytest.mark.django_db
OWN = {"Sec-Fetch-Site": "same-origin"}
URL = "/write-to-us/"
FIELDS = (
    ("Your name", "singleline", True, ""),
    ("Email", "email", True, ""),
    ("Topic", "dropdown", True, "An order\nA commission"),
    ("Message", "multiline", True, ""),
)
WRITTEN = {
    "your_name": "Ada Lovelace",
    "email": "ada@example.com",
    "topic": "A commission",
    "message": "Two lines\nof words",
}
EVERY_KIND = (
    ("Line", "singleline", True, ""),
    ("Text", "multiline", True, ""),
    ("Mail", "email", True, ""),
    ("Number", "number", True, ""),
    ("Address", "url", True, ""),
    ("Agreed", "checkbox", True, ""),
    ("Several", "checkboxes", True, "a,b,c"),
    ("One", "dropdown", True, "a,b"),
    ("Many", "multiselect", True, "a,b,c"),
    ("Round", "radio", True, "a,b"),
    ("Day", "date", True, ""),
    ("Moment", "datetime", True, ""),
    ("Secret", "hidden", True, ""),
)
EVERY_ANSWER = {
    "line": "one",
    "text": "one\ntwo",
    "mail": "ada@example.com",
    "number": "1.50",
    "address": "example.com/x",
    "agreed": "on",
    "several": ["a", "c"],
    "one": "b",
    "many": ["b", "c"],
    "round": "a",
    "day": "2026-03-01",
    "moment": "2026-03-01T10:30",
    "secret": "from the poster",
}


@pytest.fixture(autouse=True)
def no_counts():
    cache.clear()


def make_form(fields=FIELDS, title="Write to us", **values) -> FormPage:
    page = FormPage(title=title, slug="write-to-us", **values)
    page.form_fields = [
        FormField(label=label, field_type=kind, required=required, choices=choices, sort_order=n)
        for n, (label, kind, required, choices) in enumerate(fields)
    ]
    HomePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    return FormPage.objects.get()


@pytest.fixture
def page():
    return make_form(send_to="desk@example.com")


def send(client, data=None, headers=OWN, **more):
    return client.post(URL, {**(WRITTEN if data is None else data), **more}, headers=headers)


def drain():
    while outbox.drain():
        pass


def kept():
    return [submission.form_data for submission in FormSubmission.objects.order_by("pk")]


class TestFillingIn:
    def test_the_page_is_the_same_for_everybody_and_sets_no_cookie(self, client, page):
        shown = client.get(URL)

        assert shown.status_code == 200
        assert "csrfmiddlewaretoken" not in shown.content.decode()
        assert not shown.cookies
        assert "Cookie" not in shown.headers.get("Vary", "")

    def test_what_is_sent_is_kept_and_thanked_for_at_an_address_of_its_own(self, client, page):
        answer = send(client)

        assert (answer.status_code, answer.url) == (302, "/write-to-us/sent/")
        thanks = client.get(answer.url)
        assert thanks.status_code == 200
        assert "somebody will read it soon" in thanks.content.decode()
        assert 'name="robots" content="noindex"' in thanks.content.decode()
        assert not thanks.cookies
        assert kept() == [WRITTEN]

    def test_the_shops_own_words_of_thanks_are_read(self, client):
        make_form(thanks="<p>We answer on <b>Friday</b>.</p>")

        assert "We answer on <b>Friday</b>." in client.get(f"{URL}sent/").content.decode()

    def test_there_is_nothing_else_below_the_page(self, client, page):
        assert client.get(f"{URL}sent/sent/").status_code == 404
        assert client.get(f"{URL}other/").status_code == 404
        FormPage.objects.update(live=False)
        assert client.get(f"{URL}sent/").status_code == 404

    def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(self, client, page):
        answer = send(client, email="ada", topic="")

        text = answer.content.decode()
        assert answer.status_code == 422
        assert "no-store" in answer.headers["Cache-Control"]
        assert text.count("field__error") == 2
        assert 'href="#id_email"' in text
        assert 'value="ada"' in text
        assert "Two lines\nof words" in text
        assert kept() == []

    def test_every_kind_of_field_is_taken_as_what_it_is(self, client):
        make_form(EVERY_KIND)

        assert send(client, EVERY_ANSWER).status_code == 302

        assert kept() == [
            {
                **EVERY_ANSWER,
                "agreed": True,
                "address": "https://example.com/x",
                "moment": "2026-03-01T10:30:00Z",
            }
        ]

    def test_every_kind_of_field_comes_back_as_it_was(self, client):
        make_form(EVERY_KIND)

        text = send(client, {**EVERY_ANSWER, "mail": "nobody"}).content.decode()

        for part in (
            'value="1.50"',
            'type="date" name="day" value="2026-03-01"',
            'type="datetime-local" name="moment" value="2026-03-01T10:30"',
            'value="from the poster"',
            '<option value="b" selected>',
        ):
            assert part in text, part
        assert text.count(" checked") == 4

    def test_every_kind_of_field_says_what_is_missing(self, client):
        make_form(EVERY_KIND)

        text = send(client, {}).content.decode()

        # All but the hidden one, which nobody could fill in.
        assert text.count('class="field__error"') == 12
        assert 'href="#id_round_0"' in text
        assert 'href="#id_several_0"' in text

    def test_a_drop_down_answers_for_nobody(self, client, page):
        assert (
            '<option value="" selected>Please choose</option>' in client.get(URL).content.decode()
        )
        without = {name: value for name, value in WRITTEN.items() if name != "topic"}
        assert send(client, without).status_code == 422

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("line", "a\x00b"),
            ("line", "x" * 256),
            ("text", "x" * 10_001),
            ("text", "\x00"),
            ("mail", "ada@example.com\nBcc: eve@example.com"),
            ("mail", "ada@example.com, eve@example.com"),
            ("number", "1e999999"),
            ("number", "NaN"),
            ("number", "9" * 100_000),
            ("address", "javascript:alert(1)"),
            ("address", "https://[::1"),
            ("one", "\x00"),
            ("many", "d"),
            ("several", "'; DROP TABLE"),
            ("round", "9" * 30),
            ("day", "0001-01-01"),
            ("day", "2026-02-30"),
            ("moment", "9999-12-31T23:59:59-12:00"),
            ("moment", "\x00"),
            ("secret", "x" * 1_001),
            ("secret", "\x00"),
        ],
    )
    def test_what_can_be_no_answer_is_refused(self, client, field, value):
        make_form(EVERY_KIND)

        answer = send(client, {**EVERY_ANSWER, field: value})

        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert kept() == []

    def test_ten_megabytes_are_refused_before_they_are_read(self, client, page):
        assert send(client, message="x" * 10_000_000).status_code == 400

    def test_markup_is_shown_as_it_was_written(self, client, page):
        text = send(client, your_name='"><script>alert(1)</script>', email="").content.decode()

        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text

    def test_a_form_without_fields_or_choices_is_shown_all_the_same(self, client):
        make_form([("Topic", "dropdown", True, ""), ("Sizes", "checkboxes", True, "")])

        assert client.get(URL).status_code == 200

    def test_the_number_of_queries_does_not_grow_with_the_fields(
        self, client, django_assert_num_queries
    ):
        make_form(EVERY_KIND)
        client.get(URL)
        with CaptureQueriesContext(connection) as many:
            client.get(URL)
        FormField.objects.filter(sort_order__gt=0).delete()

        with django_assert_num_queries(len(many)):
            client.get(URL)


class TestWhoMaySend:
    @pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
    def test_another_site_sends_nothing(self, page, headers):
        answer = Client(enforce_csrf_checks=True).post(URL, WRITTEN, headers=headers)

        assert answer.status_code == 403
        assert kept() == []

    def test_no_token_is_needed_from_the_shops_own_page(self, page):
        assert send(Client(enforce_csrf_checks=True)).status_code == 302

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_no_page_of_the_shop_is_written_to_from_elsewhere(self, client, page, method):
        for path in ("/", URL):
            assert getattr(client, method)(path).status_code == 403

    def test_a_page_for_some_only_takes_nothing_from_others(self, client, page):
        PageViewRestriction.objects.create(page=page, restriction_type="login")

        assert send(client).status_code == 302
        assert kept() == []

    def test_who_fills_in_what_nobody_sees_is_asked_again_and_loses_nothing(self, client, page):
        answer = send(client, **{TRAP: "https://spam.example.com"})

        text = answer.content.decode()
        assert answer.status_code == 422
        assert "as if a program had filled it in" in text
        assert "Two lines\nof words" in text
        assert "spam.example.com" not in text
        assert kept() == []
        assert send(client).status_code == 302

    def test_one_place_sends_twenty_times_an_hour_and_loses_nothing(self, client, page):
        answers = [send(client, message=f"Number {number}") for number in range(21)]

        assert [answer.status_code for answer in answers] == [302] * 20 + [429]
        assert "Number 20" in answers[-1].content.decode()
        assert "What you wrote is still here" in answers[-1].content.decode()
        assert len(kept()) == 20
        elsewhere = client.post(URL, WRITTEN, headers=OWN, REMOTE_ADDR="192.0.2.7")
        assert elsewhere.status_code == 302

    def test_mistakes_are_not_counted(self, client, page):
        for _time in range(25):
            send(client, email="")

        assert send(client).status_code == 302


class TestSendingTwice:
    def test_a_double_click_is_one_submission_and_one_mail(self, client, page):
        first, second = send(client), send(client)

        assert (second.status_code, second.url) == (first.status_code, first.url)
        assert kept() == [WRITTEN]
        drain()
        assert len(mail.outbox) == 1

    def test_other_words_or_another_browser_are_another_submission(self, client, page):
        send(client)
        send(client, message="Something else")
        send(client, headers={**OWN, "User-Agent": "Another browser"})

        assert len(kept()) == 3

    def test_a_minute_later_the_same_is_meant(self, client, page):
        send(client)
        Outbox.objects.update(created=Outbox.objects.get().created - submissions.SAME_WITHIN)
        send(client)

        assert len(kept()) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestSendingTwiceAtOnce:
    def test_eight_at_once_are_one_submission(self):
        page = make_form()

        found = race(lambda _n: submissions.keep(page, WRITTEN, "there"), 8)

        assert len([one for one in found if isinstance(one, FormSubmission)]) == 1, found
        assert len(kept()) == Outbox.objects.count() == 1

    @pytest.mark.postgresql
    def test_without_holding_the_page_the_same_race_keeps_more(self, monkeypatch):
        """The control. Only on PostgreSQL: on SQLite each has the whole database to itself."""
        page = make_form()
        all_have_looked = threading.Barrier(8)
        create = FormSubmission.objects.create

        def create_late(**values):
            all_have_looked.wait(timeout=30)
            return create(**values)

        monkeypatch.setattr(Page.objects, "select_for_update", lambda **_: Page.objects.all())
        monkeypatch.setattr(FormSubmission.objects, "create", create_late)

        race(lambda _n: submissions.keep(page, WRITTEN, "there"), 8)

        assert len(kept()) == 8


class TestTheMail:
    def test_it_says_what_was_asked_and_answered_and_answers_go_to_who_wrote(self, client, page):
        send(client)
        assert mail.outbox == []
        drain()

        (message,) = mail.outbox
        assert message.to == ["desk@example.com"]
        assert message.reply_to == ["ada@example.com"]
        assert message.subject == "Sent to you: Write to us"
        assert (
            "Your name\n    Ada Lovelace\n\nEmail\n    ada@example.com\n\n"
            "Topic\n    A commission\n\nMessage\n    Two lines\n    of words\n"
        ) in message.body
        assert reverse("wagtailforms:list_submissions", args=[page.pk]) in message.body
        html = message.alternatives[0].content
        assert "Two lines<br>of words" in html

    def test_it_goes_to_the_contact_address_else_to_the_merchant(self, client):
        make_form()
        send(client)
        drain()
        row = Outbox.objects.get()
        assert (row.state, mail.outbox) == ("dropped", [])
        assert len(kept()) == 1

        own = OrderSettings.load()
        own.merchant_email = "merchant@example.com"
        own.save()
        send(client, message="Again")
        site = Site.objects.get(is_default_site=True)
        drain()
        ShopSettings.objects.update_or_create(
            site=site, defaults={"contact_email": "hello@example.com"}
        )
        send(client, message="And again")
        drain()

        assert [message.to for message in mail.outbox] == [
            ["merchant@example.com"],
            ["hello@example.com"],
        ]

    def test_every_kind_of_answer_is_put_in_words(self, client):
        make_form(EVERY_KIND, send_to="desk@example.com")
        send(client, EVERY_ANSWER)
        submission = FormSubmission.objects.get()

        told = dict(submissions.answers(FormField.objects.all(), submission.form_data))

        assert told == {
            "Line": "one",
            "Text": "one\ntwo",
            "Mail": "ada@example.com",
            "Number": "1.50",
            "Address": "https://example.com/x",
            "Agreed": "Yes",
            "Several": "a, c",
            "One": "b",
            "Many": "b, c",
            "Round": "a",
            "Day": "March 1, 2026",
            "Moment": "March 1, 2026, 10:30 a.m.",
            "Secret": "from the poster",
        }

    def test_an_answer_to_a_field_that_is_gone_is_told_as_well(self, page):
        told = submissions.answers(page.form_fields.all(), {"email": "", "old": [], "mad": False})

        assert told == [("Email", "–"), ("old", "–"), ("mad", "No")]

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"a": "ada@example.com"}, "ada@example.com"),
            ({"a": "ada@example.com", "b": "ada@example.com"}, "ada@example.com"),
            ({"a": "ada@example.com", "b": "eve@example.com"}, ""),
            ({"a": "", "b": None}, ""),
            ({"a": "ada@example.com\nBcc: eve@example.com"}, ""),
        ],
    )
    def test_answers_go_to_a_single_address_that_is_one(self, given, expected):
        fields = [FormField(clean_name=name, field_type="email") for name in ("a", "b")]

        assert submissions.sender(fields, given) == expected

    def test_nothing_that_was_written_becomes_a_header(self, client, page):
        FormPage.objects.update(title="Write\r\nBcc: eve@example.com", draft_title="Write")
        send(
            client, your_name="Ada\r\nBcc: eve@example.com", message="\r\n\r\nBcc: eve@example.com"
        )
        drain()

        (message,) = mail.outbox
        assert message.recipients() == ["desk@example.com"]
        assert message.subject == "Sent to you: Write Bcc: eve@example.com"
        assert "Bcc" not in message.message()

    def test_what_was_deleted_before_the_mail_left_is_told_to_nobody(self, client, page):
        send(client)
        FormSubmission.objects.all().delete()
        drain()

        assert mail.outbox == []
        assert Outbox.objects.get().last_error == "what was sent has been deleted"

    def test_the_outbox_keeps_none_of_the_words(self, client, page):
        send(client)

        row = Outbox.objects.get()
        assert row.payload == {"submission": FormSubmission.objects.get().pk}
        assert "ada" not in row.key.lower()

    def test_it_can_be_looked_at_before_its_words_are_changed(self):
        letter = example.letter(submissions.KIND, "en", "owner@example.com")

        message = sending.message(letter, "example")
        assert message.subject == "Sent to you: Write to us"
        assert "Your name\n    Ada Lovelace" in message.body


@pytest.fixture
def member_of(client, django_user_model):
    def log_in(name):
        user = django_user_model.objects.create_user(name, f"{name}@example.com", "secret")
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)

    return log_in


class TestInTheAdmin:
    @pytest.mark.parametrize(
        ("group", "may"), [("Marketer", True), ("Owner", True), ("Merchandiser", False)]
    )
    def test_who_may_edit_words_reads_what_was_sent(self, client, page, member_of, group, may):
        send(client)
        member_of(group)

        listing = client.get(reverse("wagtailforms:list_submissions", args=[page.pk]))
        forms = client.get(reverse("wagtailforms:index"))

        assert (listing.status_code == 200) == may
        assert ("Ada Lovelace" in listing.content.decode()) == may
        assert ("Write to us" in forms.content.decode()) == may

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_no_answer_becomes_a_formula_in_a_spreadsheet(self, client, page, editor, kind):
        send(client, your_name='=HYPERLINK("https://eve.example.com")', message="@SUM(A1)\x0b")

        address = reverse("wagtailforms:list_submissions", args=[page.pk])
        found = b"".join(client.get(address, {"export": kind}).streaming_content)

        if kind == "csv":
            assert """'=HYPERLINK(""https://eve.example.com"")""" in found.decode()
            assert "'@SUM(A1)" in found.decode()
        else:
            sheet = openpyxl.load_workbook(BytesIO(found)).active
            row = [cell.value for cell in sheet[2]]
            assert row[1] == """'=HYPERLINK("https://eve.example.com")"""
            assert row[4].startswith("'@SUM(A1)")

    def test_a_form_is_previewed_with_its_fields_and_with_its_thanks(self, client, page, editor):
        data = nested_form_data(
            {
                "title": "Ask us",
                "slug": "write-to-us",
                "intro": rich_text("<p>Anything at all.</p>"),
                "thanks": rich_text("<p>Until Friday.</p>"),
                "send_to": "",
                "seo_title": "",
                "search_description": "",
                "comments": inline_formset([]),
                "form_fields": inline_formset(
                    [
                        {
                            "label": "Colour",
                            "field_type": "radio",
                            "required": "on",
                            "choices": "Red\nBlue",
                            "default_value": "",
                            "help_text": "",
                        }
                    ]
                ),
            }
        )
        address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
        assert client.post(address, data).json() == {"is_valid": True, "is_available": True}

        form = client.get(address, {"mode": ""}).content.decode()
        thanks = client.get(address, {"mode": "landing"}).content.decode()

        assert "Anything at all." in form
        assert 'name="colour" value="Blue"' in form
        assert "disabled>Send</button>" in form
        assert "Until Friday." in thanks

    def test_the_editor_says_how_long_it_is_kept(self, client, page, editor):
        send(client)

        shown = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

        assert "kept until somebody deletes it" in shown
