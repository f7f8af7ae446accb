"""Whether a coupon counts, at each border of its rules, and the uses that are kept of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from wagtail.models import Locale, Site

from cart.totals import Discount, DiscountKind, Line, Shipping, totals
from catalog.models import ProductCategory
from catalog.tests.factories import make_category, make_page
from orders import coupons
from orders.coupons import CouponError
from orders.models import Coupon, CouponUse, Order, OrderItem
from orders.tests.factories import CUSTOMER

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
NOT_VALID = "This coupon is not valid."
USED_UP = "This coupon has been used up."
USED_ALREADY = "You have used this coupon already."
FIRST_ONLY = "This coupon is for a first order."


def coupon(code: str = "WELCOME", **fields) -> Coupon:
    return Coupon.objects.create(code=code, value=fields.pop("value", Decimal(10)), **fields)


def order(email: str = "ada@example.com", *, lines: int = 1, **fields) -> Order:
    placed = Order.objects.create(
        **{**CUSTOMER, "email": email, "language": "en", "currency": "EUR", **fields},
        checkout_token=uuid4(),
    )
    OrderItem.objects.bulk_create(
        OrderItem(order=placed, title="Print", sku_code="P", unit_price=1, quantity=1)
        for _ in range(lines)
    )
    return placed


def refusal(coupon: Coupon, counted: str = "50.00", **circumstances) -> str:
    """Why the coupon does not count, or nothing if it does."""
    try:
        coupons.check(coupon, counted=Decimal(counted), currency="EUR", **circumstances)
    except CouponError as reason:
        return str(reason)
    return ""


def use(coupon: Coupon, order: Order, amount: str = "5.00") -> CouponUse:
    with transaction.atomic():
        return coupons.use(coupon, order, Decimal(amount))


# --- The code ---------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Spring-26", "SPRING-26", "spring-26", "  sPRING-26\t"])
def test_a_code_is_found_however_it_is_written(db, typed):
    wanted = coupon("Spring-26")

    assert coupons.find(typed) == wanted


@pytest.mark.parametrize("typed", ["ÄPFEL", "äpfel", "Äpfel"])
def test_a_code_with_other_letters_is_found_on_every_database(db, typed):
    wanted = coupon("Äpfel")

    assert coupons.find(typed) == wanted


@pytest.mark.parametrize(
    "typed", ["", " ", "SPRING", "SPRING-2%", "SPRING-2_", "SPRING-26\x00", "%", "x" * 5_000]
)
def test_no_other_text_finds_it(db, typed):
    coupon("SPRING-26")

    assert coupons.find(typed) is None


def test_two_coupons_cannot_have_one_code(db):
    coupon("Spring")

    with pytest.raises(IntegrityError), transaction.atomic():
        coupon("SPRING")


# --- When -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (NOON - A_MOMENT, NOT_VALID),
        (NOON, ""),
        (NOON + timedelta(hours=1) - A_MOMENT, ""),
        (NOON + timedelta(hours=1), NOT_VALID),
    ],
)
def test_it_counts_from_its_first_moment_until_just_before_its_end(db, moment, why):
    limited = coupon(valid_from=NOON, valid_until=NOON + timedelta(hours=1))

    assert refusal(limited, moment=moment) == why


def test_without_a_window_it_always_counts(db):
    assert refusal(coupon(), moment=NOON - timedelta(days=9_999)) == ""
    assert refusal(coupon("LATER"), moment=NOON + timedelta(days=9_999)) == ""


def test_one_that_was_switched_off_reads_like_one_that_never_was(db):
    assert refusal(coupon(is_active=False)) == NOT_VALID


# --- How much ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "counts"),
    [("49.99", False), ("49.999", False), ("50.00", True), ("50.01", True)],
)
def test_the_minimum_itself_is_enough(db, counted, counts):
    why = refusal(coupon(minimum=Decimal(50)), counted)

    assert why == ("" if counts else "This coupon is for orders of €50.00 and more.")


def test_it_is_not_for_goods_that_it_does_not_count_for(db):
    assert refusal(coupon(), "0") == "This coupon is not for anything in your cart."
    assert refusal(coupon("A", minimum=Decimal(50)), "0") == (
        "This coupon is not for anything in your cart."
    )


def test_free_shipping_counts_for_goods_that_cost_nothing(db):
    free = coupon(kind=Coupon.Kind.FREE_SHIPPING, value=Decimal(0))

    assert refusal(free, "0") == ""


def test_free_shipping_for_a_category_is_not_for_what_stands_elsewhere(db):
    free = coupon(kind=Coupon.Kind.FREE_SHIPPING, value=Decimal(0), only_some=True)

    assert refusal(free, "0") == "This coupon is not for anything in your cart."


# --- How often --------------------------------------------------------------


def test_it_counts_as_often_as_it_may_be_used_and_no_more(db):
    limited = coupon(most_uses=2)
    use(limited, order("one@example.com"))

    limited.refresh_from_db()
    assert refusal(limited) == ""

    use(limited, order("two@example.com"))
    limited.refresh_from_db()
    assert refusal(limited) == USED_UP
    with pytest.raises(CouponError, match=USED_UP):
        use(limited, order("three@example.com"))
    assert (limited.used, limited.uses.count()) == (2, 2)


def test_a_coupon_read_before_it_was_used_up_is_refused_all_the_same(db):
    limited = coupon(most_uses=1)
    stale = Coupon.objects.get()
    use(limited, order())

    assert refusal(stale) == ""
    with pytest.raises(CouponError, match=USED_UP):
        use(stale, order("bob@example.com"))


def test_a_limit_of_nought_is_a_limit(db):
    assert refusal(coupon(most_uses=0)) == USED_UP
    assert refusal(coupon("EACH", most_uses_each=0), email="ada@example.com") == USED_ALREADY


def test_an_order_uses_one_coupon(db):
    placed = order()
    use(coupon("ONE"), placed)

    with pytest.raises(IntegrityError):
        use(coupon("TWO"), placed)
    assert Coupon.objects.get(code="TWO").used == 0


def test_each_customer_may_use_it_so_often(db):
    each = coupon(most_uses_each=2)
    use(each, order())

    assert refusal(each, email="ada@example.com") == ""

    use(each, order())
    assert refusal(each, email="ada@example.com") == USED_ALREADY
    assert refusal(each, email="bob@example.com") == ""
    # Until the customer is known there is nobody to be refused.
    assert refusal(each) == refusal(each, user=AnonymousUser()) == ""


def test_the_same_address_in_other_letters_is_the_same_customer(db):
    each = coupon(most_uses_each=1)
    use(each, order("Ada@Example.COM"))

    assert refusal(each, email="aDA@example.com") == USED_ALREADY
    assert refusal(each, email="ada@example.co") == ""
    assert refusal(each, email="ad_@example.com") == refusal(each, email="%@example.com") == ""


def test_a_member_with_another_address_is_the_same_customer(db, django_user_model):
    ada = django_user_model.objects.create_user("ada", "ada@example.com", "secret")
    each = coupon(most_uses_each=1)
    use(each, order(user=ada))

    assert refusal(each, email="other@example.com", user=ada) == USED_ALREADY
    assert refusal(each, user=ada) == USED_ALREADY
    assert refusal(each, email="other@example.com", user=AnonymousUser()) == ""


def test_a_use_by_a_guest_counts_for_the_member_with_this_address(db, django_user_model):
    ada = django_user_model.objects.create_user("ada", "ada@example.com", "secret")
    each = coupon(most_uses_each=1)
    use(each, order("ADA@example.com"))

    assert refusal(each, email="ada@example.com", user=ada) == USED_ALREADY


def test_a_member_is_not_taken_for_all_the_guests(db, django_user_model):
    bob = django_user_model.objects.create_user("bob", "bob@example.com", "secret")
    each = coupon(most_uses_each=1)
    use(each, order("guest@example.com"))

    assert refusal(each, email="", user=bob) == ""
    assert refusal(each, email="bob@example.com", user=bob) == ""


# --- First orders -----------------------------------------------------------


def test_a_first_order_is_one_before_which_there_was_none(db):
    first = coupon(first_order_only=True)
    order("bob@example.com")

    assert refusal(first, email="ada@example.com") == ""
    assert refusal(first, email="BOB@example.com") == FIRST_ONLY


@pytest.mark.parametrize("state", [Order.State.CANCELLED, Order.State.EXPIRED])
def test_an_order_that_came_to_nothing_was_no_first_order(db, state):
    order(state=state)

    assert refusal(coupon(first_order_only=True), email="ada@example.com") == ""


@pytest.mark.parametrize(
    "state",
    [state for state in Order.State if state not in {Order.State.CANCELLED, Order.State.EXPIRED}],
)
def test_every_other_order_was_one(db, state):
    order(state=state, lines=3)

    assert refusal(coupon(first_order_only=True), email="ada@example.com") == FIRST_ONLY


def test_the_order_that_is_being_placed_does_not_stand_in_its_own_way(db):
    """Its row is written first, its lines after the coupon was checked."""
    order(lines=0)

    assert refusal(coupon(first_order_only=True), email="ada@example.com") == ""


def test_a_members_first_order_was_also_one_under_another_address(db, django_user_model):
    ada = django_user_model.objects.create_user("ada", "ada@example.com", "secret")
    order("old@example.com", user=ada)
    first = coupon(first_order_only=True)

    assert refusal(first, email="ada@example.com", user=ada) == FIRST_ONLY
    assert refusal(first, email="ada@example.com", user=AnonymousUser()) == ""


# --- Only some categories ---------------------------------------------------


def counts_for(coupon: Coupon, *pages) -> list[bool]:
    products = [page.product_id for page in pages]
    found = coupons.products_it_counts_for(coupon, products)
    return [product in found for product in products]


def test_without_a_list_it_counts_for_everything(db):
    pages = [make_page(), make_page()]

    assert counts_for(coupon(), *pages) == [True, True]


def test_it_counts_below_its_categories_and_nowhere_else(db):
    prints, cards = make_category("Prints"), make_category("Cards")
    below = make_category("Posters", prints)
    some = coupon(only_some=True)
    some.categories.set([prints])

    pages = [make_page(category=each) for each in (prints, below, cards)]

    assert counts_for(some, *pages) == [True, True, False]


def test_a_category_does_not_stand_for_the_one_above_it(db):
    prints = make_category("Prints")
    below = make_category("Posters", prints)
    some = coupon(only_some=True)
    some.categories.set([below])

    assert counts_for(some, make_page(category=prints), make_page(category=below)) == [False, True]


@pytest.mark.parametrize("chosen", ["en", "ko"])
def test_a_category_is_the_same_in_every_language(db, chosen):
    english = make_category("Prints")
    korean = Locale.objects.create(language_code="ko")
    Site.objects.get(is_default_site=True).root_page.copy_for_translation(korean)
    translated = english.copy_for_translation(korean)
    some = coupon(only_some=True)
    some.categories.set([english if chosen == "en" else translated])

    pages = [make_page(category=category) for category in (english, translated)]

    assert counts_for(some, *pages) == [True, True]


def test_what_is_listed_in_a_category_besides_belongs_to_it(db):
    prints, cards = make_category("Prints"), make_category("Cards")
    some = coupon(only_some=True)
    some.categories.set([cards])
    listed = make_page(category=prints)
    listed.further_categories = [ProductCategory(category=cards)]
    listed.save()

    assert counts_for(some, listed, make_page(category=prints)) == [True, False]


def test_a_page_in_two_of_its_categories_counts_once(db):
    prints, cards = make_category("Prints"), make_category("Cards")
    some = coupon(only_some=True)
    some.categories.set([prints, cards])
    page = make_page(category=prints)
    page.further_categories = [ProductCategory(category=cards)]
    page.save()

    assert coupons.products_it_counts_for(some, [page.product_id]) == {page.product_id}


def test_a_coupon_whose_categories_are_gone_counts_for_nothing(db):
    prints, cards = make_category("Prints"), make_category("Cards")
    some = coupon(only_some=True)
    some.categories.set([cards])
    page = make_page(category=prints)

    cards.delete()

    assert counts_for(some, page) == [False]


def test_what_is_asked_does_not_depend_on_how_many_products_there_are(
    db, django_assert_num_queries
):
    prints = make_category("Prints")
    some = coupon(only_some=True)
    some.categories.set([prints])
    pages = [make_page(category=prints) for _ in range(8)]

    with django_assert_num_queries(2):
        assert counts_for(some, *pages) == [True] * 8


# --- What it takes off ------------------------------------------------------


def priced(coupon: Coupon, **options):
    lines = [Line("A", Decimal("10.00"), 2), Line("B", Decimal("5.00"), 1, discountable=False)]
    return totals(lines, "EUR", discount=coupon.discount, **options)


def test_percent_and_amounts_are_taken_off_what_it_counts_for(db):
    assert priced(coupon("A", value=Decimal("12.5"))).discount == Decimal("2.50")
    assert priced(coupon("B", kind="amount", value=Decimal("4.99"))).discount == Decimal("4.99")


def test_an_amount_takes_no_more_than_there_is(db):
    found = priced(coupon(kind="amount", value=Decimal(500)), shipping=Shipping(Decimal("4.90")))

    assert found.discount == Decimal("20.00")
    assert found.grand_total == Decimal("9.90")


def test_free_shipping_takes_off_the_shipping_and_nothing_else(db):
    free = coupon(kind=Coupon.Kind.FREE_SHIPPING, value=Decimal(0))

    found = priced(free, shipping=Shipping(Decimal("4.90"), Decimal(19)))

    assert free.discount == Discount(DiscountKind.FREE_SHIPPING)
    assert (found.discount, found.shipping.discount) == (0, Decimal("4.90"))
    assert (found.shipping.gross, found.grand_total) == (0, Decimal("25.00"))


# --- What was used ----------------------------------------------------------


def test_a_use_says_who_for_which_order_and_how_much(db, django_user_model):
    ada = django_user_model.objects.create_user("ada", "ada@example.com", "secret")
    placed = order("Ada@Example.com", user=ada)

    made = use(coupon(), placed, "7.25")

    made.refresh_from_db()
    assert (made.email, made.user, made.amount) == ("ada@example.com", ada, Decimal("7.25"))
    assert (made.order, made.released) == (placed, None)


def test_an_order_that_came_to_nothing_gives_its_use_back_once(db):
    limited = coupon(most_uses=1, most_uses_each=1)
    placed = order()
    use(limited, placed)

    for _ in range(3):
        coupons.release(placed)

    limited.refresh_from_db()
    assert limited.used == 0
    assert refusal(limited, email="ada@example.com") == ""
    assert limited.uses.get().released is not None


def test_giving_back_one_order_leaves_the_others_alone(db):
    limited = coupon(most_uses=5)
    first, second, third = order(), order(), order()
    for placed in (first, second):
        use(limited, placed)
    use(coupon("OTHER"), third)

    coupons.release(second)

    limited.refresh_from_db()
    assert limited.used == 1
    assert Coupon.objects.get(code="OTHER").used == 1


def test_an_order_without_a_coupon_has_nothing_to_give_back(db):
    other = coupon()
    use(other, order())

    coupons.release(order())

    other.refresh_from_db()
    assert other.used == 1


def test_an_order_that_is_paid_after_all_uses_it_again_once(db):
    limited = coupon(most_uses=2)
    placed = order()
    use(limited, placed)
    coupons.release(placed)

    for _ in range(3):
        coupons.use_again(placed)

    limited.refresh_from_db()
    assert (limited.used, limited.uses.get().released) == (1, None)

    coupons.release(placed)
    limited.refresh_from_db()
    assert limited.used == 0


def test_paid_after_all_when_others_used_it_up_exceeds_no_limit(db):
    limited = coupon(most_uses=1)
    late = order()
    use(limited, late)
    coupons.release(late)
    use(limited, order("bob@example.com"))

    coupons.use_again(late)
    coupons.release(late)

    limited.refresh_from_db()
    assert limited.used == 1
    assert limited.uses.filter(released__isnull=True).get().order.email == "bob@example.com"


def test_the_database_itself_refuses_more_uses_than_there_may_be(db):
    limited = coupon(most_uses=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Coupon.objects.filter(pk=limited.pk).update(used=2)


def test_a_use_belongs_to_its_transaction(db):
    limited = coupon(most_uses=1)

    with transaction.atomic():
        coupons.use(limited, order(), Decimal(1))
        transaction.set_rollback(True)

    limited.refresh_from_db()
    assert (limited.used, CouponUse.objects.count()) == (0, 0)


def test_checking_asks_little(db, django_assert_max_num_queries):
    strict = coupon(first_order_only=True, most_uses_each=1, most_uses=3)

    with django_assert_max_num_queries(2):
        assert refusal(strict, email="ada@example.com") == ""


def test_holding_it_reads_it_anew(db):
    limited = coupon(most_uses=1)
    stale = Coupon.objects.get()
    Coupon.objects.filter(pk=limited.pk).update(used=1)

    with transaction.atomic():
        held = coupons.lock(stale)

    assert (stale.used, held.used) == (0, 1)
