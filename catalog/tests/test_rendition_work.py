"""Who makes the sizes of pictures: owed in rows, taken one by one, tried again, given up."""

from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from kombu.utils.scheduling import cycle_by_name
from PIL import Image, ImageCms

from catalog import rendition_files, rendition_work, tasks
from catalog.models import Picture, PictureRendition, ProductPicture, RenditionWork
from catalog.picture_sizes import CUT, FIRST, WHOLE, spec_of
from catalog.tests.factories import make_category, make_page
from catalog.tests.test_renditions import make_picture
from storefront.settings import workers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rung(monkeypatch):
    """Whoever rings is noted, and nobody comes."""
    rung = []
    monkeypatch.setattr("catalog.bell.ring", lambda *tasks, expires: rung.extend(tasks))
    return rung


def specs_of(picture: Picture) -> set[str]:
    return set(picture.renditions.values_list("filter_spec", flat=True))


def work() -> list[bool]:
    return list(rendition_work.work(None))


def test_an_upload_owes_the_sizes_and_rings_after_the_commit(
    rung, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        picture = make_picture()
        assert rung == []
    for callback in callbacks:
        callback()

    assert RenditionWork.objects.get().picture == picture
    assert tasks.make_renditions in rung


def test_a_worker_makes_what_listings_show_first_and_then_the_rest():
    first, second = make_picture(title="a"), make_picture(title="b")
    worker = rendition_work.work(None)

    assert [next(worker), next(worker)] == [False, False]
    assert specs_of(first) == specs_of(second) == set(FIRST)

    assert list(worker) == [True, True]
    assert set(FIRST) < specs_of(first) == specs_of(second) <= set(WHOLE)
    assert not RenditionWork.objects.exists()


def test_what_is_made_already_is_not_made_again():
    picture = make_picture()
    work()
    made = {one.pk: one.file.name for one in picture.renditions.all()}

    picture.title = "Another name"
    picture.save()

    assert work() == [False, True]
    assert {one.pk: one.file.name for one in picture.renditions.all()} == made


def test_pictures_of_published_pages_of_words_come_first_and_are_cut(
    django_capture_on_commit_callbacks,
):
    of_product, of_category = make_picture(title="a"), make_picture(1300, 800, "b")
    with django_capture_on_commit_callbacks(execute=True):
        category = make_category("Posters", picture=of_category, live=False)
        category.save_revision().publish()

    assert next(rendition_work.work(None))
    assert not specs_of(of_product)
    assert specs_of(of_category) >= set(CUT)


def test_pictures_of_products_are_not_cut():
    page = make_page()
    page.gallery.add(ProductPicture(image=make_picture()))
    page.save()

    work()

    assert not specs_of(Picture.objects.get()) & set(CUT)


def test_a_new_focal_point_cuts_anew(django_capture_on_commit_callbacks):
    picture = make_picture(900, 900)
    with django_capture_on_commit_callbacks(execute=True):
        make_category(picture=picture)
    work()
    tile = spec_of("jpeg", "fill-800x500")
    before = picture.renditions.get(filter_spec=tile)
    whole = picture.renditions.get(filter_spec=spec_of("jpeg", "width-480"))

    picture.focal_point_x, picture.focal_point_y = 450, 20
    picture.focal_point_width = picture.focal_point_height = 40
    with django_capture_on_commit_callbacks(execute=True):
        picture.save()
    work()

    after = picture.renditions.get(filter_spec=tile)
    assert after.file.name != before.file.name
    assert picture.renditions.get(filter_spec=whole.filter_spec).pk == whole.pk
    with Image.open(after.file) as made:
        # The upper edge of a gradient from black to white.
        assert made.getpixel((400, 0))[0] < 5


def test_a_new_file_makes_all_anew_at_new_addresses(client, editor):
    picture = make_picture(title="dune")
    picture._set_image_file_metadata()
    picture.save()
    work()
    old = {one.file.name for one in picture.renditions.all()}
    file = BytesIO()
    Image.new("RGB", (900, 700), "teal").save(file, "PNG")

    answer = client.post(
        reverse("wagtailimages:edit", args=[picture.pk]),
        {
            "title": "Dune",
            "collection": "1",
            "file": SimpleUploadedFile("dune.png", file.getvalue(), "image/png"),
        },
    )
    assert answer.status_code == 302
    assert not picture.renditions.exists()
    work()

    new = {one.file.name for one in picture.renditions.all()}
    assert new
    assert not new & old


def test_what_a_page_lacked_is_made_with_its_cuts():
    picture = make_picture()
    work()
    assert not specs_of(picture) & set(CUT)

    tasks.owe_renditions([[picture.pk, "tile"], [picture.pk, "gone"], [987_654, "card"]])
    work()

    assert specs_of(picture) & set(CUT)


def test_the_sweep_finds_what_nobody_owed_and_no_more_than_it_may():
    pictures = [make_picture(title=str(number)) for number in range(3)]
    work()
    PictureRendition.objects.exclude(image=pictures[0]).delete()

    assert rendition_work.owe_missing(most=1) == 1
    assert rendition_work.owe_missing() == 1
    assert rendition_work.owe_missing() == 0
    work()
    assert all(specs_of(picture) >= set(FIRST) for picture in pictures)
    assert rendition_work.owe_missing() == 0


def test_the_sweep_cuts_what_pages_of_words_show(django_capture_on_commit_callbacks):
    picture = make_picture()
    work()
    with django_capture_on_commit_callbacks(execute=True):
        make_category(picture=picture)
    RenditionWork.objects.all().delete()

    assert rendition_work.owe_missing() == 1
    work()

    assert specs_of(picture) & set(CUT)
    assert rendition_work.owe_missing() == 0


def broken(content: bytes = b"no picture at all") -> Picture:
    picture = make_picture(title="broken")
    with picture.file.storage.open(picture.file.name, "wb") as file:
        file.write(content)
    return picture


def pass_time() -> None:
    past = timezone.now() - timedelta(seconds=1)
    RenditionWork.objects.exclude(due=None).update(due=past)


def test_a_broken_file_is_tried_three_times_in_growing_distance_and_then_left_alone():
    picture, healthy = broken(), make_picture(title="healthy")

    assert work().count(True) == 1
    row = RenditionWork.objects.get()
    assert "UnidentifiedImageError" in row.problem
    assert row.due > timezone.now() + timedelta(minutes=4)
    for _again in range(4):
        pass_time()
        work()

    row.refresh_from_db()
    assert row.attempts == rendition_work.MOST_ATTEMPTS
    assert list(rendition_work.failed()) == [row]
    assert not rendition_work.is_owed()
    assert specs_of(healthy)
    # Nor do pages that show it begin it again.
    tasks.owe_renditions([(picture.pk, "card")])
    pass_time()
    assert work() == []


def test_a_broken_file_that_was_mended_is_made(django_capture_on_commit_callbacks):
    picture = broken()
    for _again in range(3):
        pass_time()
        work()
    picture.file.save("mended.png", ImageFile(make_picture(title="other").file))

    assert work().count(True) == 2
    assert specs_of(picture)
    assert not RenditionWork.objects.exists()


def test_a_lost_file_is_a_problem_like_any_other():
    picture = make_picture()
    picture.file.storage.delete(picture.file.name)

    assert work() == [False]
    assert "SourceImageIOError" in RenditionWork.objects.get().problem


def test_a_picture_that_was_deleted_meanwhile_leaves_no_file(monkeypatch):
    picture = make_picture()
    saved = []
    storage = PictureRendition._meta.get_field("file").storage
    keep = rendition_files._keep

    def delete_first(picture, *args):
        saved.append(picture.pk)
        Picture.objects.filter(pk=picture.pk).delete()
        keep(picture, *args)

    monkeypatch.setattr(rendition_files, "_keep", delete_first)
    before = set(storage.listdir("images")[1]) if storage.exists("images") else set()

    assert work() == [False]
    assert saved == [picture.pk]
    assert set(storage.listdir("images")[1]) == before
    assert not RenditionWork.objects.exists()


def test_another_worker_who_was_faster_keeps_its_file():
    picture = make_picture()
    spec = spec_of("jpeg", "width-480")
    rendition_files.make(picture, [spec])
    storage = picture.renditions.get().file.storage
    before = set(storage.listdir("images")[1])

    rendition_files._keep(picture, spec, b"the same again", (480, 617))

    assert picture.renditions.count() == 1
    assert set(storage.listdir("images")[1]) == before


def test_no_more_workers_than_may_work_at_once_and_the_dead_are_followed(monkeypatch):
    for number in range(3):
        make_picture(title=str(number))
    later = timezone.now() + timedelta(seconds=60)
    rows = list(RenditionWork.objects.order_by("pk"))
    RenditionWork.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(leased_until=later)
    assert work() == []

    RenditionWork.objects.filter(pk=rows[0].pk).update(
        leased_until=timezone.now() - timedelta(seconds=1), attempts=1
    )
    assert work().count(True) == 2
    # One that takes each worker with it is not begun for ever.
    RenditionWork.objects.update(
        leased_until=timezone.now() - timedelta(seconds=1), attempts=rendition_work.MOST_ATTEMPTS
    )
    assert work() == []
    assert rendition_work.failed().count() == 1


def test_what_is_owed_anew_while_it_is_made_is_made_again(monkeypatch):
    picture = make_picture()
    RenditionWork.objects.update(rank=rendition_work.REST)
    make = rendition_files.make

    def owed_meanwhile(picture, specs):
        monkeypatch.setattr(rendition_files, "make", make)
        rendition_work.owe([picture.pk], with_cuts=True)
        return make(picture, specs)

    monkeypatch.setattr(rendition_files, "make", owed_meanwhile)

    assert work() == [False, True]
    assert specs_of(picture) & set(CUT)


def test_a_turn_ends_and_the_next_is_rung_for(monkeypatch, rung):
    for number in range(3):
        make_picture(title=str(number))
    monkeypatch.setattr(rendition_work, "TURN", 0)
    monkeypatch.setattr(rendition_work.work, "__defaults__", (0.001,))

    assert tasks.make_renditions() == 1
    assert rung[-1] is tasks.make_renditions
    rung.clear()
    monkeypatch.setattr(rendition_work.work, "__defaults__", (None,))
    tasks.make_renditions()
    assert rung == []


def test_the_command_makes_all_and_names_what_it_cannot():
    healthy, bad = make_picture(title="healthy"), broken()
    RenditionWork.objects.all().delete()
    out, err = StringIO(), StringIO()

    call_command("make_renditions", stdout=out, stderr=err)

    assert out.getvalue() == "Made the sizes of 1 picture.\n"
    assert f"broken ({bad.file.name}) could not be made: UnidentifiedImageError" in err.getvalue()
    assert specs_of(healthy)

    PictureRendition.objects.filter(filter_spec=spec_of("avif", "width-640")).delete()
    call_command("make_renditions", all=True, stdout=out, stderr=err)
    assert spec_of("avif", "width-640") in specs_of(healthy)


def test_the_admin_lists_pictures_that_cannot_be_read(client, editor):
    picture = broken()
    RenditionWork.objects.update(attempts=3, problem="UnidentifiedImageError: what is this")

    page = client.get(reverse("catalog_broken_pictures")).content.decode()
    export = client.get(reverse("catalog_broken_pictures"), {"export": "csv"})

    assert reverse("wagtailimages:edit", args=[picture.pk]) in page
    assert "what is this" in page
    assert picture.file.name in b"".join(export.streaming_content).decode()


@pytest.mark.parametrize("size", [(900, 700), (901, 701), (1, 1), (3000, 2), (2, 1700), (799, 333)])
def test_no_shape_is_too_odd(size):
    picture = make_picture(*size)

    made = rendition_files.make(picture, rendition_files.wanted(picture, with_cuts=True))

    assert made == picture.renditions.count() > 0
    for one in picture.renditions.all():
        assert 1 <= one.width <= size[0]
        assert 1 <= one.height <= size[1]


def test_a_phone_held_upright_and_a_printers_colours_come_out_right():
    file = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera"
    Image.new("RGB", (400, 200), "teal").save(file, "JPEG", exif=exif)
    picture = Picture(title="phone", file=ImageFile(file, name="phone.jpg"))
    picture.save()
    rendition_files.make(picture, [spec_of("avif", "width-160"), spec_of("jpeg", "width-480")])

    small, large = picture.renditions.order_by("width")
    assert (small.width, small.height) == (160, 320)
    assert (large.width, large.height) == (200, 400)
    with Image.open(large.file) as made:
        assert not made.getexif()
        assert "icc_profile" not in made.info


def test_colours_of_another_profile_are_kept_and_a_broken_profile_does_no_harm():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for number, profile in enumerate((lab, b"not a profile")):
        file = BytesIO()
        Image.new("RGB", (90, 60), (10, 120, 130)).save(file, "JPEG", icc_profile=profile)
        picture = Picture.objects.create(
            title=str(number), file=ImageFile(file, name=f"colour{number}.jpg")
        )
        rendition_files.make(picture, [spec_of("webp", "width-320")])
        with Image.open(picture.renditions.get().file) as made:
            assert made.getpixel((9, 9)) == pytest.approx((10, 120, 130), abs=6)


def test_what_is_see_through_stays_so_but_on_white_in_a_jpeg():
    file = BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(file, "PNG")
    picture = Picture.objects.create(title="logo", file=ImageFile(file, name="logo.png"))
    rendition_files.make(picture, [spec_of(one, "width-480") for one in ("avif", "jpeg")])

    avif, jpeg = picture.renditions.order_by("filter_spec")
    with Image.open(avif.file) as made:
        assert made.getchannel("A").getextrema() == (0, 0)
    with Image.open(jpeg.file) as made:
        assert made.getpixel((9, 9)) == (255, 255, 255)


def test_two_uploads_of_one_name_keep_their_own_files():
    one, other = make_picture(title="dune"), make_picture(title="dune")
    work()

    assert len({row.file.name for row in PictureRendition.objects.all()}) == (
        one.renditions.count() + other.renditions.count()
    )


def test_a_worker_takes_a_mail_before_the_next_turn_of_pictures():
    order = workers.CELERY_BROKER_TRANSPORT_OPTIONS["queue_order_strategy"]
    cycle = cycle_by_name(order)(["media", "celery"])
    for taken in ("celery", "media"):
        cycle.rotate(taken)
        assert cycle.consume(2) == ["celery", "media"]
    # The control: in turns, as the library does by itself, pictures come as often as mails.
    cycle = cycle_by_name("round_robin")(["media", "celery"])
    cycle.rotate("celery")
    assert cycle.consume(2) == ["media", "celery"]
