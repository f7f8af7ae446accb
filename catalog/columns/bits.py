"""Sets of slots as whole numbers: slot 5 is in the set if bit 5 is set. Pure.

Python's whole numbers of any length are what a bitmap index needs and can never be changed by
who reads them: of 100,000 products, meeting two sets and counting what is in both takes some
ten microseconds (``&`` and ``int.bit_count``).
"""

from collections.abc import Iterable, Iterator
from itertools import compress

# "0" and "1" as no and yes.
_TRUTH = bytes(48) + b"\x00\x01" + bytes(206)
# Of so many, setting one bit after another is quicker than by way of bytes.
_FEW = 4
# Of a set with fewer than one in so many, looking for the next is quicker than looking at each.
RARE = 64


def of(slots: Iterable[int]) -> int:
    """The set of these slots."""
    slots = list(slots)
    if len(slots) <= _FEW:
        found = 0
        for slot in slots:
            found |= 1 << slot
        return found
    written = bytearray(max(slots) // 8 + 1)
    for slot in slots:
        written[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(written, "little")


def mask(bits: int, size: int) -> bytes:
    """A byte for each of ``size`` slots: 1 if it is in the set, else 0."""
    return format(bits, "b")[::-1].encode().translate(_TRUTH).ljust(size, b"\x00")


def slots(bits: int) -> Iterator[int]:
    """The slots in the set, the lowest first."""
    size = bits.bit_length()
    chosen = mask(bits, size)
    if bits.bit_count() * RARE > size:
        yield from compress(range(size), chosen)
        return
    slot = chosen.find(1)
    while slot >= 0:
        yield slot
        slot = chosen.find(1, slot + 1)
