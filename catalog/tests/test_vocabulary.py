"""What machines understand of what merchants write."""

import pytest

from catalog import vocabulary


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Size", "size"),
        (" COLOUR ", "color"),
        ("Größe", "size"),
        ("색상", "color"),
        ("Age  group", "age_group"),
        ("Frame", ""),
        ("", ""),
    ],
)
def test_names_have_one_meaning_whatever_their_case_and_language(name, meaning):
    assert vocabulary.meaning(name) == meaning


def test_of_two_that_mean_the_same_the_first_counts():
    said = {"Frame": "Oak", "Colour": "Red", "Color": "Blue", "Size": ""}
    assert vocabulary.meant(said) == {"color": "Red"}


@pytest.mark.parametrize(
    ("barcode", "gtin"),
    [
        ("4006381333931", "4006381333931"),
        ("4006381-333931", "4006381333931"),
        ("73513537", "73513537"),
        ("012345678905", "012345678905"),
        ("10614141000415", "10614141000415"),
        # A wrong check digit, a wrong length, no digits.
        ("4006381333932", ""),
        ("400638133393", ""),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", ""),
        ("SHELF-7", ""),
        ("", ""),
    ],
)
def test_a_barcode_is_a_trade_item_number_if_it_adds_up(barcode, gtin):
    assert vocabulary.gtin(barcode) == gtin
