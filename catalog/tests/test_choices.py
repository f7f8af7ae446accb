"""Choosing a variant by its options: when, in which words, and which one comes first."""

from catalog.choices import choices, chosen
from catalog.models import Sku


def sku(code, *options):
    values = dict(zip(("option1", "option2", "option3"), options, strict=False))
    return Sku(code=code, **values)


def shown(variants, names=("Size", "Frame"), first=None):
    found = choices(variants, names, first or variants[0])
    return [(choice.name, choice.values, choice.value) for choice in found]


def test_values_stand_in_the_order_in_which_the_variants_have_them():
    variants = [sku("1", "A3", "Oak"), sku("2", "A3", "Black"), sku("3", "A2", "Black")]

    assert shown(variants, first=variants[2]) == [
        ("Size", ("A3", "A2"), "A2"),
        ("Frame", ("Oak", "Black"), "Black"),
    ]


def test_one_option_is_a_list_whose_entries_can_show_their_prices():
    assert shown([sku("1", "A3"), sku("2", "A2")]) == []


def test_a_variant_without_a_value_that_others_have_is_shown_in_a_list():
    assert shown([sku("1", "A3", "Oak"), sku("2", "A2", "")]) == []


def test_options_that_nobody_named_are_numbered():
    variants = [sku("1", "A3", "Oak", "Matt"), sku("2", "A2", "Oak", "Matt")]

    assert [name for name, _values, _value in shown(variants, ["Size"])] == [
        "Size",
        "Option 2",
        "Option 3",
    ]


def test_an_option_that_no_variant_uses_keeps_no_place():
    variants = [sku("1", "A3", "", "Matt"), sku("2", "A2", "", "Gloss")]

    found = choices(variants, ["Size", "Paper"], variants[0])

    assert [(choice.place, choice.name) for choice in found] == [(1, "Size"), (3, "Paper")]


def test_spellings_that_the_database_takes_for_the_same_are_one_value():
    variants = [sku("1", "A3", "Oak"), sku("2", "a3", "Black"), sku("3", "A2", "OAK")]

    assert shown(variants, first=variants[1]) == [
        ("Size", ("A3", "A2"), "A3"),
        ("Frame", ("Oak", "Black"), "Black"),
    ]


def test_nothing_need_be_chosen_at_first():
    variants = [sku("1", "A3", "Oak"), sku("2", "A2", "Oak")]

    assert [choice.value for choice in choices(variants, [], None)] == ["", ""]


def test_the_variant_that_is_named_goes_before_the_first_one_for_sale():
    red, blue = sku("RED"), sku("BLUE")

    assert chosen([red, blue], [red], "blue") is blue
    assert chosen([red, blue], [blue], "green") is blue
    assert chosen([red, blue], [], "") is None
