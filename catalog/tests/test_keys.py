"""Keys of rows in an address, where anybody can write anything."""

import pytest

from catalog.keys import MOST_DIGITS, read_keys


def test_keys_are_read_in_the_order_in_which_they_are_named():
    assert read_keys(["7", "3", 12]) == [7, 3, 12]


@pytest.mark.parametrize(
    "text", ["", "-1", "1.5", "all", "²", "٣", "9" * (MOST_DIGITS + 1), "9" * 5_000]
)
def test_what_cannot_be_a_key_is_left_out(text):
    assert read_keys(["7", text]) == [7]
