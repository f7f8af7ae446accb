"""What PayPal's own documents refuse makes a test fail that says it."""

import json

import pytest

from orders.payments.paypal.client import PayPalClient
from orders.payments.paypal.errors import PayPalRefusedError
from orders.payments.paypal.transport import Request
from orders.tests.fakes.paypal_documents import FOLDER, documents

ORDERS = "/v2/checkout/orders"


@pytest.mark.real_files
def test_the_stand_in_refuses_what_paypals_own_documents_refuse(paypal):
    transport = PayPalClient.from_settings(lambda exchange: None).transport
    assert documents() is not None, f"{FOLDER} has none of PayPal's documents"
    faults = [
        {"intent": "XX", "purchase_units": []},
        {"intent": "CAPTURE"},
        {
            "intent": "CAPTURE",
            "purchase_units": [{"amount": {"currency_code": "EUR", "value": "12,50"}}],
        },
    ]

    for body in faults:
        with pytest.raises(PayPalRefusedError):
            transport.call(Request("POST", ORDERS, json.dumps(body).encode()))
    with pytest.raises(PayPalRefusedError):
        transport.call(Request("GET", f"{ORDERS}/1", b"{}"))

    assert len(paypal.violations) >= 4
    assert not paypal.account.orders
    paypal.violations.clear()
