"""What a call to PayPal can end with, other than an answer."""

from collections.abc import Mapping
from typing import Any


class GatewayUnavailableError(Exception):
    """PayPal could not be asked, or did not answer: the same call may be made again later."""


class RefusedError(Exception):
    """PayPal understood the call and says no, with a word of its own for the reason."""

    def __init__(self, issue: str, status: int = 422, answer: Mapping[str, Any] | None = None):
        super().__init__(issue)
        self.issue = issue
        self.status = status
        self.answer = answer or {}
