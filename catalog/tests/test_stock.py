import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from catalog import stock
from catalog.models import CatalogSettings, Product, Sku, Stock, StockMovement
from catalog.tests.factories import make_page, make_sku

pytestmark = pytest.mark.django_db


def on_hand(sku):
    return Stock.objects.get(sku=sku).on_hand


def ledger(sku):
    return sku.movements.aggregate(Sum("quantity"))["quantity__sum"]


def test_what_is_taken_is_gone_and_in_the_ledger():
    sku = make_sku(on_hand=5)

    with transaction.atomic():
        taken = stock.take({sku: 3}, reference="K7QF-2M9D")

    assert taken == {sku: 3}
    assert on_hand(sku) == ledger(sku) == 2
    movement = sku.movements.get(reason="order")
    assert (movement.quantity, movement.reference) == (-3, "K7QF-2M9D")


def test_more_than_there_is_cannot_be_taken_and_nothing_else_is():
    sold_out, plenty = make_sku(on_hand=1), make_sku(on_hand=9)

    with pytest.raises(stock.OutOfStockError), transaction.atomic():
        stock.take({plenty: 2, sold_out: 2}, reference="X")

    assert (on_hand(plenty), on_hand(sold_out)) == (9, 1)
    assert not StockMovement.objects.filter(reason="order").exists()


def test_a_back_order_takes_what_there_is_and_owes_the_rest():
    sku = make_sku(on_hand=2, when_sold_out=Stock.WhenSoldOut.SELL_ON)

    with transaction.atomic():
        taken = stock.take({sku: 5}, reference="X")

    assert taken == {sku: 2}
    assert on_hand(sku) == ledger(sku) == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_stock_is_not_taken_outside_a_transaction():
    sku = make_sku(on_hand=2)

    with pytest.raises(transaction.TransactionManagementError):
        stock.take({sku: 1}, reference="X")

    assert on_hand(sku) == 2


def test_an_adjustment_adds_to_what_is_there():
    sku = make_sku(on_hand=5)

    stock.adjust({sku: -2}, reason=StockMovement.Reason.ADJUSTMENT)
    stock.adjust({sku: 4}, reason=StockMovement.Reason.ADJUSTMENT)

    assert on_hand(sku) == ledger(sku) == 7


def test_an_adjustment_below_nothing_changes_nothing():
    sku = make_sku(on_hand=5)

    with pytest.raises(stock.OutOfStockError):
        stock.adjust({sku: -6}, reason=StockMovement.Reason.ADJUSTMENT)

    assert on_hand(sku) == ledger(sku) == 5


def test_the_database_refuses_stock_below_zero():
    sku = make_sku(on_hand=0)

    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(sku=sku).update(on_hand=-1)


def test_the_last_one_taken_leaves_the_listing_sold_out():
    page = make_page()
    small, large = (make_sku(page, option1=size, on_hand=1) for size in ("S", "L"))

    with transaction.atomic():
        stock.take({small: 1}, reference="X")
    assert Product.objects.get(pk=page.product_id).in_stock

    with transaction.atomic():
        stock.take({large: 1}, reference="Y")
    assert not Product.objects.get(pk=page.product_id).in_stock


def test_codes_are_unique_without_regard_to_case():
    make_sku(code="Dune-A3")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_sku(code="DUNE-a3")


class TestPurchasable:
    def codes(self):
        return set(Sku.objects.purchasable().values_list("code", flat=True))

    def test_a_priced_sku_in_stock_on_a_live_page_may_be_sold(self):
        make_sku(code="A")

        assert self.codes() == {"A"}

    @pytest.mark.parametrize(
        "reason",
        ["retired", "no price", "sold out", "draft", "no page", "private category"],
    )
    def test_nothing_else_may(self, reason):
        page = make_page()
        make_sku(
            page,
            is_active=reason != "retired",
            price=None if reason == "no price" else "10.00",
            on_hand=0 if reason == "sold out" else 1,
        )
        if reason == "draft":
            page.unpublish()
        if reason == "no page":
            page.delete()
        if reason == "private category":
            page.get_parent().view_restrictions.create(restriction_type="login")

        assert self.codes() == set()

    def test_sold_out_on_back_order_may(self):
        make_sku(code="A", on_hand=0, when_sold_out=Stock.WhenSoldOut.SELL_ON)

        assert self.codes() == {"A"}


class TestStockState:
    def states(self):
        return dict(Sku.objects.with_stock_state().values_list("code", "stock_state"))

    def test_each_sku_is_in_exactly_one(self):
        for code, on_hand, low_at in (("PLENTY", 4, None), ("FEW", 3, None), ("OWN", 9, 9)):
            sku = make_sku(code=code, on_hand=on_hand)
            Stock.objects.filter(sku=sku).update(low_at=low_at)
        make_sku(code="GONE", on_hand=0)
        make_sku(code="LATER", on_hand=0, when_sold_out=Stock.WhenSoldOut.SELL_ON)
        make_sku(code="LAST", on_hand=1, when_sold_out=Stock.WhenSoldOut.SELL_ON)
        Stock.objects.filter(sku=make_sku(code="UNCOUNTED")).delete()

        assert self.states() == {
            "PLENTY": "in_stock",
            "FEW": "low",
            "OWN": "low",
            "GONE": "sold_out",
            "LATER": "back_order",
            "LAST": "low",
            "UNCOUNTED": "sold_out",
        }

    def test_the_shops_number_counts_where_a_sku_has_none_of_its_own(self):
        make_sku(code="A", on_hand=5)
        own = make_sku(code="B", on_hand=5)
        Stock.objects.filter(sku=own).update(low_at=2)

        settings = CatalogSettings.load()
        settings.low_stock_at = 5
        settings.save()

        assert self.states() == {"A": "low", "B": "in_stock"}

    def test_a_threshold_of_nothing_is_never_low(self):
        Stock.objects.filter(sku=make_sku(code="A", on_hand=1)).update(low_at=0)

        assert self.states() == {"A": "in_stock"}
