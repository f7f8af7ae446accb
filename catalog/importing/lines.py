"""The lines of a file, read from its bytes as they are asked for. Pure.

A file of 50,000 products has some ninety megabytes. As texts, line by line and cell by cell,
it would take several times as much.
"""

import re
from array import array
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Iterator, Sequence
from itertools import chain

# Only \n, \r and \r\n end a line, as in the editor in which an operator looks it up.
_END = re.compile(rb"\r\n|\n|\r")
_PIECE = 1024**2


class Lines(Sequence[str]):
    """Of a text in UTF-8, with or without a byte order mark; each with what ends it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        begin = len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
        ends = (end.end() for end in _END.finditer(data, begin))
        # Where each line begins, and where the last one ends.
        self._starts = array("Q", chain([begin], ends))
        if self._starts[-1] < len(data):
            self._starts.append(len(data))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, at: int) -> str:  # type: ignore[override] - nobody asks for slices
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self._data[self._starts[at] : self._starts[at + 1]].decode()

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
