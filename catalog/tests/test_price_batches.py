"""What a price batch will write, what its approval writes, and what its end leaves."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from taggit.models import Tag
from wagtail.models import Revision

from catalog import price_batches, prices
from catalog.models import Brand, Price, PriceBatch, PriceBatchRun, Product, ProductCategory
from catalog.models.price_batches import AlreadyApprovedError
from catalog.money import round_to
from catalog.price_batches import CannotApproveError, CannotEndError, writing
from catalog.price_batches.difference import Doubt, describe, differences
from catalog.price_batches.price_list import parse
from catalog.price_batches.rule import new_price
from catalog.price_batches.states import State, state_of
from catalog.price_batches.working_out import work_out
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from catalog.tests.price_batches import amounts, make_batch, price_of

pytestmark = pytest.mark.django_db


def in_days(number: float):
    return timezone.now() + timedelta(days=number)


class TestRounding:
    @pytest.mark.parametrize(
        ("amount", "ending", "rounded"),
        [
            ("84.15", ".95", "83.95"),
            ("84.46", ".95", "84.95"),
            ("84.95", ".95", "84.95"),
            ("0.30", ".95", "0.95"),
            ("12.50", ".00", "13.00"),
            ("0.30", ".00", "1.00"),
            ("19.41", ".90", "19.90"),
            ("20.00", ".99", "19.99"),
        ],
    )
    def test_it_is_to_the_nearest_price_that_ends_so(self, amount, ending, rounded):
        assert round_to(Decimal(amount), Decimal(ending), "EUR") == Decimal(rounded)

    @given(st.decimals("0.01", "99999", places=2), st.sampled_from([".00", ".90", ".95", ".99"]))
    def test_it_is_never_more_than_half_a_unit_away_nor_nothing(self, amount, ending):
        rounded = round_to(amount, Decimal(ending), "EUR")

        assert rounded > 0
        assert rounded % 1 == Decimal(ending)
        assert abs(rounded - amount) <= Decimal("0.5") or rounded <= 1

    def test_a_currency_without_decimals_keeps_none(self):
        assert new_price(Decimal(999), "percent", Decimal(-15), "", "JPY") == 849


class TestRule:
    @pytest.mark.parametrize(
        ("change", "value", "expected"),
        [("percent", "-15", "17.00"), ("amount", "-5.50", "14.50"), ("price", "9.99", "9.99")],
    )
    def test_it_counts_from_the_regular_price(self, change, value, expected):
        assert new_price(Decimal(20), change, Decimal(value), "", "EUR") == Decimal(expected)

    def test_one_price_for_all_is_not_rounded(self):
        assert new_price(None, "price", Decimal("9.99"), ".95", "EUR") == Decimal("9.99")

    def test_below_zero_stays_below_zero_for_all_to_see(self):
        assert new_price(Decimal(3), "amount", Decimal(-5), ".95", "EUR") == -2

    def test_without_a_regular_price_there_is_nothing_to_count_from(self):
        assert new_price(None, "percent", Decimal(-15), "", "EUR") is None


class TestPriceList:
    def understood(self, text):
        found = parse(text, "EUR")
        assert not found.problems
        return [(written.code, written.amount) for written in found.prices]

    @pytest.mark.parametrize(
        ("case", "text"),
        [
            ("commas", "A-1,12.95\nB 2,7"),
            ("semicolons and decimal commas", "A-1;12,95\nB 2;7,00"),
            ("tabs", "A-1\t€12.95\nB 2\t7.00 EUR"),
            ("with a header", "SKU;Price\nA-1;12.95\nB 2;7"),
            ("other columns beside", "Title,Variant SKU,Variant Price\nX,A-1,12.95\nY,B 2,7"),
            ("quoted", '"A-1","12,95"\n"B 2","7,00"'),
            ("empty lines", "\r\nA-1;12.95\r\n;\r\nB 2;7\r\n"),
        ],
    )
    def test_delimiters_and_ways_to_write_money_are_understood(self, case, text):
        assert self.understood(text) == [("A-1", Decimal("12.95")), ("B 2", Decimal(7))]

    def test_each_bad_line_is_told_by_its_number_and_the_others_are_kept(self):
        found = parse("SKU;Price\nA;12\nB;twelve\nC;-1\nD\n\nA;13\nE;5", "EUR")

        assert [number for number, _problem in found.problems] == [3, 4, 5, 7]
        assert [written.code for written in found.prices] == ["A", "E"]

    def test_a_decimal_comma_between_commas_is_not_guessed_at(self):
        found = parse("A,12,95\nB,7,00", "EUR")

        assert not found.prices
        assert "semicolon" in found.problems[0][1]

    def test_a_list_without_end_is_refused(self):
        found = parse("A;1\n" * 60_000, "EUR")

        assert len(found.problems) == 1


class TestWorkingOut:
    def test_a_category_means_what_is_below_it_and_what_it_lists_besides(self):
        prints = make_category("Prints")
        large = make_category("Large", parent=prints)
        other = make_category("Other")
        make_sku(make_page(category=prints), code="A", price="10.00")
        make_sku(make_page(category=large), code="B", price="20.00")
        elsewhere = make_page(category=other)
        elsewhere.further_categories.add(ProductCategory(category=large))
        elsewhere.save()
        make_sku(elsewhere, code="C", price="30.00")
        make_sku(make_page(category=other), code="D", price="40.00")

        assert amounts(make_batch(categories=(prints,))) == {
            "A": "9.00",
            "B": "18.00",
            "C": "27.00",
        }

    def test_conditions_all_have_to_be_met_and_chosen_products_come_besides(self):
        prints = make_category("Prints")
        brand = Brand.objects.create(name="Paper & Ink")
        both = make_page(category=prints, brand=brand)
        both.tags.add("sea")
        both.save()
        make_sku(both, code="BOTH", price="10.00")
        make_sku(make_page(category=prints, brand=brand), code="BRAND", price="10.00")
        chosen = make_page(category=prints)
        make_sku(chosen, code="CHOSEN", price="10.00")
        make_sku(make_page(category=prints), code="NEITHER", price="10.00")
        batch = PriceBatch(name="X", live=False, change="percent", value=-50, products=[chosen.pk])
        batch.categories.set([prints])
        batch.brands.set([brand])
        batch.any_of_tags.set(Tag.objects.filter(name="sea"))

        work_out(batch)

        assert amounts(batch) == {"BOTH": "5.00", "CHOSEN": "5.00"}

    def test_what_is_retired_or_not_on_sale_is_left_out_of_a_rule(self):
        page = make_page()
        make_sku(page, code="A", price="10.00", option1="S")
        make_sku(page, code="B", price="10.00", option1="M", is_active=False)
        retired = make_page()
        make_sku(retired, code="C", price="10.00")
        Product.objects.filter(pk=retired.product_id).update(retired=timezone.now())

        assert amounts(make_batch(categories=(page.get_parent().specific,))) == {"A": "9.00"}

    def test_by_hand_counts_more_than_the_list_and_that_more_than_the_rule(self):
        category = make_category()
        skus = [make_sku(make_page(category=category), code=code) for code in "ABC"]

        batch = make_batch(
            categories=(category,), price_list="a;7.00\nB;6.00", by_hand={skus[0]: "5.00"}
        )

        assert amounts(batch) == {"A": "5.00", "B": "6.00", "C": "9.00"}

    def test_a_sku_without_a_price_is_a_line_without_an_amount(self):
        category = make_category()
        make_sku(make_page(category=category), code="A", price=None)

        batch = make_batch(categories=(category,))

        assert (amounts(batch), batch.prices_planned) == ({"A": None}, 0)

    def test_it_counts_from_the_regular_price_at_the_start(self):
        category = make_category()
        sku = make_sku(make_page(category=category), code="A", price="10.00")
        set_price(sku, "20.00", at=in_days(2))

        batch = make_batch(categories=(category,), starts_at=in_days(3))

        assert amounts(batch) == {"A": "18.00"}

    def test_a_rule_without_products_is_for_none(self):
        make_sku(price="10.00")

        assert make_batch(change="percent", value=Decimal(-10)).lines == []


class TestApproval:
    def test_it_writes_the_ledger_for_the_window(self, editor):
        sku = make_sku(price="10.00")
        start, end = in_days(2), in_days(4)
        batch = make_batch(by_hand={sku: "8.00"}, starts_at=start, ends_at=end)
        assert price_of(sku, start) == 10

        run = price_batches.approve(batch, user=editor)

        assert (run.entries, run.approved_by) == (1, editor)
        assert price_of(sku) == 10
        assert price_of(sku, start) == 8
        assert price_of(sku, end) == 10
        row = Price.objects.get(batch=batch)
        assert (row.user, row.reason, row.kind) == (editor, "Autumn sale", "sale")
        batch.refresh_from_db()
        assert batch.live
        assert state_of(batch) == State.SCHEDULED

    def test_a_start_that_has_passed_means_from_now_on(self, editor):
        sku = make_sku(price="10.00")
        batch = make_batch(by_hand={sku: "8.00"}, starts_at=in_days(-2))
        before = timezone.now()

        price_batches.approve(batch, user=editor)

        assert price_of(sku, before) == 10
        assert price_of(sku) == 8
        assert state_of(batch) == State.RUNNING

    def test_a_launch_says_from_which_moment_on(self, editor):
        sku = make_sku(price="10.00")
        moment = in_days(1)

        price_batches.approve(make_batch(by_hand={sku: "8.00"}), user=editor, at=moment)

        assert Price.objects.get(kind="sale").valid_from == moment

    def test_the_listing_knows_at_once(self, editor):
        sku = make_sku(price="10.00")

        price_batches.approve(make_batch(by_hand={sku: "8.00"}), user=editor)

        product = Product.objects.get(pk=sku.product_id)
        assert (product.lowest_price, product.on_sale) == (Decimal(8), True)

    def test_what_is_approved_is_what_was_worked_out_not_what_it_would_be_now(self, editor):
        category = make_category()
        sku = make_sku(make_page(category=category), price="10.00")
        batch = make_batch(categories=(category,))
        set_price(sku, "100.00")

        price_batches.approve(batch, user=editor)

        assert price_of(sku) == 9

    def test_a_second_approval_writes_nothing(self, editor):
        sku = make_sku(price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})
        price_batches.approve(batch, user=editor)

        with pytest.raises(AlreadyApprovedError):
            price_batches.approve(batch, user=editor)

        assert Price.objects.filter(batch=batch).count() == 1

    @pytest.mark.parametrize(
        ("problem", "price_list", "fields"),
        [
            ("no price", "", {}),
            ("over before it begins", "A;8.00", {"ends_at": -1}),
            ("below zero", "", {"change": "amount", "value": -20}),
            ("too large", "", {"change": "percent", "value": 99_000_000_000}),
        ],
    )
    def test_what_cannot_be_written_is_not_approved(self, editor, problem, price_list, fields):
        category = make_category()
        make_sku(
            make_page(category=category), code="A", price="200.00" if "too" in problem else "9"
        )
        if days := fields.get("ends_at"):
            fields = {"ends_at": in_days(days)}
        if "value" in fields:
            fields = {**fields, "value": Decimal(fields["value"]), "categories": (category,)}
        batch = make_batch(price_list=price_list, **fields)

        with pytest.raises(CannotApproveError, match=problem):
            price_batches.approve(batch, user=editor)

        assert not Price.objects.filter(batch=batch).exists()
        assert not PriceBatchRun.objects.exists()
        assert not PriceBatch.objects.get(pk=batch.pk).live

    def test_a_sku_that_was_deleted_since_is_passed_over(self, editor):
        kept, gone = make_sku(price="10.00"), make_sku(price="10.00")
        batch = make_batch(price_list=f"{kept.code};8\n{gone.code};8")
        gone.delete()

        assert price_batches.approve(batch, user=editor).entries == 1

    def test_nothing_is_left_where_a_transaction_around_it_fails(self, editor):
        batch = make_batch(by_hand={make_sku(price="10.00"): "8.00"})

        def approve_and_fail():
            with transaction.atomic():
                price_batches.approve(batch, user=editor)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            approve_and_fail()

        assert not PriceBatchRun.objects.exists()
        assert not PriceBatch.objects.get(pk=batch.pk).live


class TestApproved:
    @pytest.fixture
    def batch(self, editor):
        batch = make_batch(by_hand={make_sku(price="10.00"): "8.00"})
        price_batches.approve(batch, user=editor)
        return PriceBatch.objects.get(pk=batch.pk)

    def test_it_is_locked_for_everybody(self, batch, editor):
        assert batch.get_lock().for_user(editor)

    def test_it_takes_no_other_draft(self, batch):
        batch.name = "Winter sale"

        with pytest.raises(PermissionDenied):
            batch.save_revision()

    def test_an_older_draft_of_it_is_not_published(self, batch, editor):
        first = Revision.objects.for_instance(batch).first()

        with pytest.raises(AlreadyApprovedError):
            first.publish(user=editor)

    def test_it_is_neither_unpublished_nor_deleted(self, batch, editor):
        with pytest.raises(AlreadyApprovedError):
            batch.unpublish(user=editor)
        with pytest.raises(ProtectedError):
            batch.delete()

    def test_it_can_be_copied_to_a_new_draft(self, batch, editor):
        copied = price_batches.copy(batch, editor)

        assert (copied.name, copied.live) == ("Copy of Autumn sale", False)
        assert amounts(copied) == amounts(batch)
        assert state_of(copied) == State.DRAFT
        assert price_batches.approve(copied, user=editor).entries == 1


class TestEnding:
    def test_the_prices_below_come_back_at_once(self, editor):
        sku = make_sku(price="10.00", compare_at="12.00")
        batch = make_batch(by_hand={sku: "8.00"}, ends_at=in_days(5))
        price_batches.approve(batch, user=editor)
        assert price_of(sku) == 8

        assert price_batches.end(batch, user=editor) == 1

        assert price_of(sku) == 10
        assert price_of(sku, in_days(9)) == 10
        assert Product.objects.get(pk=sku.product_id).lowest_price == 10
        assert state_of(batch) == State.ENDED

    def test_before_its_start_it_is_withdrawn(self, editor):
        sku = make_sku(price="10.00")
        batch = make_batch(by_hand={sku: "8.00"}, starts_at=in_days(1), ends_at=in_days(5))
        price_batches.approve(batch, user=editor)

        price_batches.end(batch, user=editor)

        assert price_of(sku, in_days(2)) == 10

    def test_what_was_sold_at_stays_in_the_ledger(self, editor):
        sku = make_sku(price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})
        price_batches.approve(batch, user=editor)
        during = timezone.now()

        price_batches.end(batch, user=editor)

        assert price_of(sku, during) == 8

    def test_it_ends_once(self, editor):
        batch = make_batch(by_hand={make_sku(price="10.00"): "8.00"})
        with pytest.raises(CannotEndError):
            price_batches.end(batch, user=editor)
        price_batches.approve(batch, user=editor)
        price_batches.end(batch, user=editor)

        with pytest.raises(CannotEndError):
            price_batches.end(batch, user=editor)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        others=st.lists(
            st.tuples(
                st.sampled_from(["regular", "sale"]),
                st.integers(1, 20),
                st.integers(-8, 8),
                st.one_of(st.none(), st.integers(1, 8)),
            ),
            max_size=5,
        ),
        window=st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(1, 5))),
    )
    def test_from_then_on_it_is_as_if_it_had_not_been(self, others, window):
        now = timezone.now()
        sku, model = make_sku(price="30.00"), make_sku(price="30.00")
        for kind, amount, start, days in others:
            for target in (sku, model):
                at = now + timedelta(days=start, hours=-1)
                Price.objects.create(
                    sku=target,
                    kind=kind,
                    amount=amount,
                    currency="EUR",
                    valid_from=at,
                    valid_until=days and at + timedelta(days=days),
                )
        start, days = window
        begins = now + timedelta(days=start) if start else None
        ends = days and now + timedelta(days=start + days)
        batch = make_batch(by_hand={sku: "2.00"}, starts_at=begins, ends_at=ends)
        price_batches.approve(batch, user=None)

        price_batches.end(batch, user=None)

        moment = timezone.now()
        for half in range(36):
            at = moment + timedelta(hours=12 * half)
            assert price_of(sku, at) == price_of(model, at)


class TestDifference:
    def row(self, batch, code, **options):
        found = differences(batch, with_cost=True, **options)
        return found, next(row for row in found.rows if row.code == code)

    def test_it_compares_with_the_price_at_its_start(self):
        sku = make_sku(code="A", price="10.00")
        set_price(sku, "20.00", at=in_days(1))
        batch = make_batch(by_hand={sku: "15.00"}, starts_at=in_days(2))

        found, row = self.row(batch, "A")

        assert (row.old_amount, row.new, row.percent) == (20, 15, Decimal("-25.0"))
        assert found.average == Decimal("-25.0")

    def test_an_approved_batch_is_compared_with_the_shop_without_it(self, editor):
        sku = make_sku(code="A", price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})
        run = price_batches.approve(batch, user=editor)

        _found, row = self.row(batch, "A", run=run)

        assert row.old_amount == 10

    def test_margins_are_for_those_who_may_see_costs(self):
        sku = make_sku(code="A", price="10.00", cost=Decimal(6))
        batch = make_batch(by_hand={sku: "8.00"})

        _found, row = self.row(batch, "A")
        hidden = differences(batch, with_cost=False).rows[0]

        assert row.margin == Decimal("25.0")
        assert (hidden.cost, hidden.margin) == (None, None)

    def test_doubts_are_raised_and_counted(self):
        make_sku(code="SAME", price="10.00")
        make_sku(code="STEEP", price="100.00", cost=Decimal(50))
        make_sku(code="UNPRICED", price=None)
        make_sku(code="RETIRED", price="10.00", is_active=False)
        gone = make_sku(code="GONE", price="10.00")
        fine = make_sku(code="FINE", price="10.00")
        lines = "SAME;10\nSTEEP;29.99\nUNPRICED;5\nRETIRED;5\nGONE;5\nFINE;5"
        batch = make_batch(price_list=lines)
        gone.delete()

        found = differences(batch, with_cost=True)

        assert {row.code: row.doubts for row in found.rows} == {
            "SAME": [Doubt.NOT_LOWER],
            "STEEP": [Doubt.STEEP, Doubt.BELOW_COST],
            "UNPRICED": [Doubt.NO_PRICE],
            "RETIRED": [Doubt.RETIRED],
            "GONE": [Doubt.GONE],
            fine.code: [],
        }
        assert found.doubtful == 5
        assert [row.code for row in found.with_doubt("steep")] == ["STEEP"]

    def test_another_price_that_begins_meanwhile_is_pointed_out(self):
        now = timezone.now()
        sku, other = make_sku(code="A", price="10.00"), make_sku(code="B", price="10.00")
        days = (now + timedelta(days=1), now + timedelta(days=4))
        first = make_batch(by_hand={sku: "8.00", other: "8.00"}, starts_at=days[0], ends_at=days[1])
        for key, begins in ((sku, days[0] + timedelta(days=1)), (other, days[1])):
            prices.add_prices([key], Price.Kind.SALE, Decimal("9.00"), start=begins)

        rows = differences(first, with_cost=False).rows

        assert {row.code: row.doubts for row in rows} == {"A": [Doubt.INTERRUPTED], "B": []}

    def test_a_price_below_zero_is_seen_before_it_is_refused(self):
        category = make_category()
        make_sku(make_page(category=category), code="A", price="3.00")
        batch = make_batch(categories=(category,), change="amount", value=Decimal(-5))

        assert self.row(batch, "A")[1].doubts[0] == Doubt.BELOW_ZERO

    def test_the_lowest_price_is_that_of_the_30_days_before_the_start(self):
        sku = make_sku(code="A", price=None)
        set_price(sku, "7.00", at=in_days(-20))
        set_price(sku, "10.00", at=in_days(-15))
        soon = make_batch(by_hand={sku: "6.00"})
        later = make_batch(by_hand={sku: "6.00"}, starts_at=in_days(20))

        lowest = []
        for batch in (soon, later):
            found, row = self.row(batch, "A")
            describe(found, [row])
            lowest.append(row.lowest)

        assert lowest == [7, 10]

    def test_many_lines_take_few_queries(self, django_assert_num_queries):
        category = make_category()
        for number in range(12):
            make_sku(make_page(category=category), price=f"{number + 10}.00")
        batch = PriceBatch.objects.get(pk=make_batch(categories=(category,)).pk)

        with django_assert_num_queries(4):
            found = differences(batch, with_cost=True)
        with django_assert_num_queries(3):
            describe(found, found.rows)

        assert len(found.rows) == 12


def test_a_batch_for_chosen_products_is_a_draft_about_them(editor):
    pages = [make_page(), make_page()]

    batch = price_batches.for_products(pages, editor)

    assert (batch.products, batch.live, batch.lines) == ([page.pk for page in pages], False, [])
    assert batch.latest_revision.user == editor


def race(action, times):
    """Run an action at the same moment in threads; return results, or the error of each."""
    start = threading.Barrier(times)

    def run(number):
        try:
            start.wait(timeout=30)
            return action(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestRaces:
    RIVALS = 6

    def approve(self, batch):
        return price_batches.approve(PriceBatch.objects.get(pk=batch.pk), user=None)

    def test_of_many_who_approve_at_once_one_does(self):
        sku = make_sku(price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})

        results = race(lambda _: self.approve(batch), self.RIVALS)

        approved = [result for result in results if isinstance(result, PriceBatchRun)]
        refused = [result for result in results if isinstance(result, AlreadyApprovedError)]
        assert (len(approved), len(refused)) == (1, self.RIVALS - 1), results
        assert Price.objects.filter(batch=batch).count() == 1

    def test_without_the_question_they_meet_at_the_constraint(self, monkeypatch):
        """The control: nobody looks whether it was approved, so they all begin to write."""
        sku = make_sku(price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})
        monkeypatch.setattr(PriceBatch, "is_approved", False)

        results = race(lambda _: self.approve(batch), self.RIVALS)

        assert not [one for one in results if isinstance(one, AlreadyApprovedError)], results
        # What the database itself keeps: still one run, and the prices of one.
        assert len([one for one in results if isinstance(one, PriceBatchRun)]) == 1
        assert Price.objects.filter(batch=batch).count() == 1

    def test_without_either_each_writes_the_prices_again(self, monkeypatch):
        """The control of the control: careless writing, each step a transaction of its own."""
        sku = make_sku(price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})
        all_have_looked = threading.Barrier(self.RIVALS)

        def carelessly(_number):
            approved = PriceBatchRun.objects.filter(batch=batch).exists()
            all_have_looked.wait(timeout=30)
            if not approved:
                prices.add_prices([sku], "sale", Decimal(8), start=timezone.now())

        race(carelessly, self.RIVALS)

        assert sku.prices.filter(kind="sale").count() == self.RIVALS

    def test_of_many_who_end_it_at_once_one_does(self):
        sku = make_sku(price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})
        self.approve(batch)

        results = race(lambda _: price_batches.end(batch, user=None), self.RIVALS)

        assert sorted(str(result) for result in results if isinstance(result, int)) == ["1"]
        assert price_of(sku) == 10

    def test_a_draft_saved_while_it_is_approved_comes_before_or_not_at_all(self, monkeypatch):
        sku = make_sku(price="10.00")
        batch = make_batch(by_hand={sku: "8.00"})
        write = writing.write

        def slowly(*args, **kwargs):
            run = write(*args, **kwargs)
            time.sleep(0.3)
            return run

        monkeypatch.setattr(writing, "write", slowly)

        def act(number):
            mine = PriceBatch.objects.get(pk=batch.pk)
            if number == 0:
                return price_batches.approve(mine, user=None)
            time.sleep(0.1)
            mine.name = "Changed"
            return mine.save_revision()

        results = race(act, 2)

        assert isinstance(results[0], PriceBatchRun)
        assert isinstance(results[1], AlreadyApprovedError), results
        assert PriceBatch.objects.get(pk=batch.pk).get_latest_revision_as_object().name != "Changed"
