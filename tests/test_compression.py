"""Pages leave the embedded shop compressed; pictures as they are."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from storefront.compression import CompressedTextMiddleware

pytestmark = pytest.mark.once
TEXT = b"<p>the same words again and again</p>" * 100


def answered(response):
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    return CompressedTextMiddleware(lambda _request: response)(request)


def test_a_page_is_compressed():
    response = answered(HttpResponse(TEXT))
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == TEXT


def test_a_picture_keeps_its_bytes_and_its_length(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8" + bytes(2_000))
    response = answered(FileResponse(path.open("rb"), content_type="image/jpeg"))
    assert not response.has_header("Content-Encoding")
    assert response["Content-Length"] == "2002"
    assert b"".join(response) == path.read_bytes()
