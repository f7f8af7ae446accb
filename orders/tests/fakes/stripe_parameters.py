"""What Stripe refuses in a request before it does anything."""

import re
from typing import Any

Fields = dict[str, Any]

THREE_DECIMALS = {"bhd", "jod", "kwd", "omr", "tnd"}
LEAST_AMOUNTS = {"eur": 50, "usd": 50, "gbp": 30, "jpy": 50, "krw": 100}
KNOWN_PARAMETERS = {
    "session": {
        "mode", "line_items", "client_reference_id", "metadata", "success_url", "cancel_url",
        "locale", "customer_email", "expires_at", "payment_intent_data", "submit_type", "expand",
    },
    "refund": {"payment_intent", "amount", "metadata", "reason", "expand"},
}  # fmt: skip


class StripeRefusal(Exception):  # noqa: N818
    """What Stripe answers when it will not do something."""

    def __init__(self, message: str, *, code: str = "", param: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": "invalid_request_error", "message": message}
        self.error |= {name: value for name, value in (("code", code), ("param", param)) if value}


def check_names(params: Fields, kind: str) -> None:
    for name in params.keys() - KNOWN_PARAMETERS[kind]:
        raise StripeRefusal(
            f"Received unknown parameter: {name}", code="parameter_unknown", param=name
        )


def amount_of(params: Fields) -> tuple[int, str]:
    items = params.get("line_items", {})
    try:
        (item,) = items.values()
        price, quantity = item["price_data"], positive(item["quantity"], "quantity")
        currency, unit, _ = price["currency"], price["unit_amount"], price["product_data"]["name"]
    except (AttributeError, KeyError, ValueError) as error:
        raise StripeRefusal("Exactly one whole line item is faked.", param="line_items") from error
    if not re.fullmatch(r"[a-z]{3}", currency):
        raise StripeRefusal(f"Invalid currency: {currency}", param="currency")
    amount = positive(unit, "unit_amount") * quantity
    if currency in THREE_DECIMALS and amount % 10:
        raise StripeRefusal("The last digit of a three-decimal amount must be 0.")
    if amount < LEAST_AMOUNTS.get(currency, 1):
        raise StripeRefusal(
            "The Checkout Session's total amount is too small.", code="amount_too_small"
        )
    return amount, currency


def positive(text: str, param: str) -> int:
    if not re.fullmatch(r"[0-9]{1,8}", text) or int(text) == 0:
        raise StripeRefusal(f"Invalid positive integer: {text}", param=param)
    return int(text)


def short(params: Fields, name: str, most: int) -> str | None:
    value = params.get(name)
    if value is not None and not 0 < len(value) <= most:
        raise StripeRefusal(f"{name} must be from 1 to {most} characters long.", param=name)
    return value


def metadata_of(params: Fields) -> dict[str, str]:
    metadata = params.get("metadata", {})
    if len(metadata) > 50 or any(len(k) > 40 or len(v) > 500 for k, v in metadata.items()):
        raise StripeRefusal("Metadata is too long.", param="metadata")
    return dict(metadata)
