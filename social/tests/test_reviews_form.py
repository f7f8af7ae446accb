"""A member writes, changes and deletes a review; nothing typed is lost, nothing hostile gets in."""

import json
import struct
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.tests.factories import make_page
from social import review_views, reviews
from social.models import Review
from social.models.reviews import small_name

from .reviewing import made_picture, make_member, make_review, picture

pytestmark = pytest.mark.django_db
STRINGS = Path(django_settings.BASE_DIR).parent / "shared" / "data" / "strings" / "blns.json"
MINE = "/account/reviews/"
TYPED = {"stars": "4", "title": "Lovely", "text": "Deep colours"}


@pytest.fixture
def page():
    return make_page("Dune", slug="dune")


@pytest.fixture
def address(page):
    return f"/account/reviews/write/{page.product_id}/"


@pytest.fixture
def author(client):
    user = make_member("ada")
    client.force_login(user)
    return user


def upload(name="holiday.png", content=None):
    return SimpleUploadedFile(name, content or picture().read(), "image/png")


def damaged_avif():
    """A file whose head is in order and whose picture is nothing but noughts."""
    file = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, "AVIF")
    head, _mark, data = file.getvalue().partition(b"mdat")
    return head + b"mdat" + bytes(len(data))


def said(response):
    return [str(message) for message in response.context["messages"]]


def form_of(response):
    return BeautifulSoup(response.content, "html.parser").select_one("form[enctype]")


def errors(response):
    return dict(response.context["form"].errors.items())


def test_a_stranger_logs_in_first_and_comes_back(client, address):
    response = client.get(address)

    assert response.status_code == 302
    assert response.url == f"/account/login/?next={address}"


def test_writing_one_and_reading_how_it_stands(client, author, page, address):
    form = form_of(client.get(address))
    labels = [" ".join(label.get_text().split()) for label in form.select(".rate__star")]
    assert labels == [f"{number} of 5 stars" for number in range(1, 6)]
    assert not form.select("[name=stars][checked]")

    response = client.post(address, {**TYPED, "pictures": [upload(), upload()]}, follow=True)

    assert response.redirect_chain == [(MINE, 302)]
    assert said(response) == [
        "Thank you. We look at your review first; then everybody can read it."
    ]
    review = Review.objects.get()
    assert (review.user, review.product) == (author, page.product)
    assert (review.stars, review.title, review.text) == (4, "Lovely", "Deep colours")
    assert (review.state, review.language) == (Review.State.WAITING, "en")
    assert review.pictures.count() == 2
    html = response.content.decode()
    assert "It waits: others can read it once we have looked at it." in html
    assert f'href="{address}"' in html


def test_the_language_is_the_one_of_the_page(client, author, address):
    client.post(f"/ko{address}", TYPED)

    assert Review.objects.get().language == "ko"


def test_changing_it_begins_with_what_it_says_and_lets_it_wait_again(client, author, page, address):
    review = make_review(page, author, pictures=[made_picture(), made_picture()], **TYPED_ROW)
    first, second = review.pictures.all()
    response = client.get(address)
    form = form_of(response)
    assert form.select_one("[name=stars][checked]")["value"] == "4"
    assert form.select_one("[name=title]")["value"] == "Lovely"
    assert form.textarea.get_text().strip() == "Deep colours"
    assert [box["value"] for box in form.select("[name=removed]")] == [
        str(first.pk),
        str(second.pk),
    ]
    assert "waits until we have looked at it again" in response.content.decode()

    data = {**TYPED, "text": "Faded", "removed": [first.pk], "pictures": [upload(), upload()]}
    client.post(address, data)

    review.refresh_from_db()
    assert (review.text, review.state) == ("Faded", Review.State.WAITING)
    assert review.pictures.first() == second
    assert review.pictures.count() == 3


TYPED_ROW = {"stars": 4, "title": "Lovely", "text": "Deep colours"}


def test_what_is_sent_as_it_was_stays_as_it_is(client, author, page, address):
    make_review(page, author, **TYPED_ROW)

    response = client.post(address, TYPED, follow=True)

    assert said(response) == ["Your review is as it was."]
    assert Review.objects.get().state == Review.State.APPROVED


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"stars": ""}, "stars", "Please choose one to five stars."),
        ({"stars": "0"}, "stars", "valid choice"),
        ({"stars": "6"}, "stars", "valid choice"),
        ({"stars": "1e9"}, "stars", "valid choice"),
        ({"stars": "é"}, "stars", "valid choice"),
        ({"stars": "٤"}, "stars", "valid choice"),
        ({"text": ""}, "text", "required"),
        ({"text": " \n "}, "text", "required"),
        ({"text": "a\0b"}, "text", "control characters"),
        ({"text": "a\x07b"}, "text", "control characters"),
        ({"text": "x" * 3_001}, "text", "at most 3000"),
        ({"title": "a\nb"}, "title", "one line"),
        ({"title": "a\0b"}, "title", "Null characters"),
        ({"title": "x" * 101}, "title", "at most 100"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_comes_back(
    client, author, address, typed, field, message
):
    data = {**TYPED, **typed}
    response = client.post(address, data)

    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert message in errors(response)[field][0]
    form = form_of(response)
    if field != "text":
        assert form.textarea.get_text().strip() == "Deep colours"
    if field != "title":
        assert form.select_one("[name=title]")["value"] == "Lovely"
    assert not Review.objects.exists()


def test_lines_count_as_a_browser_counts_them(client, author, address):
    client.post(address, {**TYPED, "text": "\r\n".join("x" * 1_500)})

    assert Review.objects.get().text == "\n".join("x" * 1_500)


def test_a_text_of_ten_megabytes_is_no_failure_of_ours(client, author, address):
    response = client.post(address, {**TYPED, "text": "x" * 10 * 1024**2})

    assert response.status_code == 400
    assert not Review.objects.exists()


@pytest.mark.parametrize("product_id", ["0", "999999", "9" * 18, "9" * 30])
def test_what_is_no_product_cannot_be_reviewed(client, author, product_id):
    path = f"/account/reviews/write/{product_id}/"

    assert client.get(path).status_code == 404
    assert client.post(path, TYPED).status_code == 404


def test_what_is_not_shown_cannot_be_reviewed(client, author, page, address):
    page.unpublish()

    assert client.post(address, TYPED).status_code == 404


class TestPictures:
    def test_after_a_mistake_elsewhere_they_are_asked_for_again(self, client, author, address):
        response = client.post(address, {**TYPED, "text": "", "pictures": [upload()]})

        assert errors(response) == {
            "text": ["This field is required."],
            "pictures": ["Please choose your pictures again."],
        }

    @pytest.mark.parametrize("count", [4, 40])
    def test_more_than_three_are_refused(self, client, author, address, count):
        response = client.post(address, {**TYPED, "pictures": [upload()] * count})

        assert errors(response) == {"pictures": ["A review can have 3 pictures."]}
        assert form_of(response).textarea.get_text().strip() == "Deep colours"

    def test_more_than_three_with_those_it_has_are_refused(self, client, author, page, address):
        make_review(page, author, pictures=[made_picture(), made_picture()])

        response = client.post(address, {**TYPED, "pictures": [upload(), upload()]})

        assert errors(response)["pictures"][0] == "A review can have 3 pictures."
        assert Review.objects.get().pictures.count() == 2

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"no picture",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
            b"GIF89a\xff\xff\xff\xff<script>alert(1)</script>",
            damaged_avif(),
        ],
    )
    def test_what_is_no_picture_is_refused_by_its_name(self, client, author, address, content):
        file = SimpleUploadedFile("<b>x.png", content or b" ", "image/png")

        response = client.post(address, {**TYPED, "pictures": [upload(), file]})

        assert list(errors(response)) == ["pictures"]
        assert "x.png: This is no picture that we can read." in errors(response)["pictures"][0]
        assert "<b>x" not in response.content.decode()
        assert not Review.objects.exists()

    def test_a_camera_that_writes_odd_values_is_no_hindrance(self, client, author, address):
        # Turned by a quarter, and the maker's name is a fraction of nothing.
        facts = (0x0112, 3, 1, 6), (0x010F, 5, 1, 0)
        exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2)
        exif += b"".join(struct.pack("<HHII", *fact) for fact in facts)
        file = BytesIO()
        Image.new("RGB", (60, 40), "teal").save(file, "JPEG", exif=exif)

        client.post(address, {**TYPED, "pictures": upload("odd.jpg", file.getvalue())})

        kept = Review.objects.get().pictures.get()
        assert (kept.width, kept.height) == (40, 60)

    def test_a_picture_of_too_many_pixels_is_refused(self, client, author, address, settings):
        settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1_000_000
        response = client.post(
            address, {**TYPED, "pictures": upload(content=picture(size=(2000, 1000)).read())}
        )

        assert "at most 1 megapixels" in errors(response)["pictures"][0]

    def test_nothing_but_the_picture_is_kept(self, client, author, address):
        file = BytesIO()
        image = Image.new("RGB", (2400, 1200), "teal")
        exif = image.getexif()
        exif[0x010F] = "Secret camera"
        image.save(file, "JPEG", exif=exif)

        client.post(address, {**TYPED, "pictures": upload("a.jpg", file.getvalue())})

        kept = Review.objects.get().pictures.get()
        assert (kept.width, kept.height) == (1600, 800)
        with kept.file.open() as stored:
            content = stored.read()
        assert content[8:12] == b"WEBP"
        assert b"Secret" not in content


def test_what_a_program_seems_to_have_filled_in_is_not_taken_and_not_lost(client, author, address):
    response = client.post(address, {**TYPED, "website": "http://spam.example"})

    assert response.status_code == 422
    form = form_of(response)
    assert "Please send it once more" in form.select_one("[role=alert]").get_text()
    assert form.select_one("[name=website]").get("value") is None
    assert form.textarea.get_text().strip() == "Deep colours"
    assert not Review.objects.exists()


@pytest.mark.parametrize("removed", ["9" * 30, "é", "-1", "a\0b"])
def test_a_picture_that_is_gone_already_cannot_be_taken_away_again(
    client, author, page, address, removed
):
    make_review(page, author, pictures=[made_picture()], **TYPED_ROW)

    response = client.post(address, {**TYPED, "text": "Faded", "removed": removed})

    assert response.status_code == 302
    assert Review.objects.get().pictures.count() == 1


@pytest.mark.usefixtures("media")
def test_the_same_form_sent_twice_keeps_its_picture_once(client, author, address):
    seen = form_of(client.get(address)).select_one("[name=seen]").get("value", "")
    for _tap in range(2):
        response = client.post(address, {**TYPED, "seen": seen, "pictures": upload()}, follow=True)

    assert said(response)[-1].startswith("You had sent this review already.")
    kept = Review.objects.get().pictures.get()
    folder, _slash, name = kept.file.name.rpartition("/")
    _folders, files = default_storage.listdir(folder)
    assert {name, small_name(name)} == set(files)


def test_a_picture_more_is_taken_of_whoever_saw_the_review_as_it_is(client, author, page, address):
    make_review(page, author, pictures=[made_picture()], **TYPED_ROW)
    seen = form_of(client.get(address)).select_one("[name=seen]")["value"]

    client.post(address, {**TYPED, "seen": seen, "pictures": upload()})

    assert Review.objects.get().pictures.count() == 2


def test_after_ten_in_an_hour_what_was_typed_stays_in_the_form(client, author):
    pages = [make_page() for _number in range(11)]
    for page in pages[:-1]:
        client.post(f"/account/reviews/write/{page.product_id}/", TYPED)

    last = f"/account/reviews/write/{pages[-1].product_id}/"
    response = client.post(last, {**TYPED, "pictures": upload()})

    assert response.status_code == 429
    assert "please send it again in an hour" in response.content.decode()
    assert errors(response)["pictures"] == ["Please choose your pictures again."]
    assert form_of(response).textarea.get_text().strip() == "Deep colours"
    assert Review.objects.count() == 10


def test_a_place_has_its_share_too(client, page, address, monkeypatch):
    monkeypatch.setattr(review_views, "OF_PLACE", review_views.Limit("place", most=1))
    for name, status in (("ada", 302), ("grace", 429)):
        client.force_login(make_member(name))
        assert client.post(address, TYPED).status_code == status


def test_pictures_are_not_looked_at_for_ever(client, author, address, monkeypatch):
    monkeypatch.setattr(review_views, "TRIES", review_views.Limit("tries", most=1))
    wrong = {**TYPED, "text": ""}
    client.post(address, {**wrong, "pictures": upload()})

    response = client.post(address, {**TYPED, "pictures": upload()})

    assert response.status_code == 429
    assert form_of(response).textarea.get_text().strip() == "Deep colours"
    assert errors(response)["pictures"] == ["Please choose your pictures again."]


@pytest.mark.real_files
def test_naughty_strings_come_back_as_they_were_typed(client, author, page, address, monkeypatch):
    for name in ("OF_MEMBER", "OF_PLACE", "TRIES"):
        monkeypatch.setattr(review_views, name, review_views.Limit(name, most=10**6))
    strings = json.loads(STRINGS.read_text())

    for start in range(0, len(strings), 40):
        text = "\n".join(strings[start : start + 40])
        response = client.post(address, {**TYPED, "text": text, "title": strings[start]})
        assert response.status_code in {302, 422}
        html = client.get(MINE).content.decode()
        assert "<script>alert" not in html


class TestMine:
    def test_an_empty_list_is_friendly(self, client, author):
        assert "You have not written a review yet" in client.get(MINE).content.decode()

    def test_it_holds_ones_own_and_nobody_elses(self, client, author, page):
        make_review(page, text="Not mine")
        reviews.reply(make_review(page, author, text="This is mine"), "We are glad")

        html = client.get(MINE).content.decode()

        assert "This is mine" in html
        assert "Everybody can read it." in html
        assert "We are glad" in html
        assert "Not mine" not in html

    def test_a_hidden_one_says_what_to_do(self, client, author, page):
        reviews.hide(make_review(page, author))

        assert "Change it, and we look at it again." in client.get(MINE).content.decode()

    def test_of_a_product_that_is_gone_it_can_still_be_deleted(self, client, author, page):
        review = make_review(page, author)
        page.unpublish()

        html = client.get(MINE).content.decode()

        assert "A product that is no longer shown" in html
        assert f"/account/reviews/{review.pk}/delete/" in html
        assert "/account/reviews/write/" not in html

    def test_deleting_asks_and_then_keeps_nothing(self, client, author, page):
        review = make_review(page, author)
        path = f"/account/reviews/{review.pk}/delete/"
        form = BeautifulSoup(client.get(MINE).content, "html.parser").select_one(
            f'details form[action="{path}"]'
        )
        assert "gone for good" in form.get_text()
        assert client.get(path).status_code == 405

        response = client.post(path, follow=True)

        assert said(response) == ["Your review is deleted."]
        assert not Review.objects.exists()

    def test_nobody_deletes_the_review_of_another(self, client, author, page):
        review = make_review(page)

        for key in (review.pk, "9" * 30):
            assert client.post(f"/account/reviews/{key}/delete/").status_code == 404
        assert Review.objects.exists()

    def test_more_reviews_take_no_more_queries(self, client, author, django_assert_max_num_queries):
        for _number in range(2):
            make_review(None, author, pictures=[made_picture()])
        with django_assert_max_num_queries(100) as few:
            client.get(MINE)
        for _number in range(6):
            make_review(None, author, pictures=[made_picture()])

        with django_assert_max_num_queries(len(few)):
            client.get(MINE)
