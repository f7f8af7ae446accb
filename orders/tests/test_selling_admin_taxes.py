"""Tax rates in the Wagtail admin, and a table of WooCommerce read into them."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import TaxClass
from orders import tax_import
from orders.models import TaxRate
from orders.tax_import import UnreadableTableError
from orders.taxes import rates
from tests import services

LIST, IMPORT = "/admin/tax-rates/", "/admin/tax-rates/import/"
HEADER = (
    "Country Code,State Code,ZIP/Postcode,City,Rate %,Tax Name,Priority,Compound,Shipping,Tax Class"
)


def table(*rows: str) -> str:
    return "\n".join([HEADER, *rows, ""])


def upload(client, content: str | bytes, name: str = "rates.csv"):
    data = content.encode() if isinstance(content, str) else content
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data)})


class TestTheList:
    @pytest.fixture(autouse=True)
    def _rates(self, editor):
        books = TaxClass.objects.create(name="Books")
        TaxRate.objects.create(country="DE", rate=19)
        TaxRate.objects.create(country="DE", rate=7, tax_class=books)
        TaxRate.objects.create(country="FR", rate=Decimal("5.500"), tax_class=books)

    def shown(self, client, query: str) -> set[str]:
        return {str(row) for row in client.get(LIST + query).context["object_list"]}

    def test_it_says_countries_by_their_names(self, client):
        page = client.get(LIST).content.decode()

        for text in ("Germany", "France", "5.5 %", "19 %", "standard", "Books"):
            assert text in page

    def test_countries_stand_by_their_names_and_not_by_their_codes(self, client):
        TaxRate.objects.create(country="CH", rate=Decimal("8.1"))

        def order(query: str) -> list[str]:
            return [str(row) for row in client.get(LIST + query).context["object_list"]]

        first = ["France: 5.5 %", "Germany: 19 %", "Germany: 7 %", "Switzerland: 8.1 %"]
        assert order("") == order("?ordering=country") == first
        assert order("?ordering=-country")[0] == "Switzerland: 8.1 %"
        assert order("?ordering=rate")[0] == "France: 5.5 %"

    def test_an_empty_list_is_no_trouble(self, client):
        TaxRate.objects.all().delete()

        assert client.get(LIST).status_code == 200

    def test_it_can_be_narrowed(self, client):
        books = TaxClass.objects.get()

        assert self.shown(client, "?country=DE") == {"Germany: 19 %", "Germany: 7 %"}
        assert self.shown(client, f"?tax_class={books.pk}") == {"Germany: 7 %", "France: 5.5 %"}
        assert self.shown(client, "?tax_class=null") == {"Germany: 19 %"}

    @pytest.mark.parametrize(
        ("sent", "message"),
        [
            ({"country": "DE", "tax_class": "", "rate": "5"}, "There is a standard rate for this"),
            ({"country": "AT", "tax_class": "", "rate": "101"}, "100"),
            ({"country": "AT", "tax_class": "", "rate": ""}, "required"),
            ({"country": "XX", "tax_class": "", "rate": "5"}, "XX"),
        ],
    )
    def test_what_is_wrong_is_said(self, client, sent, message):
        response = client.post(f"{LIST}new/", sent)

        assert message in str(response.context["form"].errors)
        assert TaxRate.objects.count() == 3

    def test_a_rate_is_made_and_deleted(self, client):
        client.post(f"{LIST}new/", {"country": "AT", "tax_class": "", "rate": "20"})
        assert rates("AT").of(None) == 20

        client.post(f"{LIST}delete/{TaxRate.objects.get(country='AT').pk}/")
        assert rates("AT").of(None) == 0


def test_what_fits_is_taken_and_the_rest_is_told_with_its_line():
    rows, refused = tax_import.read(
        table(
            "GB,*,*,*,20.0000,VAT,1,1,1,",
            "gb,,,,5,VAT,1,,,reduced-rate",
            "US,AL,12345; 123456,*,2.0000,US AL,1,1,1,",
            "US,*,*,*,1.5,City tax,2,1,1,",
            "XX,*,*,*,3,Nowhere,1,1,1,",
            "FR,*,*,*,much,TVA,1,1,1,",
            "FR,*,*,*,-1,TVA,1,1,1,",
            "FR,*,*,*,100.5,TVA,1,1,1,",
            "FR,*,*,*,5.5555,TVA,1,1,1,",
            "FR,*,*,*,NaN,TVA,1,1,1,",
            "GB,*,*,*,21,VAT,1,1,1,standard",
            "FR,*,*,*,5.500,TVA,1,1,1,Books and Maps",
        )
    )

    assert [(row.line, row.country, row.rate, row.tax_class) for row in rows] == [
        (2, "GB", Decimal("20.0000"), ""),
        (3, "GB", Decimal(5), "Reduced rate"),
        (13, "FR", Decimal("5.500"), "Books and Maps"),
    ]
    assert [(row.line, row.why) for row in refused] == [
        (4, "It is for a part of the country only."),
        (5, "It comes on top of another rate."),
        (6, "There is no country “XX”."),
        (7, "“much” is no rate between 0 and 100."),
        (8, "“-1” is no rate between 0 and 100."),
        (9, "“100.5” is no rate between 0 and 100."),
        (10, "A rate has no more than three digits after the point."),
        (11, "“NaN” is no rate between 0 and 100."),
        (12, "Line 2 says this already."),
    ]


@pytest.mark.parametrize("row", ["", "DE", "DE,,,,", ",,,,5", "DE,*,*,*,5,x,1,1,1,a,b,c,d"])
def test_rows_that_are_too_short_or_too_long_break_nothing(row):
    rows, refused = tax_import.read(table(row))

    assert len(rows) + len(refused) == (1 if row else 0)


@pytest.mark.parametrize("text", ["", "a;b\n1;2", "Country Code,Rate\nDE,5", '"Country Code'])
def test_what_is_no_table_of_rates_is_refused(text):
    with pytest.raises(UnreadableTableError, match="no table of tax rates"):
        tax_import.read(text)


def test_a_table_that_is_too_long_is_refused():
    with pytest.raises(UnreadableTableError, match="more than 5,000"):
        tax_import.read(table(*["DE,*,*,*,5,VAT,1,1,1,"] * 5_001))


def test_taking_it_twice_changes_nothing_more(db):
    reduced = TaxClass.objects.create(name="Reduced Rate")
    TaxRate.objects.create(country="GB", rate=17)
    TaxRate.objects.create(country="AT", rate=20)
    text = table("GB,*,*,*,20,VAT,1,1,1,", "GB,*,*,*,5,VAT,1,1,1,reduced-rate")

    first, again = tax_import.take(text), tax_import.take(text)

    assert (first.added, first.changed, first.same) == (1, 1, 0)
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    assert rates("GB").of(reduced.pk) == 5
    assert (rates("GB").of(None), rates("AT").of(None)) == (20, 20)
    assert TaxClass.objects.get() == reduced


def test_a_class_that_is_not_there_is_made(db):
    tax_import.take(table("GB,*,*,*,0,VAT,1,1,1,zero-rate", "IE,*,*,*,0,VAT,1,1,1,zero-rate"))

    zero = TaxClass.objects.get(name="Zero rate")
    assert {str(rate.country) for rate in zero.rates.all()} == {"GB", "IE"}


def test_the_admin_says_what_became_of_a_file(client, editor):
    response = upload(client, table("GB,*,*,*,20,VAT,1,1,1,", "US,AL,*,*,2,<b>AL</b>,1,1,1,"))

    page = response.content.decode()
    assert "Rates added: 1, changed: 0, as they were: 0." in page
    assert "It is for a part of the country only." in page
    assert "&lt;b&gt;AL&lt;/b&gt;" in page
    assert rates("GB").of(None) == 20


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04zip", b"\x00\x01\x02", b"Land;Satz\nDE;19"])
def test_a_file_that_is_none_is_refused_at_its_field(client, editor, content):
    response = upload(client, content)

    assert list(response.context["form"].errors) == ["file"]
    assert not TaxRate.objects.exists()


def test_importing_takes_the_right_to_all_that_it_does(client, django_user_model, db):
    group = Group.objects.create(name="Books")
    names = ["access_admin", "view_taxrate", "add_taxrate", "change_taxrate"]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    user = django_user_model.objects.create_user("clerk", "clerk@example.com", "secret")
    user.groups.add(group)
    client.force_login(user)

    assert "Import from WooCommerce" not in client.get(LIST).content.decode()
    assert upload(client, table("GB,*,*,*,20,VAT,1,1,1,")).status_code == 302
    assert not TaxRate.objects.exists()

    group.permissions.add(Permission.objects.get(codename="add_taxclass"))
    assert upload(client, table("GB,*,*,*,20,VAT,1,1,1,")).status_code == 200
    assert TaxRate.objects.count() == 1


@pytest.mark.real_files
def test_the_sample_of_woocommerce_itself(db):
    path: Path = services.REAL_FILES / "woocommerce" / "sample_tax_rates.csv"

    report = tax_import.take(path.read_text(encoding="utf-8"))

    assert (report.added, len(report.refused)) == (4, 1)
    found = {
        (str(rate.country), str(rate.tax_class or "")): rate.rate for rate in TaxRate.objects.all()
    }
    assert found == {
        ("GB", ""): 20,
        ("GB", "Reduced rate"): 5,
        ("GB", "Zero rate"): 0,
        ("US", ""): 10,
    }
    assert report.refused[0].why == "It is for a part of the country only."
