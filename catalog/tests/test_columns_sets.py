"""Sets, groups, numbers and orders in memory say what one finds by looking at each."""

import random

import pytest

from catalog.columns import bits, groups, orders
from catalog.columns.groups import Group, Tree
from catalog.columns.numbers import Numbers
from catalog.columns.orders import Order

SLOTS = 700


@pytest.fixture(params=[1, 2, 3])
def chance(request):
    return random.Random(request.param)


def some_of(chance, count=SLOTS):
    return {slot for slot in range(count) if chance.random() < chance.choice((0.01, 0.5, 0.9))}


@pytest.mark.parametrize("slots", [set(), {0}, {7}, {8, 9}, {0, 63, 64, 65, 900}, set(range(50))])
def test_a_set_has_the_slots_that_were_put_in(slots):
    found = bits.of(slots)

    assert list(bits.slots(found)) == sorted(slots)
    assert found.bit_count() == len(slots)
    assert [slot for slot, is_in in enumerate(bits.mask(found, 1000)) if is_in] == sorted(slots)
    assert len(bits.mask(found, 1000)) == 1000


@pytest.mark.parametrize("values", [5, groups.MOST_SETS + 40])
def test_a_group_counts_what_each_value_has_however_often_it_changes(chance, values):
    group, of = Group(), {}
    for _round in range(5):
        changed = {slot: chance.choice([None, *range(values)]) for slot in some_of(chance)}
        group.put(changed)
        of |= changed
        among = some_of(chance)
        expected = {}
        for slot in among:
            if (value := of.get(slot)) is not None:
                expected[value] = expected.get(value, 0) + 1
        assert dict(group.counts(bits.of(among))) == expected
        for value in range(values):
            having = {slot for slot, own in of.items() if own == value}
            assert set(bits.slots(group.having(value))) == having
    assert group.having("never heard of") == 0


def test_a_tree_knows_what_stands_below_each_branch(chance):
    paths = ["A", "AA", "AAA", "AAB", "AB", "B", "BA"]
    tree, of = Tree(1), {}
    for _round in range(5):
        changed = {slot: chance.choice([None, *paths]) for slot in some_of(chance)}
        tree.put(changed)
        of |= changed
        for path in [*paths, "C", "BB"]:
            below = {slot for slot, own in of.items() if own and own.startswith(path)}
            assert set(bits.slots(tree.below(path))) == below


def test_numbers_between_two_ends_are_found_after_every_change(chance):
    numbers, of = Numbers(), {}
    for _round in range(6):
        how_many = chance.choice((3, SLOTS))
        changed = {
            slot: chance.choice([None, chance.randint(-50, 50), chance.randint(0, 10**17)])
            for slot in chance.sample(range(SLOTS), how_many)
        }
        numbers.put(changed)
        of |= changed
        have = {slot: value for slot, value in of.items() if value is not None}
        among = some_of(chance)
        for low, high in [(None, None), (0, None), (None, 0), (-10, 10), (7, 7), (5, -5)]:
            expected = {
                slot
                for slot, value in have.items()
                if slot in among
                and (low is None or value >= low)
                and (high is None or value <= high)
            }
            assert set(bits.slots(numbers.between(low, high, bits.of(among)))) == expected
        values = [value for slot, value in have.items() if slot in among]
        assert numbers.ends(bits.of(among)) == (
            (min(values), max(values)) if values else (None, None)
        )


@pytest.mark.parametrize("apart", [10, orders.LEAST_APART])
@pytest.mark.parametrize("moved", [1, 60, orders.MOST_MOVED + 200])
def test_an_order_stays_sorted_whether_one_moves_or_many(chance, moved, apart, monkeypatch):
    monkeypatch.setattr(orders, "LEAST_APART", apart)
    values = {slot: chance.randint(0, 30) for slot in range(SLOTS)}
    order = Order(lambda slot: (values[slot], slot))
    order.change([], values)
    for _round in range(8):
        slots = chance.sample(range(SLOTS), moved)
        seen = order.look(slots)
        out = set(slots[: moved // 3])
        values |= {slot: chance.randint(0, 30) for slot in slots}
        order.change(seen, [slot for slot in slots if slot not in out])
        expected = sorted(values.keys() - out, key=order.key)
        assert list(order.slots) == expected
        for key in [(chance.randint(-1, 31), chance.randint(0, SLOTS)) for _key in range(40)]:
            up_to = {slot for slot in expected if order.key(slot) <= key}
            assert set(bits.slots(order.up_to(key))) == up_to
        check_pages(order, chance, expected)
        order.change([], out)


def check_pages(order, chance, slots):
    for among in (
        set(slots[:1]),
        set(slots[5:600:200]),
        set(slots[:300]),
        some_of(chance) & set(slots),
        set(slots),
    ):
        for backwards in (False, True):
            expected = sorted(among, key=order.key, reverse=backwards)
            for start in (-3, 0, 1, 24, len(among) // 2, len(among) - 2, len(among) + 5):
                found = order.of(bits.of(among), start, start + 24, backwards=backwards)
                assert found == expected[max(start, 0) : max(start + 24, 0)]
