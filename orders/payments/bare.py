"""What may stay of a word with a gateway when its person is erased: names of things, and amounts.

Pure. Only what is named here stays: what a gateway adds one day is not known to be harmless.
"""

from typing import Any

# What was paid, when, and under which name the gateway knows it.
KEPT = {
    *("id", "object", "type", "event_type", "resource_type", "intent", "mode", "livemode"),
    *("status", "state", "payment_status", "payment_intent", "custom_id", "PayPal-Request-Id"),
    *("amount", "amount_total", "amount_subtotal", "amount_received", "amount_refunded"),
    *("currency", "currency_code", "value", "created", "create_time", "update_time"),
}
# Where those are looked for.
ENTERED = {
    *("data", "object", "resource", "purchase_units", "payments", "captures", "refunds"),
    *("amount", "seller_receivable_breakdown", "gross_amount", "net_amount", "paypal_fee"),
}


def bare(said: Any) -> Any:
    if isinstance(said, list):
        return [kept for one in said if (kept := bare(one))]
    if not isinstance(said, dict):
        return {}
    kept = {}
    for key, value in said.items():
        if isinstance(value, dict | list):
            if key in ENTERED and (inside := bare(value)):
                kept[key] = inside
        elif key in KEPT:
            kept[key] = value
    return kept
