"""Who shows a picture that lacks renditions tells a worker: once, after the answer is sent.

No shopper waits for it, no row is written for it, and nothing is lost if it fails: the beat
looks for what is missing too.
"""

import threading
import time

from django.core.signals import request_finished

from catalog import bell, moment
from catalog.models.pictures import Picture

# How long a worker is given before it is told of the same picture again (seconds).
PAUSE = 600
# Of more pictures nobody is told at once; the next page that shows them does.
MOST = 200

_lock = threading.Lock()
_noticed: set[tuple[int, str]] = set()
_told: dict[tuple[int, str], float] = {}


def notice(picture: Picture, kind: str) -> None:
    """Remember that a picture lacks renditions of a kind, until this request is answered."""
    if moment.is_preview() or moment.is_rehearsed():
        return
    with _lock:
        if len(_noticed) < MOST:
            _noticed.add((picture.pk, kind))


def tell(**signal) -> None:
    """Ring for what was noticed, except for what a worker has just been told."""
    if not _noticed:
        return
    now = time.monotonic()
    with _lock:
        news = [one for one in _noticed if _told.get(one, -PAUSE) <= now - PAUSE]
        _noticed.clear()
        if len(_told) > MOST * 10:
            _told.clear()
        _told.update(dict.fromkeys(news, now))
    if news:
        from catalog.tasks import owe_renditions

        bell.ring(owe_renditions.s(sorted(news)), expires=PAUSE)


request_finished.connect(tell, dispatch_uid="renditions that pages lack")
