"""How much of what was paid for a line goes back for some of its pieces. Pure, no database."""

from collections.abc import Sequence
from decimal import Decimal

from catalog.money import share_out


def part_of(left: Decimal, pieces: int, count: int, currency: str) -> Decimal:
    """What ``count`` of the ``pieces`` come to that are not given back yet, of what is ``left``.

    Reckoned from what is left, not from what was paid: the last piece takes all of it, so the
    parts always add up to what was paid for the line, in whatever steps it goes back, also
    where a refund between them has failed.
    """
    if not 0 <= count <= pieces:
        raise ValueError(f"{count} of {pieces} pieces")
    keys = [f"{number:06}" for number in range(pieces)]
    shares = share_out(left, [Decimal(1)] * pieces, currency, keys)
    return sum(shares[:count], Decimal(0))


def least_of(paid: Decimal, pieces: int, count: int, currency: str) -> Decimal:
    """The least that ``count`` of the ``pieces`` of a line come to in any order of refunds."""
    return paid - part_of(paid, pieces, pieces - count, currency)


def shared(amount: Decimal, parts: Sequence[Decimal], currency: str) -> list[Decimal]:
    """An amount that somebody chose, as parts of what was reckoned; never more than each part."""
    whole = sum(parts, Decimal(0))
    if amount >= whole:
        return list(parts)
    keys = [f"{number:06}" for number in range(len(parts))]
    return share_out(amount, parts, currency, keys)
