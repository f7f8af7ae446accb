"""What is read cheaply of SKUs is what the queryset says of them, on data made at random."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from catalog import moment, price_history, sku_facts
from catalog.models import Price, PriceWithdrawal, ProductPage, Sku, Stock
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOURS = range(-48, 49)


def facts(sku):
    """All that is read of a SKU; the queryset leaves prices then out where nobody asks."""
    stock = getattr(sku, "stock", None)
    return {
        "code": sku.code,
        "regular": sku.regular_price,
        "sale": sku.sale_price,
        "price": sku.price,
        "regular then": sku.regular_then,
        "sale then": sku.sale_then,
        "stock": stock and (stock.pk, stock.on_hand, stock.when_sold_out, stock.low_at),
        "product": (sku.product.pk, sku.product.rating, sku.product.created),
        "has page": sku.has_page,
        "may be sold": sku.is_purchasable,
    }


class Shop:
    """Products as years leave them: on all kinds of pages, with and without stock and prices."""

    def __init__(self, seed, products=40):
        self.random = random.Random(seed)
        open_shelf = make_category("Open")
        closed = make_category("Closed")
        below = make_category("Below", parent=closed)
        # Its path begins as that of the closed one does, but it does not stand below it.
        PageViewRestriction.objects.create(page=closed, restriction_type="login")
        self.shelves = [open_shelf, closed, below]
        for number in range(products):
            self.product(number)

    def product(self, number):
        page = make_page(
            f"Print {number}",
            self.random.choices(self.shelves, [8, 1, 1])[0],
            live=self.random.random() < 0.85,
        )
        if self.random.random() < 0.2:
            ProductPage.objects.filter(pk=page.pk).update(product=None)
        for one in range(self.random.randint(0, 4)):
            sku = Sku.objects.create(
                product_id=page.product_id,
                code=f"Code-{number}-{one}",
                option1=str(one),
                position=self.random.randint(0, 2),
                is_active=self.random.random() < 0.85,
            )
            if self.random.random() < 0.9:
                Stock.objects.create(
                    sku=sku,
                    on_hand=self.random.choice([0, 0, 1, 7]),
                    when_sold_out=self.random.choice(Stock.WhenSoldOut.values),
                )
            for _entry in range(self.random.randint(0, 6)):
                self.entry(sku)

    def entry(self, sku):
        kind = self.random.choice(Price.Kind.values)
        begins = self.moment()
        ends = begins + timedelta(hours=self.random.randint(1, 60))
        amount = Decimal(self.random.randint(0, 5000)) / 100
        price = Price.objects.create(
            sku=sku,
            kind=kind,
            amount=None if kind == Price.Kind.SALE and self.random.random() < 0.3 else amount,
            currency=self.random.choices(["EUR", "USD"], [9, 1])[0],
            valid_from=begins,
            valid_until=ends if self.random.random() < 0.4 else None,
        )
        if self.random.random() < 0.2:
            PriceWithdrawal.objects.create(price=price, moment=self.moment())

    def moment(self):
        """Whole hours, so that often something ends at the very moment at which it is asked."""
        return NOW + timedelta(hours=self.random.choice(HOURS))


@pytest.mark.parametrize("seed", range(6))
def test_it_reads_what_the_queryset_says(seed, django_assert_num_queries):
    shop = Shop(seed)
    codes = list(Sku.objects.values_list("code", flat=True))
    then = {code: shop.moment() for code in codes if shop.random.random() < 0.8}
    with moment.at(NOW + timedelta(hours=shop.random.randint(12, 48))):
        wanted = list(
            Sku.objects.with_availability().with_prices_then(then).select_related("product")
        )

        with django_assert_num_queries(1):
            found = sku_facts.of_codes(codes, then)
            facts_of = [facts(sku) for sku in found]

        on_show = {sku.pk for sku in Sku.objects.on_show()}
        purchasable = {sku.pk for sku in Sku.objects.purchasable()}
    assert facts_of == [facts(sku) for sku in wanted]
    assert {sku.pk for sku in found if sku.is_on_show} == on_show
    assert {sku.pk for sku in found if sku.is_purchasable} == purchasable
    # Else the two would agree about nothing.
    assert len(purchasable) > 2
    assert len(on_show - purchasable) > 2
    assert any(sku.sale_then for sku in found)
    assert any(sku.price_then is None for sku in found if sku.code in then)


@pytest.mark.parametrize("seed", range(2))
def test_by_products_it_reads_the_same(seed, django_assert_num_queries):
    shop = Shop(seed, products=12)
    products = set(Sku.objects.values_list("product", flat=True)[:9])
    with moment.at(shop.moment()):
        wanted = Sku.objects.filter(product__in=products).with_availability()

        with django_assert_num_queries(1):
            found = sku_facts.of_products(iter(products))

        names = ("pk", "regular_price", "sale_price", "has_page", "is_purchasable")
        assert [tuple(getattr(sku, name) for name in names) for sku in found] == [
            tuple(getattr(sku, name) for name in names) for sku in wanted
        ]


def test_what_nobody_asks_for_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert sku_facts.of_products([]) == sku_facts.of_codes([]) == []


def test_a_code_is_the_one_that_is_asked_for_and_no_other():
    for code in ("Grün", "DUNE", "100%", "it's"):
        make_sku(code=code)

    assert [sku.code for sku in sku_facts.of_codes(["dune", "grün", "DUNE_"])] == []
    assert {sku.code for sku in sku_facts.of_codes(["Grün", "100%", "it's"])} == {
        "Grün",
        "100%",
        "it's",
    }


def test_asked_for_its_stock_a_sku_without_any_says_so_and_asks_nobody(django_assert_num_queries):
    sku = make_sku()
    Stock.objects.filter(sku=sku).delete()
    [found] = sku_facts.of_codes([sku.code])

    with django_assert_num_queries(0), pytest.raises(Stock.DoesNotExist):
        _ = found.stock


def test_what_is_read_can_be_saved_and_counted_as_any_other(django_assert_num_queries):
    sku = make_sku(on_hand=4)
    [found] = sku_facts.of_codes([sku.code])

    found.barcode = "4006381333931"
    found.save()

    assert found == sku
    assert found.most_to_buy(9) == 4
    assert Sku.objects.get(pk=sku.pk).barcode == "4006381333931"


def test_the_lowest_price_before_a_reduction_is_found_for_them():
    sku = make_sku(price=None)
    for amount, days in (("30.00", 20), ("25.00", 10)):
        Price.objects.create(
            sku=sku, amount=amount, currency="EUR", valid_from=NOW - timedelta(days=days)
        )
    Price.objects.create(
        sku=sku,
        kind=Price.Kind.SALE,
        amount="19.00",
        currency="EUR",
        valid_from=NOW - timedelta(days=1),
    )

    [found] = price_history.with_lowest(sku_facts.of_products([sku.product_id]))

    assert (found.price.amount, found.price.lowest_before) == (Decimal(19), Decimal(25))
