"""Videos of pages: sent in parts, and only those that everybody may see."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from home import videos
from home.blocks import BodyBlock
from home.tests.pages import fill, home_page, make_picture, picture_value

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 400


def make_file(name: str = "press.mp4", content: bytes = CONTENT):
    document = get_document_model()(title=name, file=ContentFile(content, name=name))
    document.save()
    return document


def got(document, part: str = "", method: str = "get"):
    headers = {"Range": part} if part else {}
    return getattr(Client(), method)(videos.address_of(document), headers=headers)


def test_a_video_is_sent_whole():
    answer = got(make_file())

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == CONTENT
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert not answer.cookies


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(CONTENT) - 1),
        ("bytes=-50", len(CONTENT) - 50, len(CONTENT) - 1),
        ("bytes=70000-99999999", 70000, len(CONTENT) - 1),
        ("bytes=0-0", 0, 0),
    ],
)
def test_a_part_of_a_video_is_sent(part, first, last):
    answer = got(make_file(), part)

    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == CONTENT[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("part", ["bytes=9-3", "bytes=-", "bytes=0-1,5-9", "lines=1-2", "bytes=x"])
def test_what_is_no_range_is_answered_whole(part):
    answer = got(make_file(), part)

    assert answer.status_code == 200
    assert len(b"".join(answer.streaming_content)) == len(CONTENT)


@pytest.mark.parametrize("part", [f"bytes={len(CONTENT)}-", "bytes=-0"])
def test_a_part_behind_the_end_is_refused(part):
    answer = got(make_file(), part)

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_an_empty_file_has_no_parts():
    assert got(make_file(content=b""), "bytes=0-").status_code == 416


def test_head_tells_how_large_it_is():
    answer = got(make_file(), method="head")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(CONTENT))


def test_only_videos_and_captions_are_sent_and_only_by_their_name():
    paper = make_file("list.pdf")
    assert got(paper).status_code == 404
    video = make_file()
    assert Client().get(reverse("video", args=[video.pk, "other.mp4"])).status_code == 404
    assert Client().get(reverse("video", args=[999, "press.mp4"])).status_code == 404
    assert got(make_file("words.vtt", b"WEBVTT")).headers["Content-Type"].startswith("text/vtt")


def test_what_is_not_for_everybody_is_not_sent():
    video = make_file()
    secret = Collection.get_first_root_node().add_child(name="Secret")
    CollectionViewRestriction.objects.create(collection=secret, restriction_type="login")
    video.collection = secret
    video.save()

    assert got(video).status_code == 404


def test_a_file_that_is_gone_is_not_found():
    video = make_file()
    video.file.storage.delete(video.file.name)

    assert got(video).status_code == 404


def video_block(**values):
    picture = picture_value(make_picture())
    value = {"title": "Press", "picture": picture, "file": None, "captions": None, "address": ""}
    return "video", value | values


def test_a_page_shows_its_own_video_with_captions():
    film, words = make_file(), make_file("words.vtt", b"WEBVTT")
    fill(home_page(), video_block(file=film.pk, captions=words.pk))

    text = Client().get("/").content.decode()

    assert f'src="{videos.address_of(film)}" type="video/mp4"' in text
    assert f'<track kind="captions" src="{videos.address_of(words)}"' in text
    assert 'preload="none"' in text
    assert "autoplay" not in text


def test_a_video_elsewhere_is_linked_and_nothing_is_loaded_from_there():
    fill(home_page(), video_block(address="https://video.example.com/watch?v=1"))

    text = Client().get("/").content.decode()

    assert 'href="https://video.example.com/watch?v=1"' in text
    assert "Watch it at video.example.com" in text
    assert "<iframe" not in text
    assert 'src="https://video' not in text


@pytest.mark.parametrize(
    ("names", "wrong"),
    [({"file": "list.pdf"}, "file"), ({"captions": "press.mp4"}, "captions"), ({}, "file")],
    ids=["no video", "no captions", "nothing"],
)
def test_an_editor_is_told_what_is_missing(names, wrong):
    files = {field: make_file(name).pk for field, name in names.items()}
    kind, value = video_block(**({"file": make_file().pk} if "captions" in names else {}), **files)
    block = BodyBlock().child_blocks[kind]

    with pytest.raises(ValidationError) as error:
        block.clean(block.to_python(value))

    assert list(error.value.block_errors) == [wrong]
