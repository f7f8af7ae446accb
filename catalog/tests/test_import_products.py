import re
import shutil
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from PIL import Image
from wagtail.models import ReferenceIndex, Revision
from wagtail.rich_text import RichText

from catalog import stock
from catalog.importing import planning, run
from catalog.models import (
    Brand,
    CategoryPage,
    Picture,
    Price,
    Product,
    ProductPage,
    Sku,
    Stock,
    StockMovement,
)
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db

SHIRT = """\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,\
Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Alt Text,Variant Image
shirt,Shirt,<h1>Soft</h1><p>Wool.</p>,Acme,Tops,"Wool, warm",true,Size,S,SH-S,\
145.6,shopify,5,deny,20,25,'0850,https://x/a.png?v=1,A shirt,https://x/b.png
shirt,,,,,,,,M,,145,shopify,-2,continue,22,22,,https://x/gone.png,,
"""


@pytest.fixture
def run_import(tmp_path, capsys):
    def run_it(text: str | bytes, *arguments: str) -> str:
        path = tmp_path / "file.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        call_command("import_products", str(path), *arguments)
        return capsys.readouterr().out

    return run_it


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    Image.new("RGB", (8, 8), "red").save(folder / "a.png")
    Image.new("RGB", (8, 8), "blue").save(folder / "b.png")
    return folder


def written() -> list[int]:
    models = (Revision, Price, StockMovement, Sku, Stock, ProductPage, CategoryPage, Picture)
    return [model.objects.count() for model in models]


def counts(output: str) -> dict[str, int]:
    lines = output.partition("Products\n")[2].splitlines()[:4]
    return {line.split()[1]: int(line.split()[0].replace(",", "")) for line in lines}


def one_product(**cells: str) -> str:
    cells = {"Handle": "a", "Title": "A", "Variant SKU": "A1", "Variant Price": "10"} | cells
    return f"{','.join(cells)}\n{','.join(cells.values())}\n"


def test_a_product_becomes_a_live_page_with_all_its_facts(run_import):
    output = run_import(SHIRT)

    page = ProductPage.objects.get()
    assert (page.title, page.slug, page.live) == ("Shirt", "shirt", True)
    assert page.product.handle == "shirt"
    assert page.get_parent().title == "Tops"
    assert page.get_parent().show_in_menus
    assert page.description[0].value.source == "<h2>Soft</h2><p>Wool.</p>"
    assert page.brand.name == "Acme"
    assert {tag.name for tag in page.tags.all()} == {"Wool", "warm"}
    assert page.option_names == ["Size"]
    small, medium = Sku.objects.with_prices().select_related("stock")
    assert (small.code, small.option1, small.barcode, small.weight) == ("SH-S", "S", "0850", 146)
    assert (small.price.amount, small.price.compare_at) == (20, 25)
    assert (small.stock.on_hand, small.stock.when_sold_out) == (5, "stop")
    assert (medium.code, medium.price.amount, medium.price.compare_at) == ("SHIRT-M", 22, None)
    assert (medium.stock.on_hand, medium.stock.when_sold_out) == (0, "sell_on")
    assert small.movements.aggregate(Sum("quantity"))["quantity__sum"] == 5
    assert page.product.lowest_price == 20
    assert page.product.in_stock
    assert counts(output) == {"created": 1, "updated": 0, "unchanged": 0, "skipped": 0}
    assert "3 pictures left out: nothing is fetched from the network" in output
    assert "A quantity below zero was imported as 0: line 3" in output


def test_the_page_is_found_by_search_and_its_references_are_known(run_import):
    run_import(SHIRT)

    page = ProductPage.objects.get()
    assert list(ProductPage.objects.search("Wool")) == [page]
    assert ReferenceIndex.get_references_to(Brand.objects.get()).count() == 1


def test_importing_the_same_file_again_changes_nothing(run_import, images):
    run_import(SHIRT, "--images", str(images))
    before = written()

    output = run_import(SHIRT, "--images", str(images))

    assert counts(output) == {"created": 0, "updated": 0, "unchanged": 1, "skipped": 0}
    assert written() == before


def test_a_changed_file_updates_what_changed_through_a_revision(run_import):
    run_import(SHIRT)
    changed = SHIRT.replace("Wool.", "Silk.").replace(",20,25,", ",19,25,").replace(",5,", ",8,")

    output = run_import(changed)

    page = ProductPage.objects.get()
    assert counts(output)["updated"] == 1
    assert page.description[0].value.source == "<h2>Soft</h2><p>Silk.</p>"
    assert page.latest_revision
    assert page.live_revision == page.latest_revision
    assert not page.has_unpublished_changes
    assert {tag.name for tag in page.tags.all()} == {"Wool", "warm"}
    sku = Sku.objects.with_prices().select_related("stock").get(code="SH-S")
    assert (sku.price.amount, sku.stock.on_hand) == (19, 8)
    assert list(sku.movements.order_by("pk").values_list("quantity", flat=True)) == [5, 3]


def test_the_same_file_again_does_not_bring_back_what_was_sold_since(run_import):
    run_import(SHIRT)
    sku = Sku.objects.get(code="SH-S")
    with transaction.atomic():
        stock.take({sku: 2}, reference="ORDER")
    before = written()

    output = run_import(SHIRT)

    assert counts(output)["unchanged"] == 1
    assert written() == before
    assert Stock.objects.get(sku=sku).on_hand == 3
    # A new count is news, and is what is on hand from now on.
    run_import(SHIRT.replace(",5,", ",8,"))
    assert Stock.objects.get(sku=sku).on_hand == 8


def test_a_page_is_found_again_after_an_editor_moved_and_renamed_it(run_import):
    run_import(SHIRT)
    page = ProductPage.objects.get()
    page.slug, page.title = "jumper", "Jumper"
    page.save_revision().publish()
    page.move(make_category("Sale"), pos="last-child")

    output = run_import(SHIRT)

    page = ProductPage.objects.get()
    assert counts(output)["updated"] == 1
    assert (page.title, page.slug, page.get_parent().title) == ("Shirt", "jumper", "Sale")


def test_an_editor_s_draft_is_kept_while_the_facts_are_imported(run_import, editor):
    run_import(SHIRT)
    page = ProductPage.objects.get()
    page.title = "Finer shirt"
    page.save_revision(user=editor)

    output = run_import(SHIRT.replace("Wool.", "Silk.").replace(",20,25,", ",19,25,"))

    page.refresh_from_db()
    assert page.get_latest_revision_as_object().title == "Finer shirt"
    assert page.description[0].value.source == "<h2>Soft</h2><p>Wool.</p>"
    assert Sku.objects.with_prices().get(code="SH-S").price.amount == 19
    assert "words were not: line 2" in output


def test_a_page_that_an_editor_took_offline_stays_offline(run_import, editor):
    run_import(SHIRT)
    ProductPage.objects.get().unpublish(user=editor)

    output = run_import(SHIRT)

    assert not ProductPage.objects.get().live
    assert "took it offline" in output


def test_what_an_editor_put_around_the_description_stays(run_import):
    run_import(SHIRT)
    page = ProductPage.objects.get()
    page.description.append(("text", RichText("<p>Our view.</p>")))
    page.save_revision().publish()

    run_import(SHIRT.replace("Wool.", "Silk."))

    texts = [block.value.source for block in ProductPage.objects.get().description]
    assert texts == ["<h2>Soft</h2><p>Silk.</p>", "<p>Our view.</p>"]


def test_an_empty_cell_says_nothing(run_import):
    run_import(SHIRT)

    output = run_import("Handle,Title,Body (HTML),Vendor,Tags,Variant SKU,Variant Price\n"
                        "shirt,Shirt,,,,SH-S,20\n")  # fmt: skip

    page = ProductPage.objects.get()
    assert page.brand.name == "Acme"
    assert page.description
    assert page.tags.count() == 2
    assert Stock.objects.get(sku__code="SH-S").on_hand == 5
    assert counts(output)["updated"] == 1  # the reduction has ended


def test_a_draft_becomes_live_and_a_live_page_a_draft_as_the_file_says(run_import):
    run_import(one_product(Status="draft"))
    page = ProductPage.objects.get()
    assert not page.live
    assert page.has_unpublished_changes

    assert counts(run_import(one_product(Status="active")))["updated"] == 1
    page.refresh_from_db()
    assert page.live
    assert page.first_published_at

    assert counts(run_import(one_product(Status="archived", Title="B")))["updated"] == 1
    page = ProductPage.objects.get()
    assert (page.live, page.title, page.get_latest_revision_as_object().title) == (False, "B", "B")
    assert counts(run_import(one_product(Status="archived", Title="B")))["unchanged"] == 1

    run_import(one_product(Status="active", Title="C"))
    page = ProductPage.objects.get()
    assert (page.live, page.title) == (True, "C")


def test_a_category_is_found_by_its_title_anywhere_without_regard_to_case(run_import):
    deep = make_category("Prints", parent=make_category("Art"))

    run_import(one_product(Type="PRINTS"))

    assert ProductPage.objects.get().get_parent().pk == deep.pk


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        ({"Type": "", "Product Category": "Home > Garden > Pots"}, "Pots"),
        ({"Type": "", "Product Category": ""}, "Uncategorized"),
        ({"Type": "???"}, "???"),
    ],
)
def test_a_product_without_a_type_has_a_category_all_the_same(run_import, cells, title):
    run_import(one_product(**cells))

    assert ProductPage.objects.get().get_parent().title == title


def test_categories_can_be_put_under_another_page(run_import):
    art = make_category("Art")

    run_import(one_product(Type="Prints"), "--parent", "art")

    assert CategoryPage.objects.get(title="Prints").get_parent().pk == art.pk


def test_a_slug_that_a_sibling_has_gets_a_number(run_import):
    make_page("A", make_category("T"), slug="a")

    run_import(one_product(Type="T"))

    assert Product.objects.get(handle="a").pages.get().slug == "a-2"


def test_a_sku_is_found_by_code_without_regard_to_case_and_else_by_its_options(run_import):
    run_import(SHIRT)
    keys = dict(Sku.objects.values_list("option1", "pk"))

    run_import(SHIRT.replace("SH-S", "sh-s").replace(",S,", ",XS,").replace(",M,,", ",M,SH-M,"))

    assert Sku.objects.get(code="sh-s", option1="XS").pk == keys["S"]
    assert Sku.objects.get(code="SH-M", option1="M").pk == keys["M"]
    assert Sku.objects.count() == 2


def test_a_sku_that_is_no_longer_in_the_file_is_left_as_it_is(run_import):
    run_import(SHIRT)

    run_import("".join(SHIRT.splitlines(keepends=True)[:2]))

    assert Sku.objects.filter(is_active=True).count() == 2


def test_a_code_of_another_product_is_a_bad_row_and_nothing_to_sell_is_not_shown(run_import):
    make_sku(make_page("Other"), "A1")

    output = run_import(one_product())

    assert 'line 2, Variant SKU: "A1" is a SKU of another product, product' in output
    assert "the page is kept as a draft: line 2" in output
    page = ProductPage.objects.get(title="A")
    assert not page.live
    assert not page.product.skus.exists()
    assert counts(run_import(one_product()))["unchanged"] == 1


def test_generated_codes_avoid_those_that_are_taken(run_import):
    make_sku(make_page("Other"), "X")

    run_import("Handle,Title,Variant SKU,Variant Price\nx,X,,1\ny,Y,,1\nz,Z,Y,1\n")

    codes = dict(Sku.objects.values_list("product__handle", "code"))
    assert codes["z"] == "Y"
    assert codes["x"].startswith("X-")
    assert codes["y"].startswith("Y-")


def test_a_price_of_zero_gives_nothing_away(run_import):
    output = run_import(one_product(**{"Variant Price": "0.00"}))

    assert not Price.objects.exists()
    assert not Sku.objects.purchasable().exists()
    assert "imported without a price: line 2" in output


def test_what_is_not_counted_can_be_bought(run_import):
    run_import(one_product())

    assert Sku.objects.purchasable().get().code == "A1"


def test_a_product_that_fails_is_undone_and_told_and_the_others_go_on(run_import, monkeypatch):
    def fail(entries, source, write=run.facts.write):
        write(entries, source)
        if "b" in [product.handle for product, _changes in entries]:
            raise run.DatabaseError("disk\nfull")

    monkeypatch.setattr(run.facts, "write", fail)
    output = run_import("Handle,Title,Variant Price\na,A,1\nb,B,1\nc,C,1\n")

    assert sorted(ProductPage.objects.values_list("title", flat=True)) == ["A", "C"]
    assert not Product.objects.filter(handle="b").exists()
    assert "line 3: The database refused it: disk full" in output
    assert counts(output) == {"created": 2, "updated": 0, "unchanged": 0, "skipped": 1}


@pytest.mark.parametrize("error", [ValueError, TypeError, KeyError, OverflowError, RuntimeError])
def test_an_error_that_nobody_foresaw_is_logged_and_the_others_go_on(
    run_import, monkeypatch, caplog, error
):
    def fail(entries, source, write=run.facts.write):
        write(entries, source)
        if "b" in [product.handle for product, _changes in entries]:
            raise error("secret")

    monkeypatch.setattr(run.facts, "write", fail)
    output = run_import("Handle,Title,Variant Price\na,A,1\nb,B,1\nc,C,1\n")

    assert sorted(ProductPage.objects.values_list("title", flat=True)) == ["A", "C"]
    assert not Product.objects.filter(handle="b").exists()
    assert "line 3: could not be imported, for a reason that was not foreseen" in output
    assert "secret" not in output
    assert f"{error.__name__}: " in caplog.text
    assert counts(output) == {"created": 2, "updated": 0, "unchanged": 0, "skipped": 1}


def test_a_product_that_cannot_be_looked_up_in_the_shop_stops_no_other(run_import, monkeypatch):
    def fail(batch, code_owners=planning.code_owners):
        if any(draft.handle == "b" for draft in batch):
            raise run.DatabaseError("too many SQL variables")
        return code_owners(batch)

    monkeypatch.setattr(planning, "code_owners", fail)
    output = run_import("Handle,Title,Variant Price\na,A,1\nb,B,1\nc,C,1\n")

    assert sorted(ProductPage.objects.values_list("title", flat=True)) == ["A", "C"]
    assert "line 3: could not be imported" in output
    assert counts(output) == {"created": 2, "updated": 0, "unchanged": 0, "skipped": 1}


def test_what_django_says_of_several_fields_is_told_once():
    assert run._reason(run.ValidationError({"title": "Too long.", "slug": "Too long."})) == (
        "Too long."
    )


def test_interrupted_it_keeps_what_is_done_and_tells_so(run_import, monkeypatch, capsys):
    def interrupt(entries, source, write=run.facts.write):
        if "c" in [product.handle for product, _changes in entries]:
            raise KeyboardInterrupt
        write(entries, source)

    monkeypatch.setattr(run.facts, "write", interrupt)
    monkeypatch.setattr(run, "BATCH", 2)
    with pytest.raises(CommandError, match="Interrupted after 2 products;") as stopped:
        run_import("Handle,Title,Variant Price\na,A,1\nb,B,1\nc,C,1\nd,D,1\n")

    assert stopped.value.returncode == 130
    assert sorted(ProductPage.objects.values_list("title", flat=True)) == ["A", "B"]
    assert sorted(Product.objects.values_list("handle", flat=True)) == ["a", "b"]
    assert counts(capsys.readouterr().out)["created"] == 2


def test_pictures_come_from_the_folder_and_a_missing_one_is_listed(run_import, images):
    output = run_import(SHIRT, "--images", str(images))

    page = ProductPage.objects.get()
    assert [(entry.image.title, entry.alt_text) for entry in page.gallery.all()] == [
        ("a", "A shirt")
    ]
    assert Sku.objects.get(code="SH-S").picture.title == "b"
    assert '1 picture not imported\n  line 3, Image Src: "gone.png" is not in the folder.' in output
    assert counts(output)["created"] == 1
    assert ReferenceIndex.get_references_to(page.gallery.first().image).count() == 1


def test_a_picture_that_the_shop_has_already_is_not_kept_twice(run_import, images):
    data = (images / "a.png").read_bytes()
    uploaded = Picture(title="Uploaded", file=ContentFile(data, "other.png"))
    uploaded._set_image_file_metadata()
    uploaded.save()
    shutil.copy(images / "a.png", images / "gone.png")

    run_import(SHIRT, "--images", str(images))

    assert [entry.image for entry in ProductPage.objects.get().gallery.all()] == [uploaded]
    assert Picture.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("..%2Fsecret.png", "not in the folder"),
        ("..", "not in the folder"),
        ("link.png", "not in the folder itself"),
        ("broken.png", "corrupted image"),
        ("words.png", "words.png"),
        ("huge.png", "pixels"),
        ("", "does not end with the name of a file"),
    ],
)
def test_a_picture_that_cannot_be_had_stops_nothing(run_import, images, tmp_path, name, reason):
    shutil.copy(images / "a.png", tmp_path / "secret.png")
    (images / "link.png").symlink_to(tmp_path / "secret.png")
    Image.effect_noise((64, 64), 50).save(images / "broken.png")
    (images / "broken.png").write_bytes((images / "broken.png").read_bytes()[:900])
    (images / "words.png").write_text("no picture")
    Image.new("1", (5001, 5000)).save(images / "huge.png")

    output = run_import(one_product(**{"Image Src": f"https://x/{name}"}), "--images", str(images))

    assert counts(output)["created"] == 1
    assert "1 picture not imported" in output
    assert re.search(reason, output)
    assert not Picture.objects.exists()


@pytest.mark.parametrize("text", [b"", b"Name\nx\n", b"\x89PNG\x00\x81"])
def test_an_unusable_file_ends_in_one_clear_sentence(run_import, text):
    with pytest.raises(CommandError):
        run_import(text)


def test_a_missing_file_folder_or_parent_ends_in_one_clear_sentence(run_import):
    with pytest.raises(CommandError, match=r"no\.csv cannot be read: No such file"):
        call_command("import_products", "no.csv")
    with pytest.raises(CommandError, match="is not a folder"):
        run_import(SHIRT, "--images", "nowhere")
    with pytest.raises(CommandError, match='no pages are called "nowhere"'):
        run_import(SHIRT, "--parent", "nowhere")


def test_amounts_are_kept_to_the_cent(run_import):
    run_import(one_product(**{"Variant Price": '"1,299.90"'}))

    assert Price.objects.get().amount == Decimal("1299.90")
