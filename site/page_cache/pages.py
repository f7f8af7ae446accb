"""A page as it is kept: compressed, with its headers and what it shows."""

import gzip
import hashlib
import json
import struct
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Self

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from catalog import kept
from catalog.kept.log import LONGEST, Position

# So long, in seconds, a page is right unless something is known to have changed. What has no
# tag, such as the number of views by which a listing is sorted, is as old as that at most.
RIGHT_FOR = LONGEST / 2
# Of pages with parameters there are very many, most of them asked for once.
RIGHT_FOR_WITH_QUERY = 60
# What has changed may be shown to others for so long while one makes it anew; together with
# the time until a process hears of it (log.KNOWN_FOR) that is less than a second.
SHOWN_AFTER_CHANGE = 0.6
# Never kept: they say when and to whom, not what.
NOT_KEPT = {"content-length", "content-encoding", "etag", "date", "set-cookie", "vary"}
# The encoding of what is not compressed.
PLAIN = "identity"


class State(Enum):
    RIGHT = "right"
    # To be shown only while it is made anew.
    STALE = "stale"
    GONE = "gone"


@dataclass
class Page:
    key: str
    headers: dict[str, str]
    tags: frozenset[str]
    began: Position
    made: float
    right_for: float
    until: datetime | None
    # Names of functions to be called at each showing, with their arguments.
    each_time: list[tuple[str, list[Any]]]
    gzipped: bytes
    brotlied: bytes
    checked: int = field(default=-1, compare=False)
    # By encoding, as ``HttpResponse`` holds them.
    _headers: dict[str | None, dict[str, tuple[str, str]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @classmethod
    def of(
        cls, key: str, response: HttpResponse, notes: kept.Notes, began: Position, has_query: bool
    ) -> Self:
        headers = {name: value for name, value in response.items() if name.lower() not in NOT_KEPT}
        headers.setdefault("Cache-Control", "public, no-cache")
        # Weak: the compressed ones are other bytes that say the same.
        headers["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        return cls(
            key=key,
            headers=headers,
            tags=frozenset(notes.tags),
            began=began,
            made=time.time(),
            right_for=RIGHT_FOR_WITH_QUERY if has_query else RIGHT_FOR,
            until=notes.until,
            each_time=[
                (f"{function.__module__}.{function.__qualname__}", list(arguments))
                for function, arguments in notes.each_time
            ],
            gzipped=gzip.compress(response.content, 6, mtime=0),
            brotlied=brotlied(response.content),
        )

    def state(self) -> State:
        if self.until and self.until <= timezone.now():
            return State.GONE
        number = kept.view.number
        if self.checked != number:
            heard = kept.view.changed_since(self.began, self.tags)
            if heard is not None:
                is_fresh = time.monotonic() - heard < SHOWN_AFTER_CHANGE
                return State.STALE if is_fresh else State.GONE
            self.checked = number
        age = time.time() - self.made
        if age < self.right_for:
            return State.RIGHT
        return State.STALE if age < LONGEST else State.GONE

    def answer(self, request: HttpRequest) -> HttpResponse:
        """With nothing but "not modified" for a browser that has this very page."""
        if self.headers["ETag"] in request.META.get("HTTP_IF_NONE_MATCH", ""):
            response = self._copy(None)
        else:
            encoding = _encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
            response = self._copy(encoding)
        for name, arguments in self.each_time:
            import_string(name)(request, *arguments)
        return response

    def _copy(self, encoding: str | None) -> HttpResponse:
        """A response in this encoding, which may be changed; None is "not modified"."""
        if encoding not in self._headers:
            self._headers[encoding] = self._headers_in(encoding)
        response = HttpResponse(status=304 if encoding is None else 200)
        # To set a header costs some microseconds, and of these there are a dozen.
        response.headers._store = self._headers[encoding].copy()
        if encoding is not None:
            response.content = self._body(encoding)
        return response

    def _body(self, encoding: str) -> bytes:
        if encoding == PLAIN:
            return gzip.decompress(self.gzipped)
        return self.brotlied if encoding == "br" else self.gzipped

    def _headers_in(self, encoding: str | None) -> dict[str, tuple[str, str]]:
        headers = {**self.headers, "Vary": "Accept-Encoding"}
        if encoding is None:
            del headers["Content-Type"]
        else:
            headers["Content-Length"] = str(len(self._body(encoding)))
            if encoding != PLAIN:
                headers["Content-Encoding"] = encoding
        return {name.lower(): (name, value) for name, value in headers.items()}

    @property
    def size(self) -> int:
        return len(self.gzipped) + len(self.brotlied)

    def to_bytes(self) -> bytes:
        head = json.dumps(
            {
                "key": self.key,
                "headers": self.headers,
                "tags": sorted(self.tags),
                "began": self.began,
                "made": self.made,
                "right_for": self.right_for,
                "until": self.until.timestamp() if self.until else None,
                "each_time": self.each_time,
            }
        ).encode()
        return b"".join(
            (struct.pack("!II", len(head), len(self.gzipped)), head, self.gzipped, self.brotlied)
        )

    @classmethod
    def from_bytes(cls, written: bytes) -> Self:
        length, gzipped = struct.unpack_from("!II", written)
        begin = struct.calcsize("!II")
        head = json.loads(written[begin : begin + length])
        bodies = written[begin + length :]
        head["tags"] = frozenset(head["tags"])
        head["began"] = tuple(head["began"])
        head["until"] = datetime.fromtimestamp(head["until"], UTC) if head["until"] else None
        return cls(**head, gzipped=bodies[:gzipped], brotlied=bodies[gzipped:])


def brotlied(text: bytes) -> bytes:
    """With a quality of five: ten is a tenth smaller, and takes ten times as long."""
    return brotli.compress(text, brotli.MODE_TEXT, 5)


@lru_cache(maxsize=200)
def _encoding(header: str) -> str:
    """The best encoding that a browser takes (RFC 9110, 12.5.3)."""
    accepted = set()
    for part in header.split(","):
        name, _semicolon, quality = part.partition(";")
        if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name.strip().lower())
    return next((name for name in ("br", "gzip") if name in accepted), PLAIN)
