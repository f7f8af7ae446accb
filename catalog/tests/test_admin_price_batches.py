"""Price batches in the admin: the form, the difference, approval, the end."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask
from wagtail.users.models import UserProfile

from catalog import price_batches
from catalog.models import Brand, Price, PriceBatch, PriceBatchRun
from catalog.price_batches.states import State, state_of
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from catalog.tests.price_batches import amounts, make_batch, price_of

pytestmark = pytest.mark.django_db
NAMESPACE = "wagtailsnippets_catalog_pricebatch"


def address(name, *args):
    return reverse(f"{NAMESPACE}:{name}", args=args)


def batch_form(by_hand=(), **fields):
    """What the form sends; ``by_hand``: SKUs with their prices."""
    data = {
        "name": "Autumn sale",
        "kind": "sale",
        "starts_at": "",
        "ends_at": "",
        "change": "",
        "value": "",
        "rounding": "",
        "any_of_tags": "",
        "products": "",
        "price_list": "",
        "by_hand-TOTAL_FORMS": len(by_hand),
        "by_hand-INITIAL_FORMS": 0,
        "by_hand-MIN_NUM_FORMS": 0,
        "by_hand-MAX_NUM_FORMS": 1000,
    }
    for place, (sku, amount) in enumerate(by_hand):
        data |= {
            f"by_hand-{place}-sku": sku.pk,
            f"by_hand-{place}-amount": amount,
            f"by_hand-{place}-ORDER": place + 1,
        }
    return data | fields


def written(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def text_of(response):
    return " ".join(response.content.decode().split())


def user_with(django_user_model, name, *codenames, group=None):
    user = django_user_model.objects.create_user(name, f"{name}@example.com", "secret")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    if group:
        user.groups.add(group)
    client = Client()
    client.force_login(user)
    return user, client


@pytest.fixture
def category():
    return make_category("Prints")


class TestForm:
    def errors(self, client, data):
        response = client.post(address("add"), data)
        assert response.status_code == 200
        assert not PriceBatch.objects.exists()
        return response.context["form"]

    def test_a_rule_is_worked_out_when_it_is_saved(self, client, editor, category):
        make_sku(make_page(category=category), code="A", price="10.00")
        data = batch_form(change="percent", value="−15", rounding=".95", categories=[category.pk])

        response = client.post(address("add"), data)

        batch = PriceBatch.objects.get()
        assert response.url == address("edit", batch.pk)
        assert amounts(batch) == amounts(batch.latest_revision.as_object()) == {"A": "8.95"}
        assert not batch.live

    def test_prices_by_hand_and_chosen_products_are_kept(self, client, editor, category):
        page = make_page(category=category)
        sku = make_sku(page, code="A", price="10.00", option1="S")
        make_sku(page, code="B", price="10.00", option1="M")
        data = batch_form(
            [(sku, "7.50")], change="amount", value="-1", products=f"{page.pk},{page.pk},999999"
        )

        client.post(address("add"), data)

        batch = PriceBatch.objects.get()
        assert batch.products == [page.pk]
        assert amounts(batch) == {"A": "7.50", "B": "9.00"}

    @pytest.mark.parametrize(
        ("field", "sent", "words"),
        [
            ("value", {"change": "percent", "value": "15"}, "Write −15"),
            ("value", {"change": "percent", "value": "-101"}, "between −100 and 1000"),
            ("value", {"change": "percent", "value": ""}, "by how much"),
            ("value", {"change": "percent", "value": "1e3"}, "Write a number"),
            ("value", {"change": "price", "value": "-1"}, "below zero"),
            ("value", {"change": "amount", "value": "-1.234"}, "fewer digits"),
            ("value", {"change": "amount", "value": "0"}, "Nothing would change"),
            ("change", {"value": "-15"}, "Choose what the number"),
            ("categories", {"change": "percent", "value": "-15"}, "which products"),
            ("ends_at", {"ends_at": "2020-01-01 00:00"}, "past already"),
            ("any_of_tags", {"any_of_tags": "unheard"}, "unheard"),
            ("price_list", {"price_list": "A;x"}, "Line 1"),
            ("price_list", {"price_list": "\n\nNOBODY;5"}, "Line 3: No SKU has the code"),
        ],
    )
    def test_mistakes_are_told_at_their_field_and_nothing_typed_is_lost(
        self, client, editor, field, sent, words
    ):
        form = self.errors(client, batch_form(**sent))

        assert words in " ".join(form.errors[field])
        assert form["name"].value() == "Autumn sale"
        for name, value in sent.items():
            assert form[name].value() == value

    def test_times_are_those_of_the_account_also_where_clocks_are_changed(self, client, editor):
        UserProfile.objects.create(user=editor, current_time_zone="Europe/Berlin")
        sku = make_sku(code="A", price="10.00")
        # The clocks go back on Sunday the 25th, so that this weekend has an hour more.
        window = {"starts_at": "2037-10-23 09:00", "ends_at": "2037-10-26 00:00"}

        client.post(address("add"), batch_form([(sku, "8.00")], **window))

        batch = PriceBatch.objects.get()
        assert "Time zone: Europe/Berlin." in text_of(client.get(address("edit", batch.pk)))
        assert [moment.isoformat() for moment in (batch.starts_at, batch.ends_at)] == [
            "2037-10-23T07:00:00+00:00",
            "2037-10-25T23:00:00+00:00",
        ]

    def test_a_time_that_there_is_twice_or_never_is_refused_at_its_field(self, client, editor):
        UserProfile.objects.create(user=editor, current_time_zone="Europe/Berlin")
        sku = make_sku(code="A", price="10.00")

        twice, never = "2037-10-25 02:30", "2037-03-29 02:30"
        form = self.errors(client, batch_form([(sku, "8.00")], starts_at=never, ends_at=twice))

        assert set(form.errors) == {"starts_at", "ends_at"}

    def test_an_end_before_the_start_is_refused_at_the_end(self, client, editor):
        now = timezone.now()
        sent = {
            "starts_at": written(now + timedelta(days=3)),
            "ends_at": written(now + timedelta(days=2)),
        }

        assert "Must be after" in self.errors(client, batch_form(**sent)).errors["ends_at"][0]

    def test_a_sku_twice_or_below_zero_by_hand_is_refused_at_its_row(self, client, editor):
        sku = make_sku(price="10.00")

        form = self.errors(client, batch_form([(sku, "8"), (sku, "-7")]))

        rows = form.formsets["by_hand"].forms
        assert not rows[0].errors
        assert "already" in rows[1].errors["sku"][0]
        assert "below zero" in rows[1].errors["amount"][0]

    def test_a_file_fills_the_list(self, client, editor):
        make_sku(code="Ä-1", price="10.00")
        file = SimpleUploadedFile("prices.csv", "SKU;Preis\nÄ-1;8,50\n".encode("cp1252"))

        client.post(address("add"), batch_form(price_file=file))

        assert amounts(PriceBatch.objects.get()) == {"Ä-1": "8.50"}

    def test_a_file_with_a_bad_row_stands_in_the_list_to_be_mended(self, client, editor):
        make_sku(code="A", price="10.00")
        file = SimpleUploadedFile("prices.csv", b"SKU,Price\nA,8.50\nB,9\nC,?\n")

        form = self.errors(client, batch_form(price_file=file))

        lines = form.errors["price_list"][0].splitlines()
        assert [line.split(":")[0] for line in lines] == ["Line 3", "Line 4"]
        assert form["price_list"].value() == "SKU,Price\nA,8.50\nB,9\nC,?\n"

    @pytest.mark.parametrize("data", [b"PK\x03\x04zip", b"\xff\xfe\x00\xd8", b"x" * 8_000_001])
    def test_what_is_no_list_is_refused_at_the_file(self, client, editor, data):
        file = SimpleUploadedFile("prices.csv", data)

        assert self.errors(client, batch_form(price_file=file)).errors["price_file"]

    def test_the_form_takes_as_many_queries_for_many_chosen_products_as_for_few(
        self, client, editor, django_assert_max_num_queries
    ):
        pages = [make_page() for _ in range(12)]
        few, many = (price_batches.for_products(chosen, editor) for chosen in (pages[:1], pages))
        client.get(address("edit", few.pk))
        counted = {}
        for batch in (few, many):
            with django_assert_max_num_queries(80) as queries:
                response = client.get(address("edit", batch.pk))
            counted[batch.pk] = len(queries)

        assert counted[few.pk] == counted[many.pk]
        assert all(page.title in response.content.decode() for page in pages)


class TestSaving:
    def test_saving_again_follows_the_prices_of_today(self, client, editor, category):
        sku = make_sku(make_page(category=category), code="A", price="10.00")
        batch = make_batch(categories=(category,))
        set_price(sku, "20.00")
        data = batch_form(change="percent", value="-10", categories=[category.pk])

        client.post(address("edit", batch.pk), data)

        assert amounts(PriceBatch.objects.get()) == {"A": "18.00"}

    def test_approving_without_a_change_writes_what_was_looked_at(self, client, editor, category):
        sku = make_sku(make_page(category=category), code="A", price="10.00")
        batch = make_batch(categories=(category,))
        set_price(sku, "20.00")
        data = batch_form(change="percent", value="-10", categories=[category.pk])

        client.post(address("edit", batch.pk), {**data, "action-publish": "action-publish"})

        assert PriceBatchRun.objects.get().entries == 1
        assert price_of(sku) == 9

    def test_approving_with_a_change_works_it_out(self, client, editor, category):
        sku = make_sku(make_page(category=category), code="A", price="10.00")
        batch = make_batch(categories=(category,))
        data = batch_form(change="percent", value="-50", categories=[category.pk])

        client.post(address("edit", batch.pk), {**data, "action-publish": "action-publish"})

        assert price_of(sku) == 5

    def test_what_cannot_be_approved_is_kept_as_a_draft_and_says_why(self, client, editor):
        batch = make_batch()
        data = batch_form(name="Renamed", **{"action-publish": "action-publish"})

        response = client.post(address("edit", batch.pk), data, follow=True)

        assert "It was saved, but not approved. It changes no price." in text_of(response)
        assert PriceBatch.objects.get().name == "Renamed"
        assert not PriceBatchRun.objects.exists()

    def test_it_does_not_save_by_itself(self, client, editor):
        response = client.get(address("edit", make_batch().pk))

        assert not response.context["autosave_enabled"]


class TestApproved:
    @pytest.fixture
    def batch(self, editor):
        batch = make_batch(by_hand={make_sku(code="A", price="10.00"): "8.00"})
        price_batches.approve(batch, user=editor)
        return batch

    def test_it_cannot_be_edited(self, client, editor, batch):
        response = client.post(address("edit", batch.pk), batch_form(name="Other"))

        assert "locked" in text_of(response)
        assert PriceBatch.objects.get().name == "Autumn sale"

    def test_nor_reverted(self, client, editor, batch):
        revision = batch.revisions.first()

        client.post(address("revisions_revert", batch.pk, revision.pk), batch_form(name="Other"))

        assert PriceBatch.objects.get().name == "Autumn sale"
        assert batch.revisions.count() == 1

    def test_nor_unpublished(self, client, editor, batch):
        for method in (client.get, client.post):
            response = method(address("unpublish", batch.pk))

            assert response.url == address("end", batch.pk)
        assert PriceBatch.objects.get().live

    def test_nor_deleted_alone_or_with_others(self, client, editor, batch):
        other = make_batch(name="Draft")
        bulk = reverse("wagtail_bulk_action", args=["catalog", "pricebatch", "delete"])
        ids = f"?id={batch.pk}&id={other.pk}&next=/admin/"

        for response in (
            client.post(address("delete", batch.pk)),
            client.post(bulk + ids),
        ):
            assert response.url == address("prices", batch.pk)

        assert PriceBatch.objects.count() == 2

    def test_it_can_be_copied(self, client, editor, batch):
        response = client.get(address("copy", batch.pk))

        form = response.context["form"]
        assert form["name"].value() == "Copy of Autumn sale"
        assert form.formsets["by_hand"].forms[0]["amount"].value() == Decimal(8)

    def test_a_draft_can_be_deleted(self, client, editor):
        draft = make_batch()

        client.post(address("delete", draft.pk))

        assert not PriceBatch.objects.exists()

    def test_it_is_ended_on_a_page_that_asks(self, client, editor, batch):
        question = client.get(address("end", batch.pk))
        assert "Its price counts no longer" in text_of(question)
        assert PriceBatchRun.objects.get().ended is None

        response = client.post(address("end", batch.pk), follow=True)

        assert "was ended: 1 price counts no longer" in text_of(response)
        assert PriceBatchRun.objects.get().ended_by == editor
        again = client.post(address("end", batch.pk), follow=True)
        assert "It has been ended already" in text_of(again)

    def test_only_those_who_approve_may_end_it(self, batch, django_user_model):
        _user, client = user_with(django_user_model, "merch", "change_pricebatch")

        assert client.post(address("end", batch.pk)).status_code in (302, 403)
        assert PriceBatchRun.objects.get().ended is None


class TestWorkflow:
    """A merchandiser writes prices, somebody else approves them."""

    @pytest.fixture
    def people(self, django_user_model):
        approvers = Group.objects.create(name="Approvers")
        task = GroupApprovalTask.objects.create(name="Look at the prices")
        task.groups.set([approvers])
        workflow = Workflow.objects.create(name="Prices")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowContentType.objects.update_or_create(
            content_type=PriceBatch().get_content_type(), defaults={"workflow": workflow}
        )
        may = ("add_pricebatch", "change_pricebatch")
        return (
            user_with(django_user_model, "merch", *may),
            user_with(
                django_user_model, "fin", "change_pricebatch", "publish_pricebatch", group=approvers
            ),
        )

    def submitted(self, client, **fields):
        sku = make_sku(code="A", price="10.00")
        data = batch_form([(sku, "8.00")], **fields)
        client.post(address("add"), {**data, "action-submit": "action-submit"})
        return sku, PriceBatch.objects.get()

    def test_it_waits_until_it_is_approved_in_the_modal(self, people):
        (_merch, writing), (fin, approving) = people
        sku, batch = self.submitted(writing)
        assert state_of(batch) == State.IN_APPROVAL
        assert price_of(sku) == 10
        task = batch.current_workflow_task_state

        approving.post(address("workflow_action", batch.pk, "approve", task.pk), {"comment": ""})

        assert PriceBatchRun.objects.get().approved_by == fin
        assert price_of(sku) == 8
        assert state_of(batch) == State.RUNNING

    def test_what_could_not_be_approved_is_not_submitted(self, people):
        (_merch, writing), _others = people
        make_sku(code="A", price="10.00")
        data = {**batch_form(), "action-submit": "action-submit"}

        response = writing.post(address("add"), data, follow=True)

        batch = PriceBatch.objects.get()
        assert "It was saved, but not submitted. It changes no price." in text_of(response)
        assert state_of(batch) == State.DRAFT
        assert not mail.outbox

    def test_approvers_and_whoever_submitted_get_mails(
        self, people, django_capture_on_commit_callbacks
    ):
        (merch, writing), (fin, approving) = people
        with django_capture_on_commit_callbacks(execute=True):
            _sku, batch = self.submitted(writing)
        assert [(message.to, batch.name in message.subject) for message in mail.outbox] == [
            ([fin.email], True)
        ]
        mail.outbox.clear()
        task = batch.current_workflow_task_state

        with django_capture_on_commit_callbacks(execute=True):
            approving.post(
                address("workflow_action", batch.pk, "approve", task.pk), {"comment": ""}
            )

        assert [message.to for message in mail.outbox] == [[merch.email]]

    def test_whoever_wrote_it_can_neither_approve_nor_publish_it(self, people):
        (_merch, writing), _others = people
        sku, batch = self.submitted(writing)
        task = batch.current_workflow_task_state

        writing.post(address("workflow_action", batch.pk, "approve", task.pk), {"comment": ""})
        writing.post(
            address("edit", batch.pk),
            {**batch_form([(sku, "8.00")]), "action-publish": "action-publish"},
        )

        assert not PriceBatchRun.objects.exists()

    def test_what_cannot_be_approved_stays_with_the_approver_who_is_told_why(self, people):
        (_merch, writing), (_fin, approving) = people
        _sku, batch = self.submitted(writing, ends_at=written(timezone.now() + timedelta(days=1)))
        past = timezone.now() - timedelta(days=1)
        revision = batch.latest_revision
        revision.content["ends_at"] = past.isoformat()
        revision.save()
        task = batch.current_workflow_task_state

        response = approving.post(
            address("workflow_action", batch.pk, "approve", task.pk), {"comment": ""}, follow=True
        )

        assert "It was not approved. It would be over before it begins" in text_of(response)
        assert not PriceBatchRun.objects.exists()
        assert state_of(batch) == State.IN_APPROVAL

    def test_the_approver_sees_the_difference(self, people):
        (_merch, writing), (_fin, approving) = people
        _sku, batch = self.submitted(writing)

        page = approving.get(address("prices", batch.pk))

        assert "−20.0 %" in text_of(page)
        assert "Waits for approval" in text_of(page)


class TestDifference:
    def test_it_shows_old_and_new_and_counts_what_to_look_at(self, client, editor):
        sku = make_sku(make_page("Dunes"), code="A", price="10.00", cost=Decimal(9))
        batch = make_batch(by_hand={sku: "8.00"})

        text = text_of(client.get(address("prices", batch.pk)))

        for words in ("Dunes", "€10.00", "€8.00", "−20.0 %", "−12.5 %", "Below cost (1)"):
            assert words in text

    def test_costs_are_not_for_everybody(self, django_user_model):
        sku = make_sku(code="A", price="10.00", cost=Decimal(9))
        batch = make_batch(by_hand={sku: "8.00"})
        _user, client = user_with(django_user_model, "viewer", "view_pricebatch")

        response = client.get(address("prices", batch.pk))
        export = client.get(address("prices", batch.pk) + "?export=csv")

        assert "Below cost" not in text_of(response)
        assert "Margin" not in text_of(response) + b"".join(export).decode()

    def test_it_is_not_for_strangers(self, django_user_model):
        batch = make_batch()
        _user, client = user_with(django_user_model, "stranger", "change_sku")

        assert client.get(address("prices", batch.pk)).status_code != 200

    def test_it_is_filtered_searched_and_paged(self, client, editor):
        lines = {make_sku(code=f"S-{n:02}", price="10.00"): "9.00" for n in range(60)}
        lines[make_sku(code="STEEP", price="100.00")] = "1.00"
        batch = make_batch(by_hand=lines)
        prices = address("prices", batch.pk)

        def rows(query):
            return len(client.get(prices + query).context["object_list"])

        assert rows("") == 50
        assert rows("?p=2") == 11
        assert rows("?doubt=steep") == rows("?doubt=any") == 1
        assert rows("?q=s-1") == 10

    def test_it_takes_a_constant_number_of_queries(
        self, client, editor, django_assert_max_num_queries
    ):
        counted = []
        for number in (1, 20):
            batch = make_batch(by_hand={make_sku(price="10.00"): "9.00" for _ in range(number)})
            client.get(address("prices", batch.pk))
            with django_assert_max_num_queries(40) as queries:
                client.get(address("prices", batch.pk))
            counted.append(len(queries))

        assert counted[0] == counted[1]

    def test_it_exports_and_defuses_formulas(self, client, editor):
        sku = make_sku(make_page("=1+1"), code="A", price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})
        prices = address("prices", batch.pk)

        text = b"".join(client.get(prices + "?export=csv")).decode()
        xlsx = b"".join(client.get(prices + "?export=xlsx"))

        assert "A,'=1+1" in text
        row = list(load_workbook(BytesIO(xlsx)).active.values)[1]
        assert row[:6] == ("A", "'=1+1", None, 10, 8, -20)


class TestList:
    def test_each_state_has_its_name_and_can_be_filtered_by(self, client, editor):
        now = timezone.now()
        windows = {
            State.SCHEDULED: (now + timedelta(days=1), None),
            State.RUNNING: (None, now + timedelta(days=1)),
            State.OVER: (None, now + timedelta(days=1)),
            State.ENDED: (None, None),
        }
        made = {State.DRAFT: make_batch(name="draft")}
        for state, (start, end) in windows.items():
            sku = make_sku(price="10.00")
            batch = make_batch(name=state, by_hand={sku: "8"}, starts_at=start, ends_at=end)
            price_batches.approve(batch, user=editor)
            made[state] = batch
        price_batches.end(made[State.ENDED], user=editor)
        PriceBatchRun.objects.filter(batch=made[State.OVER]).update(ends_at=now)

        for state, batch in made.items():
            response = client.get(address("list") + f"?state={state}")
            assert [one.pk for one in response.context["object_list"]] == [batch.pk], state

    def test_it_takes_a_constant_number_of_queries(
        self, client, editor, django_assert_max_num_queries
    ):
        counted = []
        for number in (1, 9):
            for _ in range(number):
                batch = make_batch(by_hand={make_sku(price="10.00"): "9.00"})
                price_batches.approve(batch, user=editor)
            client.get(address("list"))
            with django_assert_max_num_queries(40) as queries:
                client.get(address("list"))
            counted.append(len(queries))

        assert counted[0] == counted[1]


class TestChoosingSkus:
    def rows(self, client, **query):
        response = client.get(reverse("catalog_sku_chooser:choose_results"), query)
        return [sku.code for sku in response.context["results"]]

    def test_they_are_found_by_code_and_by_title(self, client, editor):
        make_sku(make_page("Dunes at dusk"), code="DD-1")
        make_sku(make_page("Waves"), code="W-1")

        assert self.rows(client) == ["DD-1", "W-1"]
        assert self.rows(client, q="w-") == ["W-1"]
        assert self.rows(client, q="dusk") == ["DD-1"]

    def test_several_are_chosen_at_once(self, client, editor):
        skus = [make_sku(make_page("Dunes"), code=code) for code in ("A", "B")]
        chosen = reverse("catalog_sku_chooser:chosen_multiple")

        answer = client.get(chosen, {"id": [sku.pk for sku in skus], "multiple": 1}).json()

        assert [one["title"] for one in answer["result"]] == ["A – Dunes", "B – Dunes"]


def test_two_drafts_can_be_compared(client, editor, category):
    page = make_page("Dunes", category)
    make_sku(page, code="A", price="10.00")
    batch = make_batch(categories=(category,))
    brand = Brand.objects.create(name="Paper & Ink")
    data = batch_form(
        name="Winter sale",
        change="percent",
        value="-20",
        categories=[category.pk],
        brands=[brand.pk],
        products=str(page.pk),
    )
    client.post(address("edit", batch.pk), data)

    response = client.get(address("revisions_compare", batch.pk, "earliest", "latest"))

    text = text_of(response)
    assert "Winter" in text
    assert "Paper &amp; Ink" in text
    assert 'addition">Dunes<' in text
    assert 'deletion">A: 9.00<' in text
    assert 'addition">A: 8.00<' in text
    assert Price.objects.filter(batch=batch).count() == 0
