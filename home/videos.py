"""Videos and their captions, which browsers ask for in parts: Wagtail sends documents whole.

Without parts nobody could jump within a video, and some browsers would not even begin.
"""

import re
from collections.abc import Iterator
from typing import IO

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument

VIDEOS = {"mp4": "video/mp4", "webm": "video/webm"}
CAPTIONS = {"vtt": "text/vtt; charset=utf-8"}
TYPES = VIDEOS | CAPTIONS
AT_ONCE = 64 * 1024
KEPT_SECONDS = 86_400
ONE_PART = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


class UnsatisfiableError(ValueError):
    """A part of a file was asked for that it does not have."""


def address_of(document: AbstractDocument) -> str:
    return reverse("video", args=[document.pk, document.filename])


@require_safe
def video(request: HttpRequest, pk: int, filename: str) -> HttpResponseBase:
    """The file of a document that everybody may see, or the part of it that is asked for."""
    document = get_object_or_404(get_document_model().objects.select_related("collection"), pk=pk)
    kind = TYPES.get(document.file_extension.lower())
    if kind is None or document.filename != filename:
        raise Http404
    if document.collection.get_view_restrictions():
        raise Http404
    try:
        # Of storages elsewhere, which know parts themselves.
        document.file.path  # noqa: B018
    except NotImplementedError:
        return redirect(document.file.url)
    try:
        return _answer(request, document, kind)
    except FileNotFoundError as error:
        raise Http404 from error


def _answer(request: HttpRequest, document: AbstractDocument, kind: str) -> HttpResponseBase:
    size = document.file.size
    try:
        part = part_asked(request.headers.get("Range", ""), size)
    except UnsatisfiableError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    length = last - first + 1
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(length),
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
        "X-Content-Type-Options": "nosniff",
    }
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=kind, headers=headers)
    content = _read(document.file.storage.open(document.file.name), first, length)
    return StreamingHttpResponse(content, status=status, content_type=kind, headers=headers)


def part_asked(header: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte asked for; None for the whole file.

    Of several parts, or of what is no range of bytes, the whole is sent: RFC 9110 allows both.

    Raises:
        UnsatisfiableError: the part begins behind the end of the file.
    """
    asked = ONE_PART.match(header)
    if not asked or asked.groups() == ("", ""):
        return None
    begin, end = asked.groups()
    if not begin:
        # The last so many.
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(begin), min(int(end or size), size - 1)
        if end and int(end) < first:
            return None
    if first >= size:
        raise UnsatisfiableError
    return first, last


def _read(file: IO[bytes], first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (chunk := file.read(min(AT_ONCE, length))):
            length -= len(chunk)
            yield chunk
