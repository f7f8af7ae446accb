"""How members show themselves: words, name, picture, and nothing that hides in a picture."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from PIL import ExifTags, Image

from social import contacts
from social.models import Contact, Profile, User

pytestmark = pytest.mark.django_db

PROFILE = "/account/profile/"
TYPED = {"username": "ada", "name": "Ada L.", "about": "I count."}
PHOTOS = Path(settings.BASE_DIR).parent / "shared" / "data" / "photos"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    def send(picture=None, **typed):
        data = {**TYPED, **typed} | ({"picture": picture} if picture else {})
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(PROFILE, data)

    return send


def upload(content: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(size=(800, 600), kind="JPEG", mode="RGB", **options) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


def animation() -> bytes:
    frames = [Image.new("P", (800, 600)) for _ in range(5)]
    return picture(kind="GIF", mode="P", save_all=True, append_images=frames)


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


@pytest.mark.usefixtures("member")
def test_a_profile_is_hidden_until_its_member_says_otherwise(client, send):
    assert "Until you choose this you appear nowhere" in " ".join(
        client.get(PROFILE).content.decode().split()
    )

    assert send().url == PROFILE

    profile = Profile.objects.get()
    assert (profile.name, profile.about) == ("Ada L.", "I count.")
    assert (profile.is_public, profile.shows_purchases) == (False, False)


def test_showing_and_hiding_oneself_keeps_the_counts_of_others(send, member, other):
    contacts.set_public(other, True)
    Contact.objects.create(user_from=member, user_to=other)

    send(is_public="on", shows_purchases="on")
    profile = Profile.objects.get(user=member)
    assert (profile.is_public, profile.shows_purchases) == (True, True)
    assert Profile.objects.get(user=other).followers == 1

    send()
    profile.refresh_from_db()
    assert (profile.is_public, profile.shows_purchases) == (False, False)
    assert Profile.objects.get(user=other).followers == 0


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"username": "bob"}, "username", "already"),
        ({"username": "BOB"}, "username", "already"),
        ({"username": "a b"}, "username", "no spaces"),
        ({"username": "ab"}, "username", "at least 3"),
        ({"username": ""}, "username", "required"),
        ({"username": "x" * 151}, "username", "at most 150"),
        ({"username": "a\x00da"}, "username", "Null"),
        ({"name": "x" * 81}, "name", "at most 80"),
        ({"name": "one\ntwo"}, "name", "one line"),
        ({"name": "\u200b\u2800\u00ad"}, "name", "can be seen"),
        ({"about": "x" * 501}, "about", "at most 500"),
        ({"about": "a\x07b"}, "about", "control"),
        ({"about": "a\x00b"}, "about", "Null"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_comes_back(
    client, send, member, typed, field, words
):
    answer = send(**typed, is_public="on")

    assert answer.status_code == 200
    form = answer.context["form"]
    assert words in str(form.errors[field])
    assert form[field].value() == typed[field]
    assert form["is_public"].value() is True
    member.refresh_from_db()
    assert (member.username, member.profile.name, member.profile.is_public) == ("ada", "", False)


def test_a_username_may_change_its_capitals_and_be_a_new_one(send, member):
    send(username="Ada")
    member.refresh_from_db()
    assert member.username == "Ada"

    send(username="lovelace")
    member.refresh_from_db()
    assert member.username == "lovelace"


def test_a_short_username_of_before_the_rule_can_stay(send, member):
    User.objects.filter(pk=member.pk).update(username="al")

    assert send(username="al").status_code == 302


@pytest.mark.usefixtures("member", "other")
def test_a_name_taken_at_the_last_moment_is_an_error_at_the_field(send, media, monkeypatch):
    def take(*_args, **_kwargs):
        raise IntegrityError

    monkeypatch.setattr("social.account.profile.ProfileForm._write", take)

    answer = send(upload(picture()), username="carol")

    assert "username" in answer.context["form"].errors
    assert files(media) == []


def test_a_picture_is_made_anew_shown_and_taken_away_again(client, send, member, media):
    send(upload(picture()))

    profile = Profile.objects.get(user=member)
    [first] = files(media)
    with Image.open(first) as image:
        assert (image.size, image.format) == ((512, 512), "WEBP")
    assert profile.picture.url in client.get("/account/").content.decode()

    send(upload(picture(kind="PNG"), "me.png"))
    [second] = files(media)
    assert second != first

    send(removes_picture="on")
    assert files(media) == []
    assert not Profile.objects.get(user=member).picture


@pytest.mark.usefixtures("member")
def test_a_picture_stays_when_nothing_is_said_about_it(send, media):
    send(upload(picture()))
    before = files(media)

    send(name="Countess")

    assert files(media) == before
    assert Profile.objects.get().picture


@pytest.mark.usefixtures("member")
def test_a_picture_is_asked_for_again_when_something_else_was_wrong(send, media):
    answer = send(upload(picture()), username="")

    assert "once more" in str(answer.context["form"].errors["picture"])
    assert files(media) == []


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
def test_nothing_tells_where_a_picture_was_taken(send, media):
    image = Image.new("RGB", (400, 300), "teal")
    exif = image.getexif()
    exif[ExifTags.Base.Model] = "MARKER-9000"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 12.0)})
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, comment=b"MARKER comment", icc_profile=b"MARKER profile")
    assert file.getvalue().count(b"MARKER") == 3

    send(upload(file.getvalue() + b"MARKER behind the end"))

    [kept] = files(media)
    assert is_bare(kept)
    assert b"MARKER" not in kept.read_bytes()
    assert kept.name != "me.jpg"


@pytest.mark.real_files
@pytest.mark.usefixtures("member")
def test_nothing_of_a_real_photograph_is_left_but_the_picture(send, media):
    photos = sorted(PHOTOS.rglob("*.jp*g"))
    with_exif = [photo for photo in photos if b"Exif" in photo.read_bytes()[:100]]
    if not with_exif:
        pytest.skip("no photograph with EXIF is here")

    for photo in with_exif[:3]:
        assert send(upload(photo.read_bytes(), photo.name)).status_code == 302
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
def test_what_is_no_picture_for_us_is_an_error_at_the_field(send, media, name, content):
    answer = send(upload(content, name))

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
def test_odd_pictures_become_plain_ones(send, media, name, content):
    assert send(upload(content, name)).status_code == 302

    [kept] = files(media)
    assert kept.parent == media / "members"
    with Image.open(kept) as image:
        assert (image.size, image.mode, getattr(image, "n_frames", 1)) == ((512, 512), "RGB", 1)
    assert b"MARKER" not in kept.read_bytes()


@pytest.mark.usefixtures("member")
def test_a_line_of_pixels_costs_no_more_memory_than_a_picture(send):
    """1 × 100,000 pixels, cut to a square, is one pixel blown up."""
    assert send(upload(picture((1, 100_000), "PNG"), "line.png")).status_code in {200, 302}
    assert send(upload(picture((60_000, 1), "PNG"), "line.png")).status_code in {200, 302}


@pytest.mark.usefixtures("member")
def test_the_page_costs_few_queries(client, django_assert_max_num_queries):
    client.get(PROFILE)

    with django_assert_max_num_queries(16):
        client.get(PROFILE)
