"""Of what a member uploads the picture is kept and nothing else; what is no picture is refused."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from PIL import ExifTags, Image

from social.tests.portraits import animation, files, picture, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

PHOTOS = Path(settings.BASE_DIR).parent / "shared" / "data" / "photos"


def is_bare(file: Path) -> bool:
    """Whether the file has nothing but the picture in it."""
    content = file.read_bytes()
    with Image.open(file) as image:
        image.load()
        has_more = image.getexif() or {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
    return not has_more and not any(
        mark in content for mark in (b"EXIF", b"Exif", b"XMP ", b"ICCP")
    )


@pytest.mark.usefixtures("member")
def test_nothing_tells_where_a_picture_was_taken(send_profile, media):
    image = Image.new("RGB", (400, 300), "teal")
    exif = image.getexif()
    exif[ExifTags.Base.Model] = "MARKER-9000"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 12.0)})
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, comment=b"MARKER comment", icc_profile=b"MARKER profile")
    assert file.getvalue().count(b"MARKER") == 3

    send_profile(upload(file.getvalue() + b"MARKER behind the end"))

    [kept] = files(media)
    assert is_bare(kept)
    assert b"MARKER" not in kept.read_bytes()
    assert kept.name != "me.jpg"


@pytest.mark.real_files
@pytest.mark.usefixtures("member")
def test_nothing_of_a_real_photograph_is_left_but_the_picture(send_profile, media):
    photos = sorted(PHOTOS.rglob("*.jp*g"))
    with_exif = [photo for photo in photos if b"Exif" in photo.read_bytes()[:100]]
    if not with_exif:
        pytest.skip("no photograph with EXIF is here")

    for photo in with_exif[:3]:
        assert send_profile(upload(photo.read_bytes(), photo.name)).status_code == 302
        [kept] = files(media)
        assert is_bare(kept)


def bomb() -> bytes:
    """A PNG that says it has 30,000 × 30,000 pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    body = zlib.compress(bytes(1_000_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.png", bomb()),
        ("cut-off.jpg", picture()[:900]),
        ("empty.jpg", b""),
        ("words.jpg", b"<?php echo 1; ?>" * 100),
        ("page.html.jpg", b"<html><script>alert(1)</script>"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("too-many-bytes.jpg", picture() + bytes(10 * 1024 * 1024)),
        ("cut-off.png", picture(kind="PNG")[:60]),
        ("cut-off.webp", picture(kind="WEBP")[:40]),
        ("tiff.jpg", picture(kind="TIFF")),
        ("pdf.jpg", b"%PDF-1.7 " + bytes(100)),
    ],
)
def test_what_is_no_picture_for_us_is_an_error_at_the_field(send_profile, media, name, content):
    answer = send_profile(upload(content, name))

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"picture"}
    assert answer.context["form"]["name"].value() == "Ada L."
    assert files(media) == []


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cmyk.jpg", picture(mode="CMYK")),
        ("16-bit.png", picture(kind="PNG", mode="I;16")),
        ("palette.gif", picture(kind="GIF", mode="P")),
        ("transparent.png", picture(kind="PNG", mode="RGBA")),
        ("grey.png", picture(kind="PNG", mode="LA")),
        ("one-pixel.png", picture((1, 1), "PNG")),
        ("long.png", picture((1, 10_000), "PNG")),
        ("polyglot.gif", picture(kind="GIF", mode="P") + b"/*<script>MARKER</script>*/"),
        ("extension.exe", picture()),
        ("../../etc/passwd", picture()),
        ("animated.gif", animation()),
    ],
)
def test_odd_pictures_become_plain_ones(send_profile, media, name, content):
    assert send_profile(upload(content, name)).status_code == 302

    [kept] = files(media)
    assert kept.parent == media / "members"
    with Image.open(kept) as image:
        assert (image.size, image.mode, getattr(image, "n_frames", 1)) == ((512, 512), "RGB", 1)
    assert b"MARKER" not in kept.read_bytes()


@pytest.mark.usefixtures("member")
def test_a_line_of_pixels_costs_no_more_memory_than_a_picture(send_profile):
    """1 × 100,000 pixels, cut to a square, is one pixel blown up."""
    assert send_profile(upload(picture((1, 100_000), "PNG"), "line.png")).status_code in {200, 302}
    assert send_profile(upload(picture((60_000, 1), "PNG"), "line.png")).status_code in {200, 302}
