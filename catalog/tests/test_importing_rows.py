import csv
import logging
from decimal import Decimal

import pytest

from catalog.importing import detect, rows, values, words
from catalog.importing.codes import candidates
from catalog.importing.drafts import Draft
from catalog.importing.report import Report


def parse(text: str) -> rows.Table:
    return rows.parse(text.encode())


def drafts(text: str) -> tuple[list[Draft], Report]:
    report = Report("test.csv")
    return detect.contents(parse(text), report, "EUR").products, report


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Handle,Title\na,Café\n".encode(), "UTF-8"),
        ("Handle,Title\na,Café\n".encode("utf-8-sig"), "UTF-8"),
        ("Handle,Title\na,Café\n".encode("cp1252"), "Windows-1252"),
        ("Handle,Title\na,Café\n".encode("utf-16"), "UTF-16"),
        ("Handle,Title\na,Café\n".encode("utf-32"), "UTF-32"),
    ],
)
def test_the_encoding_is_found_and_named(data, encoding):
    table = rows.parse(data)

    assert table.encoding == encoding
    assert table.rows[0]["title"] == "Café"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x81\x8d", "not text"),
        (b"Name,Price\nA,1\n", 'no "Handle" and no "Title" column'),
        (b"Handle,Price\nA,1\n", 'no "Title" column'),
        (
            "Handle,Title\na,A\n".encode("utf-16") + b"\0\xd8\n\0",
            "marked as UTF-16, but is damaged",
        ),
        ("Handle,Title\na,A\n".encode("utf-32") + b"\0", "marked as UTF-32, but is damaged"),
        ("Handle,Title\na,A\n".encode("utf-16-le"), "NUL bytes, .*: save it as UTF-8"),
        ("Handle,Title\na,A\n".encode("utf-16-be"), "NUL bytes, .*: save it as UTF-8"),
        ("Handle,Title\na,A\n".encode("utf-32-be"), "NUL bytes, .*: save it as UTF-8"),
    ],
)
def test_an_unusable_file_is_refused_in_one_sentence(data, reason):
    with pytest.raises(rows.UnusableFileError, match=reason):
        rows.parse(data)


def test_headers_are_known_by_other_spellings_and_cells_are_trimmed():
    table = parse(
        " HANDLE  ;Title;Variant fullfilment;variant sku ;Price / Canada\n a ; A ;x; s1 ;9\n"
    )

    assert table.rows[0].cells == {"handle": "a", "title": "A", "sku": "s1"}
    assert table.name("sku") == "variant sku"


def test_a_row_is_named_by_the_physical_line_where_it_begins():
    table = parse('Handle,Title\r\na,"one\r\ntwo\r\nthree"\r\n\r\nb,B\r\n')

    assert [row.line for row in table.rows] == [2, 6]


def test_a_row_with_the_wrong_number_of_cells_is_refused_and_the_others_are_read():
    table = parse("Handle,Title\na\nb,B,extra\nc,C,,\nd,D\n")

    assert [row["handle"] for row in table.rows] == ["c", "d"]
    assert [(bad.line, bad.reason) for bad in table.refused] == [
        (2, "the row has 1 cells where the header has 2."),
        (3, "the row has 3 cells where the header has 2."),
    ]


def test_an_open_quotation_mark_costs_its_own_row_only():
    table = parse('Handle,Title\na,"A\nb,B\nc,C\n')

    assert [row["handle"] for row in table.rows] == ["b", "c"]
    assert table.refused[0].line == 2
    assert "quotation mark" in table.refused[0].reason


def test_a_nul_byte_or_an_endless_cell_costs_its_own_row_only():
    table = parse(f"Handle,Title\na,A\0\nb,{'x' * 200_000}\nc,C\n")

    assert [row["handle"] for row in table.rows] == ["c"]
    assert [bad.line for bad in table.refused] == [2, 3]
    assert "NUL" in table.refused[0].reason
    assert "longer than 131,072 characters" in table.refused[1].reason


@pytest.fixture
def lines_read(monkeypatch):
    """How many lines were given to csv.reader, in a list of one."""
    count = [0]

    def counting(lines, reader=csv.reader, **options):
        def counted():
            for line in lines:
                count[0] += 1
                yield line

        return reader(counted(), **options)

    monkeypatch.setattr(rows.csv, "reader", counting)
    return count


@pytest.mark.parametrize(
    "body",
    [
        'x","\n' * 20_000,
        'x,"\n' * 20_000,
        'x"\n,"x\n' * 10_000,
        ('a,A\n' + 'x","\n' * 5) * 4_000,
        ('x","\n' * 998 + '"\n') * 20,
        "x\n" * 20_000,
        "a,A\n" * 20_000,
    ],
)  # fmt: skip
def test_however_broken_a_file_is_its_lines_are_read_a_limited_number_of_times(body, lines_read):
    text = f"Handle,Title\n{body}"

    parse(text)

    # Each line once, and again for broken records as often as the budget for it allows.
    again = rows.REREADING * len(text) + 4 * rows.MOST_CHARACTERS
    shortest = min(len(line) for line in body.splitlines(keepends=True))
    assert lines_read[0] <= 2 * text.count("\n") + again / shortest + 3 * rows.MOST_LINES


def test_a_row_without_an_end_is_told_once_and_the_next_whole_row_is_read():
    lines = [f"word {number}\n" for number in range(2 * rows.MOST_LINES)]
    table = parse(f'Handle,Title\na,"{"".join(lines)}"\nb,B\n')

    assert [(row.line, row["handle"]) for row in table.rows] == [(2003, "b")]
    assert [str(bad) for bad in table.refused] == [
        "line 2: the row is longer than 1,000 lines or 250,000 characters: a quotation mark may be "
        "missing or too many; nothing was read up to line 2,002."
    ]


def test_a_row_of_many_lines_is_read_whole():
    words = "\n".join(["a long description"] * 900)

    assert parse(f'Handle,Title\na,"{words}"\n').rows[0]["title"] == words


def test_an_open_quotation_mark_far_from_the_next_one_costs_its_own_row_only():
    products = "".join(f"h{number},H\n" for number in range(3_000))
    table = parse(f'Handle,Title\na,"A\n{products}')

    assert len(table.rows) == 3_000
    assert [bad.line for bad in table.refused] == [2]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("19.99", "19.99"),
        ("25", "25"),
        ("$29.99", "29.99"),
        ("29,99 €", "29.99"),
        ("EUR 1,299.00", "1299.00"),
        ("1.299,00", "1299.00"),
        ("1 299,00", "1299.00"),
        ("1'299.50", "1299.50"),
        ("1,299", "1299"),
        ("1,234,567.5", "1234567.5"),
        ("0.750", "0.75"),
        (".5", "0.5"),
    ],
)
def test_prices_are_understood_where_they_can_mean_one_thing(text, amount):
    assert values.money(text, "EUR")[0] == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-15.00", "below zero"),
        ("$-1", "below zero"),
        ("not-a-number", "not a price"),
        ("NaN", "not a price"),
        ("1e3", "not a price"),
        ("1.299", "thousands or decimals"),
        ("1,29,9", "not a price"),
        ("19.999", "thousands or decimals"),
        ("0.001", "more decimals than EUR"),
        ("USD 5", "not in EUR"),
        ("9" * 12, "too much"),
        ("٣", "not a price"),
    ],
)
def test_other_prices_are_refused_with_the_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        values.money(text, "EUR")


def test_the_sign_of_another_currency_is_told():
    assert values.money("$5", "EUR") == (Decimal(5), "$")
    assert values.money("$5", "USD") == (Decimal(5), "")
    assert values.money("€5", "EUR") == (Decimal(5), "")


def test_spreadsheet_markers_are_no_part_of_a_barcode():
    assert values.barcode("'0850064060010") == "0850064060010"
    assert values.barcode('="0850"') == "0850"
    assert values.barcode("MKGQ3LL/A") == "MKGQ3LL/A"


@pytest.mark.parametrize("parse", [values.whole, values.grams])
@pytest.mark.parametrize("text", ["9" * 5000, "9" * 21, "2147483648", "9" * 5000 + ".0"])
def test_a_number_of_thousands_of_digits_is_too_much(parse, text):
    with pytest.raises(ValueError, match=r'^"[0-9]+…?" is too much$'):
        parse(text)


def test_numbers_of_a_common_length_are_read():
    assert values.whole("-0012.000") == -12
    assert values.grams("145.6") == 146


def test_a_position_of_thousands_of_digits_counts_as_none():
    found, report = drafts(
        "Handle,Title,Image Src,Image Position\n"
        f"a,A,http://x/2.jpg,2\na,,http://x/1.jpg,1\na,,http://x/0.jpg,{'9' * 5000}\n"
    )

    names = [picture.source.rpartition("/")[2] for picture in found[0].pictures]
    assert names == ["0.jpg", "1.jpg", "2.jpg"]
    assert not report.bad_rows


def test_a_category_too_long_for_a_title_is_told_once_with_line_and_column():
    found, report = drafts(f"Handle,Title,Product Category\na,A,Home > {'x' * 256}\n")

    assert not found
    assert [str(bad) for bad in report.bad_rows] == [
        f'line 2, Product Category: "{"x" * 40}…" is longer than 255 characters.'
    ]


def test_a_category_is_one_line_of_text_and_its_path_may_be_longer_than_a_title():
    found, _report = drafts(
        f'Handle,Title,Product Category\na,A,"{"Home > " * 50}Garden\n  pots"\n'
    )

    assert found[0].category == "Garden pots"


def test_a_category_that_is_not_used_for_the_type_counts_stops_nothing():
    found, report = drafts(f"Handle,Title,Type,Product Category\na,A,Pots,{'x' * 256}\n")

    assert found[0].category == "Pots"
    assert not report.bad_rows


def test_more_tags_than_shopify_allows_are_left_out_and_told():
    tags = ",".join(f"t{number}" for number in range(1, 5001))
    found, report = drafts(f'Handle,Title,Tags\na,A,"{tags}"\n')

    assert found[0].tags == [f"t{number}" for number in range(1, 251)]
    (note,) = report.notes
    assert note.startswith('Tags beyond the first 250 were left out ("t251", "t252", ')
    assert note.endswith("and 4,738 more)")
    assert report.notes[note] == [2]


def test_a_mistake_of_the_importer_in_one_product_is_logged_and_stops_no_other(monkeypatch, caplog):
    def fail(body, clean=words.clean):
        return clean(body) if body != "b" else {}["b"]

    monkeypatch.setattr(words, "clean", fail)
    with caplog.at_level(logging.ERROR):
        found, report = drafts("Handle,Title,Body (HTML)\na,A,a\nb,B,b\nc,C,c\n")

    assert [draft.handle for draft in found] == ["a", "c"]
    assert report.outcomes["skipped"] == 1
    assert "line 3: could not be imported, for a reason" in str(report)
    assert "KeyError" in caplog.text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a < b\nc\n\nd", "<p>a &lt; b<br/>c</p><p>d</p>"),
        ("<h1>T</h1><div>a</div>b", "<h2>T</h2><p>a</p><p>b</p>"),
        ("<b><p>x</p><p>y</p></b>", "<p><b>x</b></p><p><b>y</b></p>"),
        ("<p style='x' onclick='y()'>a<br><br></p><p>&nbsp;</p>", "<p>a</p>"),
        ("<script>x</script><style>y</style><iframe src=z></iframe>a", "<p>a</p>"),
        ("<a href='javascript:x'>a</a> <a href='https://b/?c=1&d'>b</a>",
         '<p>a <a href="https://b/?c=1&amp;d">b</a></p>'),
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>",
         "<ul><li>a<ul><li>b</li></ul></li><li>c<br/>d</li></ul>"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<p>a b</p>"),
    ],
)  # fmt: skip
def test_descriptions_become_what_the_editor_would_write(dirty, clean):
    assert words.clean(dirty) == clean
    assert words.clean(clean) == clean


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<b>" * 10_000 + "x" + "</b>" * 10_000 + "y", "<p><b>x</b>y</p>"),
        ("<i>" * 10_000 + "<p>x</p>" * 1_000, "<p><i>x</i></p>" * 1_000),
        ("<p>x" + "\xa0" * 100_000 + "y</p>", "<p>x" + "\xa0" * 100_000 + "y</p>"),
        ("<p>x" + "\xa0" * 100_000 + "</p>", "<p>x</p>"),
    ],
    ids=["bold in bold", "paragraphs in italics", "spaces in a line", "spaces at its end"],
)
def test_descriptions_that_are_nested_or_spaced_beyond_sense_are_read_all_the_same(dirty, clean):
    assert words.clean(dirty) == clean


def test_rows_of_a_handle_belong_together_wherever_they_stand():
    found, report = drafts(
        "Handle,Title,Option1 Name,Option1 Value,Variant Price,Image Src\n"
        "A,A,Size,S,1,http://x/1.jpg\nb,B,,,2,\na,,,M,3,\na,,,,,http://x/2.jpg\n"
    )

    assert [draft.handle for draft in found] == ["a", "b"]
    assert [variant.options[0] for variant in found[0].variants] == ["S", "M"]
    assert [picture.source for picture in found[0].pictures] == ["http://x/1.jpg", "http://x/2.jpg"]
    assert found[0].option_names == ["Size"]
    assert not report.bad_rows


def test_a_default_title_is_no_option():
    found, _report = drafts(
        "Handle,Title,Option1 Name,Option1 Value,Variant Price\na,A,Title,Default Title,1\n"
    )

    assert found[0].option_names == []
    assert found[0].variants[0].options == ("", "", "")


def test_a_bad_row_is_told_with_line_column_and_reason_and_stops_no_other():
    found, report = drafts(
        "Handle,Title,Published,Option1 Value,Variant Price,Variant Inventory Qty,Variant SKU\n"
        "a,A,true,S,1,1,s1\na,,,M,x,1,s2\na,,,L,1,1.5,s3\na,,,s,1,1,s4\na,,,XL,1,1,S1\n"
        "b,B,MAYBE,,1,1,s5\nc,,true,,1,1,s6\n,D,true,,1,1,s7\nsla/sh,E,true,,1,1,s8\nf,F,,,,1,s9\n"
    )

    assert [(draft.handle, len(draft.variants)) for draft in found] == [("a", 1), ("f", 1)]
    assert [str(bad) for bad in sorted(report.bad_rows)] == [
        'line 3, Variant Price: "x" is not a price.',
        'line 4, Variant Inventory Qty: "1.5" is not a whole number.',
        "line 5, Option1 Value: has the same values as line 2, and the same handle.",
        'line 6, Variant SKU: "S1" is already the SKU of line 2.',
        'line 7, Published: "MAYBE" is neither true nor false.',
        'line 8, Title: is empty in every row of "c".',
        "line 9, Handle: is empty.",
        'line 10, Handle: "sla/sh" has other than letters, digits, hyphens and underscores.',
        "line 11, Variant Price: is empty: the SKU was imported without a price.",
    ]
    assert report.outcomes["skipped"] == 2


@pytest.mark.parametrize(
    ("published", "status", "live"),
    [
        ("true", "active", True),
        ("", "", True),
        ("false", "active", False),
        ("true", "draft", False),
        ("true", "archived", False),
    ],
)
def test_published_and_status_together_decide_what_is_live(published, status, live):
    found, _report = drafts(f"Handle,Title,Published,Status\na,A,{published},{status}\n")

    assert found[0].live is live


@pytest.mark.parametrize(
    ("tracker", "quantity", "policy", "sells_on"),
    [
        ("shopify", "3", "deny", False),
        ("shopify", "3", "continue", True),
        ("shopify", "", "deny", False),
        ("", "3", "deny", False),
        ("", "", "deny", True),
    ],
)
def test_what_shopify_does_not_count_never_runs_out(tracker, quantity, policy, sells_on):
    found, _report = drafts(
        "Handle,Title,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy\n"
        f"a,A,{tracker},{quantity},{policy}\n"
    )

    assert found[0].variants[0].sells_on is sells_on


def test_a_generated_code_is_short_plain_and_always_the_same():
    assert candidates("t-shirt", ("Größe M", "", ""))[0] == "T-SHIRT-GROSSE-M"
    long = candidates("x" * 100, ("a", "", ""))
    assert long == candidates("x" * 100, ("a", "", ""))
    assert all(len(code) <= 64 and code.isascii() for code in long)
    assert len(set(long)) == len(long)
    assert candidates("™", ("", "", ""))[0]
