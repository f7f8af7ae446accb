import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.models import Picture

pytestmark = pytest.mark.django_db


def chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum


def png_that_says(width: int, height: int) -> bytes:
    """A PNG with a header and not one pixel: whoever decodes it finds it broken."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def photo(kind: str = "JPEG") -> bytes:
    file = BytesIO()
    Image.effect_noise((300, 200), 60).convert("RGB").save(file, kind)
    return file.getvalue()


def errors(client, name: str, data: bytes) -> list[str]:
    file = SimpleUploadedFile(name, data)
    response = client.post("/admin/images/add/", {"title": "Picture", "file": file})
    return response.context["form"].errors["file"] if response.status_code == 200 else []


def test_a_picture_can_be_uploaded(client, editor):
    response = client.post(
        "/admin/images/add/",
        {"title": "Dune", "file": SimpleUploadedFile("dune.jpg", photo()), "collection": "1"},
    )

    assert response.status_code == 302
    assert (Picture.objects.get().width, Picture.objects.get().height) == (300, 200)


@pytest.mark.parametrize("sides", [(6_000, 5_000), (13_000, 13_000), (20_000, 10_000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(client, editor, sides):
    assert errors(client, "huge.png", png_that_says(*sides)) == [
        "This picture is too large: at most 25 megapixels are taken. "
        "Make it smaller and upload it again."
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("half.jpg", photo()[: len(photo()) // 2]),
        ("start.jpg", photo()[:400]),
        ("half.png", photo("PNG")[:2000]),
        ("none.png", png_that_says(10, 10)),
        ("words.jpg", b"I am a picture"),
        ("other.jpg", photo("GIF")),
        ("vector.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("empty.jpg", b""),
    ],
)
def test_what_is_no_picture_is_an_error_at_the_field(client, editor, name, data):
    assert errors(client, name, data)
    assert not Picture.objects.exists()


def test_the_upload_of_many_refuses_the_same(client, editor):
    file = SimpleUploadedFile("huge.png", png_that_says(20_000, 10_000))
    response = client.post(
        "/admin/images/multiple/add/",
        {"files[]": file},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert "at most 25 megapixels" in response.json()["error_message"]
