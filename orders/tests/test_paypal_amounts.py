"""How PayPal wants amounts, currencies and languages written."""

from decimal import Decimal

import pytest

from orders.payments.paypal.amounts import CURRENCIES, AmountError, amount_string, locale_of


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("12.5", "EUR", "12.50"),
        ("12.500", "USD", "12.50"),
        ("0.01", "GBP", "0.01"),
        ("1250", "JPY", "1250"),
        ("1250.000", "HUF", "1250"),
        ("99", "TWD", "99"),
        ("12345678901234.99", "EUR", "12345678901234.99"),
        ("1E+3", "EUR", "1000.00"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(amount, currency, written):
    assert amount_string(Decimal(amount), currency) == written


@pytest.mark.parametrize(
    ("why", "amount", "currency"),
    [
        ("PayPal takes no won", "1000", "KRW"),
        ("no such currency", "1", "XXX"),
        ("half a forint cannot be asked for", "1250.50", "HUF"),
        ("half a dollar of Taiwan neither", "99.50", "TWD"),
        ("less than a cent", "1.005", "EUR"),
        ("nothing is no payment", "0", "EUR"),
        ("money does not go the other way", "-1", "EUR"),
    ],
)
def test_an_amount_that_paypal_cannot_take_is_never_rounded_to_one_it_can(why, amount, currency):
    with pytest.raises(AmountError):
        amount_string(Decimal(amount), currency)


def test_paypal_takes_the_25_currencies_of_its_list():
    assert len(CURRENCIES) == 25
    assert {"EUR", "USD", "JPY"} < CURRENCIES
    assert "KRW" not in CURRENCIES


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("en", "en-US"),
        ("en-gb", "en-GB"),
        ("ko", "ko-KR"),
        ("zh-hans", "zh-CN"),
        ("zh-hant", "zh-TW"),
        ("zh-hant-hk", "zh-HK"),
        ("de", "de-DE"),
        ("eo", ""),
        ("xx", ""),
        ("haw", ""),
    ],
)
def test_a_language_is_named_with_the_country_that_paypal_has_pages_for(language, locale):
    assert locale_of(language) == locale
