"""What PayPal says instead of yes."""

from collections.abc import Mapping
from typing import Any

from orders.payments.base import RefusedError


class PayPalRefusedError(RefusedError):
    """PayPal understood the call and says no, with a word of its own for the reason."""

    def __init__(self, issue: str, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(issue)
        self.issue, self.status, self.answer = issue, status, answer
