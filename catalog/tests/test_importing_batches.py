"""New products written many at a time: the same shop as one by one, whatever happens."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Site
from wagtail.search.models import IndexEntry
from wagtail.signals import page_published

from catalog.clusters import ClusterMixin
from catalog.importing import detect, run
from catalog.importing.drafts import Block, Draft, Picture, PriceWindow, Variant
from catalog.importing.pictures import PictureFolder
from catalog.importing.planning import Planner
from catalog.importing.report import Report
from catalog.importing.rows import Table
from catalog.models import (
    Attribute,
    CategoryPage,
    Price,
    Product,
    ProductPage,
    Sku,
    Stock,
    StockMovement,
)
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.page_forms import edit, product_form
from catalog.tests.test_import_products import images  # noqa: F401 - a fixture
from catalog.tests.test_importing_files import FOLDER

LARGEST = FOLDER / "henrychris-large-export.csv"
UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
# What the moment, or chance, decides.
CHANCE = {"translation_key", "title_norm", "content_path_hash"}

pytestmark = pytest.mark.django_db
concurrent = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def variant(number: int, **fields: Any) -> Variant:
    values = {"line": number + 2, "code": f"C-{number}", "options": ("", "", "")}
    values |= {"price": Decimal(number + 5), "quantity": number % 4}
    return Variant(**{**values, **fields})


def draft(number: int, **fields: Any) -> Draft:
    values = {"title": f"Product {number}", "live": True, "category": "Things"}
    values["variants"] = [variant(number)]
    return Draft(line=number + 2, handle=f"product-{number}", **{**values, **fields})


def rich(number: int) -> Draft:
    """A product of which a file says all that a file can say."""
    sizes = [
        variant(
            100 * number + place,
            options=(size, "Blue", ""),
            compare_at=Decimal(900) if place else None,
            barcode="0850",
            grams=145,
            sells_on=bool(place),
            picture="https://x/b.png",
            cost=Decimal("3.50"),
            tax_class=f"Class {number % 2}",
            low_at=2,
            back_order_text="Soon.",
            on_sale=place != 1,
            windows=_windows(number) if place == 2 else (),
        )
        for place, size in enumerate(("S", "M", "L"))
    ]
    return draft(
        number,
        live=number % 3 > 0,
        body='<p>Soft <b>wool</b>. <a href="https://example.com/">More</a></p>',
        vendor=f"Maker {number % 2}",
        tags=["Wool", "warm", f"tag {number % 3}"],
        seo_title="For machines",
        seo_description="For machines, at length",
        option_names=["Size", "Colour"],
        variants=sizes,
        pictures=[Picture(2, "https://x/a.png", "A"), Picture(3, "https://x/b.png", "B")],
        further_categories=[("Things",), ("More things",)],
        summary="In short",
        attributes=[("Material", "wool"), ("Width", "12.5")],
        is_digital=bool(number % 2),
        first_published=datetime(2024, 2, 29, tzinfo=timezone.get_default_timezone()),
    )


def _windows(number: int) -> tuple[PriceWindow, ...]:
    zone = timezone.get_default_timezone()
    start, end = (datetime(2099, month, 1, tzinfo=zone) for month in (1, 2))
    regular = PriceWindow(number, "regular", Decimal(50))
    return regular, PriceWindow(number, "sale", Decimal(40), start, end)


def blocks(number: int) -> Draft:
    story = [Block(2, text="<h2>One</h2>"), Block(2, picture="https://x/a.png", alt_text="A")]
    return draft(number, blocks=[*story, Block(2, text="<p>Two</p>")])


def an_import(pictures: PictureFolder | None = None, **options: Any) -> run.Import:
    root = Site.objects.get(is_default_site=True).root_page.specific
    table, report = Table("UTF-8", {}), Report("file.csv")
    return run.Import(table, report, root, pictures, **options)


def imported(drafts: list[Draft], pictures: PictureFolder | None = None, **options: Any) -> Report:
    work = an_import(pictures, **options)
    work.run(drafts)
    return work.report


@contextmanager
def undone() -> Iterator[None]:
    """What is written within this is undone; each time the rows get the same keys."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    with connection.cursor() as cursor:
        # SQLite takes its counters back with the rest.
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows() -> dict[str, list[tuple]]:
    """Every row of every table; keys as they are, moments and random keys as such."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model is ReferenceIndex or not model._meta.managed:
            continue
        columns = [f for f in model._meta.local_concrete_fields if f.name not in CHANCE]
        if model is Price:
            # Nobody points to them: those with an end come first for many, and last for one.
            columns = [f for f in columns if not f.primary_key]
        values = model._base_manager.order_by("pk").values_list(*(f.attname for f in columns))
        found[model._meta.label] = [tuple(map(_plain, row)) for row in values]
    found[Price._meta.label].sort()
    # Wagtail writes them in the order of a set.
    names = ("content_type", "base_content_type", "object_id", "to_content_type", "to_object_id")
    references = ReferenceIndex.objects.values_list(*names, "model_path", "content_path")
    found["references"] = sorted(tuple(map(_plain, row)) for row in references)
    return found


def differences(one: dict[str, list], other: dict[str, list]) -> dict[str, list]:
    """By table the rows that are in one of them only."""
    return {name: sorted({*one[name]} ^ {*other[name]}) for name in one if one[name] != other[name]}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        # Those that the file says are told apart.
        return str(value) if value.year in (2024, 2099) else "moment"
    # To write a story out would make the pictures in it.
    text = json.dumps(list(value.raw_data)) if isinstance(value, StreamValue) else str(value)
    return UUID.sub("uuid", text)


def assert_is_sound() -> None:
    assert not any(Page.find_problems())
    for category in CategoryPage.objects.all():
        assert category.numchild == category.get_children().count()
    pages = ProductPage.objects.all()
    assert len({page.url_path for page in pages}) == len(pages)
    for stock in Stock.objects.prefetch_related("sku__movements"):
        assert stock.on_hand == sum(entry.quantity for entry in stock.sku.movements.all())
    live = {str(page.pk) for page in pages}
    entries = IndexEntry.objects.filter(content_type__model="productpage")
    assert {entry.object_id for entry in entries} == live


def the_shop_before() -> None:
    """All that products share, so that its keys do not depend on who needs it first."""
    make_page("Product 3", make_category("Things"), slug="product-3")
    make_category("More things")
    Attribute.objects.create(name="Width", kind="number")


def test_written_together_or_one_by_one_the_shop_is_the_same_to_the_last_row(images):  # noqa: F811
    the_shop_before()
    drafts = [*(draft(number) for number in range(5)), *(rich(number) for number in range(5, 15))]
    drafts += [blocks(15), draft(16, variants=[]), draft(17, slug="product-1")]
    folder = PictureFolder(images)
    folder.get("a.png"), folder.get("b.png")
    found = []
    for is_in_batches in (True, False):
        with undone():
            report = imported(drafts, folder, is_in_batches=is_in_batches)
            assert report.outcomes == {"created": len(drafts)}
            found.append(rows() | {"report": [(str(report),)]})
            # What both wrote, and not that neither did.
            assert Price.objects.filter(valid_until__year=2099).count() == 10
            assert StockMovement.objects.count() > 10

    assert differences(*found) == {}


@pytest.mark.real_files
def test_a_real_file_is_written_the_same_in_both_ways():
    table = detect.read(LARGEST)
    drafts = detect.contents(table, Report(""), "EUR").products[:120]
    for title in dict.fromkeys(draft.category for draft in drafts):
        make_category(title or "Uncategorized")
    found = []
    for is_in_batches in (True, False):
        with undone():
            imported(drafts, is_in_batches=is_in_batches)
            found.append(rows())

    assert differences(*found) == {}


def test_what_is_left_out_for_many_is_what_wagtail_does_for_one_and_nothing_of_ours():
    assert ProductPage.clean is Page.clean
    # Which asks for less of a page that is there, and for all of a new one.
    assert ProductPage.full_clean is ClusterMixin.full_clean


def test_a_batch_takes_no_more_queries_for_many_than_for_a_few():
    imported([draft(number) for number in range(3)])
    numbers = []
    for start, end in ((10, 20), (20, 50)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            report = imported([draft(number) for number in range(start, end)])
        assert report.outcomes == {"created": end - start}
        numbers.append(len(queries))

    # SQLite is told a thousand values at a time: a product has some two hundred.
    allowed = 0.5 if connection.vendor == "sqlite" else 0
    assert numbers[1] - numbers[0] <= allowed * 20


def refused(number: int) -> Draft:
    """With the same options twice, which no reader would let through, and no database does."""
    return draft(number, variants=[variant(number), variant(1000 + number)])


@pytest.mark.parametrize("bad", [{0}, {7}, {19}, {3, 4, 12}, set(range(20))])
def test_those_that_the_database_refuses_are_told_and_the_others_are_written(bad):
    drafts = [refused(number) if number in bad else draft(number) for number in range(20)]

    report = imported(drafts)

    assert (report.outcomes["created"], report.outcomes["skipped"]) == (20 - len(bad), len(bad))
    assert {problem.line - 2 for problem in report.bad_rows} == bad
    assert all("The database refused it" in problem.reason for problem in report.bad_rows)
    assert Product.objects.count() == ProductPage.objects.count() == 20 - len(bad)
    assert_is_sound()


def test_one_that_is_wrong_in_itself_says_so_and_costs_the_others_nothing():
    drafts = [draft(number) for number in range(20)]
    drafts[7].title = "x" * 256
    drafts[9].variants = [variant(9, quantity=10**30)]

    report = imported(drafts)

    assert report.outcomes == {"created": 18, "skipped": 2}
    told = {problem.line: problem.reason for problem in report.bad_rows}
    assert "at most 255 characters" in told[9]
    assert set(told) == {9, 11}
    assert_is_sound()


def test_a_listener_that_fails_for_one_page_fails_for_that_one_only():
    def fail(instance, **_kwargs):
        if instance.title == "Product 3":
            raise RuntimeError("no")

    page_published.connect(fail)
    try:
        report = imported([draft(number) for number in range(8)])
    finally:
        page_published.disconnect(fail)

    assert report.outcomes == {"created": 7, "skipped": 1}
    assert not Product.objects.filter(handle="product-3").exists()
    assert_is_sound()


def test_who_listens_for_publications_hears_of_each_live_page_once():
    heard = []

    def listen(instance, revision, **_kwargs):
        heard.append((instance.title, instance.tags.count(), instance.pk, revision))

    page_published.connect(listen)
    try:
        imported([draft(0, tags=["wool"]), draft(1, live=False), draft(2), draft(3, variants=[])])
    finally:
        page_published.disconnect(listen)

    keys = dict(ProductPage.objects.values_list("title", "pk"))
    assert heard == [
        ("Product 0", 1, keys["Product 0"], None),
        ("Product 2", 0, keys["Product 2"], None),
    ]


def test_slugs_give_way_to_those_that_are_there_and_to_one_another():
    things = make_category("Things")
    make_page("Taken", things, slug="product-1")
    make_page("Taken too", things, slug="product-1-2")

    imported([draft(0, slug="product-1"), draft(1), draft(2, slug="product-1"), draft(3)])

    slugs = dict(ProductPage.objects.values_list("title", "slug"))
    assert [slugs[f"Product {number}"] for number in range(4)] == [
        "product-1-3", "product-1-4", "product-1-5", "product-3",
    ]  # fmt: skip
    assert_is_sound()


def test_new_titles_are_weighed_by_the_average_and_found():
    def titled(number: int, word: str) -> Draft:
        return draft(number, title=" ".join(f"{word}{n}" for n in range(number % 5 + 1)))

    imported([titled(number, "word") for number in range(30)])
    imported([titled(number, "lamp") for number in range(30, 60)])

    entries = IndexEntry.objects.filter(content_type__model="productpage")
    lengths = entries.annotate(length=Length("title")).values_list("title_norm", "length")
    averages = {round(norm * length, 3) for norm, length in lengths}
    # That of the first batch, and that of all there was when the second was written.
    assert len(averages) <= 2
    assert 1.0 not in averages
    assert ProductPage.objects.search("lamp0").count() == 30


def test_each_page_is_in_the_log_with_who_began_the_import(editor):
    from wagtail.log_actions import LogContext

    with LogContext(user=editor):
        imported([draft(0), draft(1)])

    entries = PageLogEntry.objects.filter(page__in=ProductPage.objects.all())
    assert {(entry.action, entry.user, entry.label) for entry in entries} == {
        ("wagtail.create", editor, "Product 0"), ("wagtail.create", editor, "Product 1"),
    }  # fmt: skip


def test_an_editor_can_do_all_there_is_with_such_a_page(client, editor):
    imported([draft(0), draft(1, live=False), draft(2)])
    page = ProductPage.objects.get(title="Product 1")
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200

    form = product_form("Edited", page.slug, text="By hand")
    assert edit(client, page, form | {"action-publish": "1"}).status_code == 302
    page = ProductPage.objects.get(pk=page.pk)
    assert (page.title, page.live) == ("Edited", True)
    first = page.latest_revision
    page.title = "Edited again"
    page.save_revision(user=editor).publish()
    first.publish()
    page.refresh_from_db()
    assert page.title == "Edited"
    page.move(make_category("Elsewhere"), pos="last-child")
    copied = ProductPage.objects.get(title="Product 2").copy(update_attrs={"slug": "copied"})
    assert copied.product.skus.count() == 0
    make_page("By hand", CategoryPage.objects.get(title="Things"))
    assert_is_sound()


def test_variants_exchange_codes_or_options_and_leave_theirs_to_new_ones():
    def sizes(*pairs: tuple[str, str]) -> list[Draft]:
        variants = [
            variant(place, code=code, options=(size, "", ""))
            for place, (code, size) in enumerate(pairs)
        ]
        return [draft(0, option_names=["Size"], variants=variants)]

    imported(sizes(("A", "S"), ("B", "M")))
    keys = dict(Sku.objects.values_list("code", "pk"))
    # Options change hands, and a new one takes what an old one leaves.
    report = imported(sizes(("A", "M"), ("B", "L"), ("C", "S")))

    assert (report.outcomes, report.bad_rows) == ({"updated": 1}, [])
    found = {sku.code: (sku.pk, sku.option1) for sku in Sku.objects.all()}
    assert found["A"] == (keys["A"], "M")
    assert found["B"] == (keys["B"], "L")
    assert found["C"][1] == "S"


def test_codes_of_another_product_are_refused_in_a_batch_too():
    make_sku(make_page("Other"), "c-3")

    report = imported([draft(number) for number in range(5)])

    assert report.outcomes == {"created": 5}
    assert [problem.line for problem in report.bad_rows] == [5]
    assert not Product.objects.get(handle="product-3").skus.exists()


def test_an_answer_that_cannot_be_used_is_told_once_however_often_it_is_planned():
    Attribute.objects.create(name="Width", kind="number")
    drafts = [draft(number, attributes=[("Width", "wide")]) for number in range(6)]
    drafts[4].variants = refused(4).variants
    report = imported(drafts)
    assert report.outcomes == {"created": 5, "skipped": 1}
    assert len([one for one in report.bad_rows if one.column == "Attribute: Width"]) == 6

    drafts[0].title = "Changed"
    report = imported(drafts[:1])
    assert report.outcomes == {"updated": 1}
    assert len(report.bad_rows) == 1


def test_done_is_called_once_for_each_product_however_it_was_written():
    imported([draft(0)])
    calls = []
    drafts = [draft(number) for number in range(6)]
    drafts[4] = refused(4)

    an_import().run(drafts, lambda: calls.append(1))

    assert len(calls) == 6


def test_a_long_list_is_let_go_as_it_is_written(monkeypatch):
    monkeypatch.setattr(run, "BATCH", 2)
    drafts, left = [draft(number) for number in range(5)], []

    an_import().run(drafts, lambda: left.append(len(drafts)), is_emptied=True)

    # Those in hand are still there while they are written.
    assert (left, drafts) == ([5, 5, 3, 3, 1], [])
    assert ProductPage.objects.count() == 5


def at_once(drafts: list[Draft], monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """Two imports of the same; both have looked at the shop before either writes to it."""
    barrier, look_up, waited = Barrier(2, timeout=20), Planner.look_up, set()
    reports: list[Report] = []

    def meet(planner: Planner, batch: list[Draft]) -> Any:
        shop = look_up(planner, batch)
        if id(planner) not in waited:
            waited.add(id(planner))
            barrier.wait()
        return shop

    def work() -> None:
        try:
            reports.append(imported(drafts))
        finally:
            connections.close_all()

    monkeypatch.setattr(Planner, "look_up", meet)
    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return reports


@concurrent
def test_two_imports_of_the_same_file_at_once_both_end_right(monkeypatch):
    drafts = [rich(number) for number in range(40)]
    monkeypatch.setattr(run, "BATCH", 15)

    reports = at_once(drafts, monkeypatch)

    assert len(reports) == 2
    assert sum((report.outcomes for report in reports), start=type(reports[0].outcomes)()) == {
        "created": 40, "unchanged": 40,
    }  # fmt: skip
    assert not [problem for report in reports for problem in report.bad_rows]
    assert Product.objects.count() == ProductPage.objects.count() == 40
    titles = list(CategoryPage.objects.values_list("title", flat=True))
    assert len(titles) == len(set(titles))
    assert_is_sound()


@concurrent
def test_the_control_two_imports_that_do_not_look_again_lose_products(monkeypatch):
    monkeypatch.setattr(run.Import, "_try_again", lambda self, draft: self._skip(draft, "lost"))
    answers: dict[tuple, Any] = {}
    look_up = Planner.look_up

    def once(planner: Planner, batch: list[Draft]) -> Any:
        for handle in (one.handle for one in batch):
            if (planner, handle) in answers:
                return answers[planner, handle]
        shop = look_up(planner, batch)
        answers.update({(planner, one.handle): shop for one in batch})
        return shop

    monkeypatch.setattr(Planner, "look_up", once)
    reports = at_once([draft(number) for number in range(8)], monkeypatch)

    assert sum(report.outcomes["skipped"] for report in reports) > 0
