"""The lines of a file, made as they are asked for from what is kept of it. Pure.

A file of 50,000 products has some ninety megabytes. As texts, line by line and cell by cell,
it would take several times as much; packed, it takes a fifth.
"""

import re
import zlib
from array import array
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

# Only \n, \r and \r\n end a line, as in the editor in which an operator looks it up.
_END = re.compile(rb"\r\n|\n|\r")
_PIECE = 1024**2
# So many lines are packed together, and so many packs that were asked for last are kept open.
_TOGETHER = 256
_OPEN = 8


class Lines(Sequence[str]):
    """Of a text in UTF-8, with or without a byte order mark; each with what ends it."""

    def __init__(self, data: bytes) -> None:
        begin = len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
        ends = (end.end() for end in _END.finditer(data, begin))
        # Where each line begins, and where the last one ends.
        self._starts = array("Q", chain([begin], ends))
        if self._starts[-1] < len(data):
            self._starts.append(len(data))
        self._packs = [
            zlib.compress(data[self._starts[at] : self._starts[min(at + _TOGETHER, len(self))]], 1)
            for at in range(0, len(self), _TOGETHER)
        ]
        self._open = lru_cache(_OPEN)(lambda number: zlib.decompress(self._packs[number]))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, at: int) -> str:  # type: ignore[override] - nobody asks for slices
        if not 0 <= at < len(self):
            raise IndexError(at)
        pack = at // _TOGETHER
        first = self._starts[pack * _TOGETHER]
        text = self._open(pack)[self._starts[at] - first : self._starts[at + 1] - first]
        return text.decode()

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def size(self, start: int, end: int) -> int:
        """How many bytes there are from one line up to another."""
        return self._starts[end] - self._starts[start]


def is_utf8(data: bytes) -> bool:
    """Piece by piece: as one text, the data might take four times its size."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
