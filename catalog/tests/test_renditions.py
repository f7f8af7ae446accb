"""What of a picture is shown: the files that workers have made, and never one made for it."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.images import ImageFile
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog import moment, rendition_files, rendition_ring, renditions
from catalog.models import Picture, PictureRendition, ProductPicture
from catalog.picture_sizes import CUT, FIRST, KINDS, WHOLE, spec_of
from catalog.tests.factories import make_category, make_page, make_sku
from tests.outline import Outline

pytestmark = pytest.mark.django_db


def make_picture(
    width: int = 500, height: int = 640, title: str = "Dune", kind: str = "PNG"
) -> Picture:
    file = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(file, kind)
    file.seek(0)
    return Picture.objects.create(title=title, file=ImageFile(file, name=f"{title}.{kind.lower()}"))


def make_all(picture: Picture) -> Picture:
    rendition_files.make(picture, rendition_files.wanted(picture, with_cuts=True))
    return Picture.objects.get(pk=picture.pk)


def html_of(picture: Picture | None, words: str) -> str:
    template = Template("{% load picture_tags %}{% sized_picture picture " + words + " %}")
    return template.render(Context({"picture": picture}))


def widths(page: Outline, file_format: str) -> list[int]:
    """The widths in which a format of the first picture is offered."""
    sources = [one for one in page.all("source") if one["type"] == f"image/{file_format}"]
    return [int(one.split()[1].rstrip("w")) for one in sources[0]["srcset"].split(", ")]


@pytest.fixture
def no_bell(monkeypatch):
    """Whoever rings is noted, and nobody comes."""
    rung = []
    monkeypatch.setattr("catalog.bell.ring", lambda *tasks, expires: rung.extend(tasks))
    rendition_ring._noticed.clear()
    rendition_ring._told.clear()
    yield rung
    rendition_ring._noticed.clear()
    rendition_ring._told.clear()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_offers_avif_before_webp_and_a_jpeg_to_all_others(kind, no_bell):
    picture = make_all(make_picture())

    page = Outline(html_of(picture, f'"{kind}" alt="A dune"'))

    assert [one["type"] for one in page.all("source")] == ["image/avif", "image/webp"]
    assert all(one["sizes"] == KINDS[kind].sizes for one in page.all("source"))
    (image,) = page.all("img")
    assert image["src"].endswith(".jpg")
    assert image["alt"] == "A dune"
    assert (image["loading"], image["decoding"]) == ("lazy", "async")
    assert widths(page, "avif") == sorted(set(widths(page, "avif")))
    assert rendition_ring._noticed == set()


def test_the_size_of_the_largest_file_holds_its_place(no_bell):
    page = Outline(html_of(make_all(make_picture(1400, 1800)), '"product"'))

    (image,) = page.all("img")
    assert widths(page, "avif") == [480, 640, 960, 1280]
    assert widths(page, "webp") == [640, 1280]
    assert (image["width"], image["height"]) == ("1280", "1645")


def test_a_small_picture_is_never_made_larger_nor_kept_twice_in_one_size(no_bell):
    picture = make_all(make_picture(200, 100))

    page = Outline(html_of(picture, '"hero"'))

    assert widths(page, "avif") == [200]
    assert (page.all("img")[0]["width"], page.all("img")[0]["height"]) == ("200", "100")
    for kind in KINDS:
        html_of(picture, f'"{kind}"')
    # Nothing is missed: a size that would be the same again is not waited for.
    assert rendition_ring._noticed == set()
    kept = [(one.filter_spec[:12], one.width, one.height) for one in picture.renditions.all()]
    assert len(kept) < len(WHOLE) + len(CUT)


def test_attributes_are_those_of_the_image_and_escaped(no_bell):
    picture = make_all(make_picture(90, 60))
    picture.title = '"><b>'
    words = (
        '"card" alt=picture.title loading="eager" fetchpriority="high" class="wide" sizes="50vw"'
    )

    html = html_of(picture, words)

    page = Outline(html)
    (image,) = page.all("img")
    assert "<b>" not in html
    assert image["alt"] == '"><b>'
    assert (image["loading"], image["fetchpriority"]) == ("eager", "high")
    assert image["class"] == "wide"
    assert {one["sizes"] for one in page.all("source")} == {"50vw"}


def test_no_picture_shows_nothing_and_an_unknown_kind_is_a_mistake():
    assert html_of(None, '"card"') == ""
    with pytest.raises(KeyError):
        html_of(make_picture(), '"poster"')


def test_before_any_is_made_the_uploaded_file_is_shown_in_its_size(no_bell):
    picture = make_picture(700, 900)

    page = Outline(html_of(picture, '"product"'))

    (image,) = page.all("img")
    assert page.all("source") == []
    assert image["src"] == picture.file.url
    assert (image["width"], image["height"]) == ("700", "900")
    assert not PictureRendition.objects.exists()


def test_what_is_not_cut_yet_holds_the_place_of_what_will_be(no_bell):
    picture = make_picture(700, 900)
    rendition_files.make(picture, FIRST)

    page = Outline(html_of(Picture.objects.get(), '"tile" class="x"'))

    (image,) = page.all("img")
    assert (image["width"], image["height"]) == ("700", "437")
    # Which the style sheet cuts.
    assert image["class"] == "x picture--tile"
    assert widths(page, "avif") == [160, 320, 480]


def test_the_closest_stand_in_while_the_large_ones_are_still_made(no_bell):
    picture = make_picture(1400, 1800)
    rendition_files.make(picture, FIRST)

    page = Outline(html_of(Picture.objects.get(), '"product"'))

    assert widths(page, "avif") == [160, 320, 480]
    assert page.all("img")[0]["src"].endswith(".480.jpg")
    # The place of what is to come, so that nothing moves between one visit and the next.
    assert (page.all("img")[0]["width"], page.all("img")[0]["height"]) == ("1400", "1800")


def test_what_was_cut_around_another_point_is_not_shown(no_bell):
    picture = make_all(make_picture())
    before = html_of(picture, '"tile"')
    picture.focal_point_x = picture.focal_point_y = 100
    picture.focal_point_width = picture.focal_point_height = 50
    picture.save()

    meanwhile = html_of(Picture.objects.get(), '"tile"')
    after = html_of(make_all(picture), '"tile"')

    old, new = Outline(before).all("img")[0]["src"], Outline(after).all("img")[0]["src"]
    assert "picture--tile" in meanwhile
    assert old != new
    assert old not in meanwhile
    # The old files are gone, and those of whole pictures stayed.
    assert picture.renditions.filter(filter_spec=spec_of("jpeg", "fill-800x500")).count() == 1


def test_a_worker_is_told_once_of_what_pages_lack(no_bell):
    picture = make_picture()
    for _again in range(3):
        html_of(picture, '"card"')
        html_of(picture, '"tile"')

    rendition_ring.tell()
    html_of(picture, '"card"')
    rendition_ring.tell()

    (task,) = no_bell
    assert task.args == ([(picture.pk, "card"), (picture.pk, "tile")],)


def test_a_preview_tells_nobody(no_bell, django_capture_on_commit_callbacks):
    picture = make_picture()
    with moment.at(moment.shown()):
        html_of(picture, '"card"')
    rendition_ring.tell()

    assert no_bell == []


def test_pictures_that_were_prefetched_cost_no_query(no_bell):
    for number in range(3):
        make_all(make_picture(300, 300, f"p{number}"))
    with CaptureQueriesContext(connection) as captured:
        pictures = Picture.objects.prefetch_related(renditions.prefetch("", "card"))
        html = "".join(html_of(picture, '"card"') for picture in pictures)

    assert html.count("<img") == 3
    assert len(captured) == 2


def test_mails_and_feeds_get_a_jpeg_that_is_there_or_none(no_bell):
    picture = make_picture()
    assert renditions.jpeg(picture, "product") is None

    rendition_files.make(picture, FIRST)
    small = renditions.jpeg(Picture.objects.get(), "product")
    large = renditions.jpeg(make_all(picture), "product")

    assert (small.width, large.width) == (480, 500)
    assert large.file.name.endswith(".jpg")


@pytest.fixture
def shop():
    """A page of each kind with pictures; nobody has made any of their sizes."""
    posters = make_category("Posters", picture=make_picture(900, 600, "posters"))
    dune = make_page("Dune", posters, summary="A calm horizon")
    for number in range(3):
        dune.gallery.add(ProductPicture(image=make_picture(title=f"dune{number}")))
    dune.description = [("picture", make_picture(title="words"))]
    dune.save()
    make_sku(dune, "DUNE", picture=make_picture(title="variant"))
    make_sku(dune, "DUNE-2", option1="A2")
    return dune


@pytest.mark.parametrize("path", ["/posters/", "/"])
def test_a_category_is_shown_by_its_picture_cut_around_the_focal_point(path, no_bell):
    picture = make_picture(900, 600, "posters")
    picture.focal_point_x = picture.focal_point_y = 60
    picture.focal_point_width = picture.focal_point_height = 40
    picture.save()
    make_category("Posters", picture=picture)
    make_all(picture)
    cut = picture.renditions.get(filter_spec=spec_of("jpeg", "fill-800x500"))

    shown = Outline(Client().get(path).content.decode()).all("img")

    assert cut.focal_point_key
    assert cut.url in [image["src"] for image in shown]


@pytest.fixture
def refused(monkeypatch):
    """Whoever makes a rendition meanwhile fails."""

    def refuse(*args, **options):
        raise AssertionError("made in a request")

    for name in ("create_rendition", "create_renditions", "generate_rendition_file"):
        monkeypatch.setattr(Picture, name, refuse)
    monkeypatch.setattr(rendition_files, "make", refuse)


PAGES = ["/", "/posters/", "/posters/dune/", "/posters/dune/?sku=DUNE", "/search/?q=calm", "/cart/"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_shop_makes_a_rendition(path, shop, refused, no_bell):
    client = Client()
    client.post(
        "/cart/add/", {"code": "DUNE", "quantity": 1}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    answer = client.get(path)

    assert answer.status_code == 200
    # As only the shop's own tag writes it.
    assert 'decoding="async"' in answer.content.decode()
    assert not PictureRendition.objects.exists()
    assert no_bell


def test_wagtails_own_tag_would_have_been_noticed(shop, refused):
    """The control of the test above."""
    template = Template("{% load wagtailimages_tags %}{% picture picture width-480 %}")
    with pytest.raises(AssertionError, match="made in a request"):
        template.render(Context({"picture": Picture.objects.first()}))


def test_no_template_of_the_shop_uses_wagtails_own_tags():
    folder = Path(settings.BASE_DIR) / "templates"
    found = [
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if not {"admin", "wagtailadmin"} & set(path.relative_to(folder).parts)
        and re.search(r"{% (image|picture|srcset_image) ", path.read_text())
    ]
    assert found == []
