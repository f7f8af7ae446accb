"""Import and export in the admin: a trial first, then the import, each as a job."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from catalog import jobs
from catalog.importing import run
from catalog.models import Attribute, Brand, CategoryPage, Job, Price, Product, ProductPage, Sku
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db
HEADER = "Handle,Title,Vendor,Type,Tags,Variant SKU,Variant Price,Variant Inventory Qty\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(client, text, name="products.csv"):
    home = Site.objects.get(is_default_site=True).root_page
    file = SimpleUploadedFile(name, text.encode())
    return client.post(
        reverse("catalog_import_export"), {"file": file, "parent": home.pk}, follow=True
    )


def work_off(client, response):
    """The page of the job that was just asked for, once a worker has done it."""
    assert jobs.run_due() == 1
    return client.get(response.redirect_chain[-1][0])


def start(client, trial):
    return client.post(reverse("catalog_start_import", args=[trial.pk]), follow=True)


def test_a_trial_says_what_would_change_and_writes_nothing(client, editor):
    page = make_page("Dune", brand=None)
    Product.objects.filter(pk=page.product_id).update(handle="dune")
    make_sku(page, "DUNE", price="10.00", on_hand=4)
    before = [list(model.objects.values()) for model in (ProductPage, Sku, Price, Brand)]
    categories = CategoryPage.objects.count()

    shown = work_off(
        client,
        upload(
            client,
            HEADER + "dune,Dune at dawn,Odd & Elm,Prints,new,DUNE,12.50,9\n"
            "moon,Moon,Odd & Elm,Lamps,,MOON,20,3\n"
            "bad,Bad,,Prints,,BAD,much,1\n",
        ),
    )

    assert [list(model.objects.values()) for model in (ProductPage, Sku, Price, Brand)] == before
    assert CategoryPage.objects.count() == categories
    rows = {(row[1], row[3]): (row[4], row[5]) for row in shown.context["job"].report["changes"]}
    assert rows["Dune at dawn", "DUNE: price"][1] == "12.50"
    assert rows["Dune at dawn", "DUNE: on hand"] == ("4", "9")
    assert rows["Moon", ""] == ("", "MOON: 20.00, 3 on hand")
    html = shown.content.decode()
    assert "Import it now" in html
    assert "1 row that cannot be used" in html
    assert "Read as Shopify (UTF-8), 3 rows" in " ".join(html.split())
    assert Job.objects.get().done == 2
    file = client.get(reverse("catalog_jobs:file", args=[Job.objects.get().pk]))
    assert b'not usable,Variant Price,,"""much"" is not a price."' in b"".join(
        file.streaming_content
    )


def test_a_trial_tells_what_becomes_of_categories_attributes_and_links(client, editor):
    dune, moon = (make_page(title, make_category("Prints")) for title in ("Dune", "Moon"))
    for page, handle in ((dune, "dune"), (moon, "moon")):
        Product.objects.filter(pk=page.product_id).update(handle=handle)
    moon.move(dune.get_parent(), "last-child")
    Attribute.objects.create(name="Size", kind="number", unit="cm")
    address = f"/{dune.get_parent().slug}/"
    text = (
        "Row,Handle,Title,Category,Introduction,First products,Related products,Kind,Unit\n"
        "attribute,,Size,,,,,number,mm\nattribute,,Weave,,,,,text,\n"
        f"category,,,{address},<p>By hand</p>,moon,,,\ncategory,,,Lamps,,,,,\n"
        f'product,dune,Dune,{address},,,"moon, star",,\nproduct,star,Star,Lamps,,,dune,,\n'
    )
    before = Attribute.objects.count(), CategoryPage.objects.count()

    shown = work_off(client, upload(client, text))

    report = shown.context["job"].report
    rows = {tuple(row[1:4]): tuple(row[4:]) for row in report["changes"]}
    assert rows["Size", "updated", "unit"] == ("cm", "mm")
    assert rows["Weave", "new", "new attribute"] == ("", "")
    assert rows["Prints", "updated", "introduction"] == ("", "By hand")
    assert rows["Prints", "updated", "first products"] == ("", "changed")
    assert rows["Lamps", "new", "new category"] == ("", "")
    assert rows["Dune", "updated", "related products"] == ("", "changed")
    assert report["outcomes"] == {"unchanged": 1, "created": 1}
    assert not report["notes"]
    assert "Import it now" in shown.content.decode()
    assert (Attribute.objects.count(), CategoryPage.objects.count()) == before

    done = work_off(client, start(client, Job.objects.get()))

    others = {**report["others"], "pages linked to others": 3}
    assert done.context["job"].report["others"] == others
    assert "Nothing would change." in work_off(client, upload(client, text)).content.decode()


def test_the_import_does_what_the_trial_said_and_keeps_a_report(client, editor):
    text = HEADER + "dune,Dune,Odd & Elm,Prints,,DUNE,12.50,9\n"
    work_off(client, upload(client, text))

    done = work_off(client, start(client, Job.objects.get()))

    sku = Sku.objects.with_availability().get()
    assert (sku.code, str(sku.price.amount.normalize()), sku.stock.on_hand) == ("DUNE", "12.5", 9)
    job = Job.objects.get(kind="import_products")
    assert job.report["outcomes"] == {"created": 1}
    file = client.get(reverse("catalog_jobs:file", args=[job.pk]))
    assert b"1 created" in b"".join(file.streaming_content)
    assert "Import it now" not in done.content.decode()
    again = work_off(client, upload(client, text))
    assert "Nothing would change." in again.content.decode()


def test_an_import_that_is_asked_for_twice_is_done_once(client, editor):
    work_off(client, upload(client, HEADER + "dune,Dune,,Prints,,DUNE,12.50,9\n"))
    trial = Job.objects.get()

    first, second = start(client, trial), start(client, trial)

    assert first.redirect_chain == second.redirect_chain
    assert Job.objects.filter(kind="import_products").count() == 1


def cancelled(monkeypatch, after):
    """From now on somebody cancels the job once so many of its products are written."""

    def told(progress):
        if progress.done >= after:
            jobs.cancel(progress.job)
        return tell(progress)

    tell = jobs.Progress.tell
    monkeypatch.setattr(jobs, "PAUSE", timedelta(0))
    monkeypatch.setattr(jobs.Progress, "tell", told)


def test_a_cancelled_import_keeps_a_report_of_what_was_done(client, editor, monkeypatch):
    monkeypatch.setattr(run, "BATCH", 2)
    rows = [f"p{number},P {number},,Prints,,P{number},1.50,9\n" for number in range(6)]
    work_off(client, upload(client, HEADER + "".join(rows)))
    response = start(client, Job.objects.get())
    cancelled(monkeypatch, after=2)

    work_off(client, response)

    job = Job.objects.get(kind="import_products")
    assert (job.state, job.done, job.report["outcomes"]) == ("cancelled", 2, {"created": 2})
    assert Product.objects.filter(handle__startswith="p").count() == 2
    file = client.get(reverse("catalog_jobs:file", args=[job.pk]))
    assert b"2 created" in b"".join(file.streaming_content)


def test_an_import_whose_worker_died_goes_on_and_says_so(client, editor):
    rows = [f"p{number},P {number},,Prints,,P{number},1.50,9\n" for number in range(3)]
    work_off(client, upload(client, HEADER + rows[0]))
    work_off(client, start(client, Job.objects.get()))
    work_off(client, upload(client, HEADER + "".join(rows)))
    response = start(client, Job.objects.filter(kind="import_trial").first())
    long_ago = timezone.now() - timedelta(hours=1)
    job = Job.objects.filter(kind="import_products").first()
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, leased_until=long_ago)

    shown = work_off(client, response)

    assert shown.context["job"].report["outcomes"] == {"created": 2, "unchanged": 1}
    assert "The worker died while it imported" in shown.content.decode()


def test_a_long_name_in_any_letters_is_no_reason_to_fail(client, editor):
    text = HEADER + "dune,Dune,,Prints,,DUNE,12.50,9\n"

    shown = work_off(client, upload(client, text, "상품" * 100 + ".csv"))

    assert shown.context["job"].state == Job.State.DONE


def test_an_export_can_be_downloaded_and_tried_again_without_a_change(client, editor):
    Attribute.objects.create(name="Material")
    work_off(client, upload(client, HEADER + "dune,Dune,Elm,Prints,a,DUNE,12.50,9\n"))
    work_off(client, start(client, Job.objects.get()))

    response = client.post(
        reverse("catalog_import_export"), {"export": "1", "format": "csv"}, follow=True
    )
    shown = work_off(client, response)
    file = client.get(reverse("catalog_jobs:file", args=[shown.context["job"].pk]))
    exported = b"".join(file.streaming_content).decode("utf-8-sig")

    assert "DUNE" in exported
    assert "Nothing would change." in work_off(client, upload(client, exported)).content.decode()


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("products.pdf", "x", "Choose a CSV or XLSX file."),
        ("products.csv", "", "The submitted file is empty."),
    ],
)
def test_a_file_that_cannot_be_one_is_refused_at_its_field(client, editor, name, text, error):
    response = upload(client, text, name)

    assert response.context["import_form"].errors["file"] == [error]
    assert not Job.objects.exists()


def test_a_file_without_known_columns_fails_with_a_sentence(client, editor):
    shown = work_off(client, upload(client, "a,b\n1,2\n"))

    assert shown.context["job"].state == Job.State.FAILED
    assert "products.csv" in shown.context["job"].problem


def test_only_those_who_may_change_products_prices_and_stock_import(client, django_user_model):
    for name, status in [("Merchandiser", 200), ("Fulfilment", 302), ("Marketer", 302)]:
        user = django_user_model.objects.create_user(name, f"{name}@example.com", "secret")
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        assert client.get(reverse("catalog_import_export")).status_code == status, name


def test_a_trial_of_somebody_else_cannot_be_started(client, editor, django_user_model):
    work_off(client, upload(client, HEADER + "dune,Dune,,Prints,,DUNE,12.50,9\n"))
    trial = Job.objects.get()
    other = django_user_model.objects.create_user("other", "o@example.com", "secret")
    other.groups.add(Group.objects.get(name="Merchandiser"))
    client.force_login(other)

    assert start(client, trial).status_code == 404
    assert Job.objects.count() == 1
