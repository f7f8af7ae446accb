"""Whether a gateway answers: who has waited for a silent one once is not followed by everybody."""

from collections.abc import Iterator
from contextlib import contextmanager

from catalog.breaker import Breaker
from orders.payments import gateway
from orders.payments.base import Gateway, GatewayUnavailableError, UndecidedError

PAUSE_SECONDS = 15.0
# For all of the process, by slug.
_breakers: dict[str, Breaker] = {}


def is_away(slug: str) -> bool:
    """Whether this gateway has left somebody without an answer a moment ago."""
    return slug in _breakers and _breakers[slug].is_open


@contextmanager
def reach(slug: str) -> Iterator[Gateway]:
    """The gateway, to be asked; GatewayUnavailableError at once while it is away."""
    if is_away(slug):
        raise GatewayUnavailableError(f"{slug} did not answer a moment ago")
    try:
        yield gateway(slug)
    except UndecidedError:
        raise
    except GatewayUnavailableError as error:
        _breakers.setdefault(slug, Breaker(slug, PAUSE_SECONDS)).trip(error)
        raise


def forget() -> None:
    """Ask every gateway again."""
    _breakers.clear()
