"""Merchants define attributes, and pages answer them: what is refused, kept and told."""

import pytest
from django.urls import reverse
from wagtail.models import Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    CollectionPage,
    Product,
    ProductAttribute,
    ProductPage,
    Sku,
    TaxClass,
)

from .factories import make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def wood():
    return Attribute.objects.create(
        name="Wood",
        kind="choice",
        choices=[AttributeChoice(name=name, sort_order=n) for n, name in enumerate(("Oak", "Ash"))],
    )


def answering(*answers, **fields):
    """A page with answers, published as an editor would."""
    rows = [ProductAttribute(attribute=attribute, value=value) for attribute, value in answers]
    page = make_page(attributes=rows, **fields)
    page.save_revision().publish()
    return page


def attribute_form(attribute=None, choices=(), **fields):
    rows = [
        {"id": choice.pk or "", "name": name or choice.name, "DELETE": "" if name else "on"}
        for choice, name in choices
    ]
    initial = sum(1 for choice, _name in choices if choice.pk)
    data = {
        "name": attribute.name if attribute else "",
        "kind": attribute.kind if attribute else "text",
        "unit": attribute.unit if attribute else "",
        "choices": inline_formset(rows, initial=initial),
    }
    return nested_form_data(data | fields)


def save(client, attribute, choices=None, **fields):
    if choices is None:
        choices = [(choice, choice.name) for choice in attribute.choices.all()]
    data = attribute_form(attribute, choices, **fields)
    return client.post(reverse("attributes:edit", args=[attribute.pk]), data)


def errors(response):
    return response.context["form"].errors


def product_form(page, answers):
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "summary": "",
            "description": streamfield([]),
            "gallery": inline_formset([]),
            "tags": "",
            "attributes": inline_formset(
                [{"attribute": attribute.pk, "value": value} for attribute, value in answers]
            ),
            "options": inline_formset([]),
            "related_products": inline_formset([]),
            "further_categories": inline_formset([]),
            "comments": inline_formset([]),
        }
    )


def post(client, page, data):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


class TestDefining:
    def test_an_attribute_with_choices_is_made_in_one_form(self, client, editor):
        choices = [(AttributeChoice(), "Oak"), (AttributeChoice(), "Black  ash")]
        data = attribute_form(None, choices, name="Wood", kind="choice", is_facet="on")
        response = client.post(reverse("attributes:add"), data)
        assert response.status_code == 302
        wood = Attribute.objects.get()
        assert wood.is_facet
        assert [choice.name for choice in wood.choices.all()] == ["Oak", "Black ash"]

    def test_a_choice_needs_choices_and_each_only_once(self, client, editor):
        response = client.post(
            reverse("attributes:add"), attribute_form(name="Wood", kind="choice")
        )
        assert errors(response)["kind"] == ["Name at least one choice below."]
        choices = [(AttributeChoice(), "Oak"), (AttributeChoice(), " oak ")]
        data = attribute_form(None, choices, name="Wood", kind="choice")
        response = client.post(reverse("attributes:add"), data)
        form = response.context["form"]
        assert form.formsets["choices"].forms[1].errors["name"] == ["This choice is there already."]
        assert not Attribute.objects.exists()

    def test_a_name_is_taken_without_regard_to_case(self, client, editor, wood):
        response = client.post(reverse("attributes:add"), attribute_form(name="wOOd"))
        assert errors(response)["name"] == ["There already is an attribute of this name."]

    def test_choices_can_be_renamed_crosswise(self, client, editor, wood):
        oak, ash = wood.choices.all()
        page = answering((wood, "Oak"))
        assert save(client, wood, [(oak, "Ash"), (ash, "Oak")]).status_code == 302
        assert [choice.name for choice in wood.choices.all()] == ["Ash", "Oak"]
        # Both names are there still, so it cannot be told whether "Oak" was meant to follow.
        assert ProductPage.objects.get(pk=page.pk).answers()[0].value == "Oak"

    def test_the_listing_says_how_many_products_answer(self, client, editor, wood):
        answering((wood, "Oak"))
        answering((wood, "Ash"))
        listed = client.get(reverse("attributes:index")).context["object_list"]
        assert [attribute.answers for attribute in listed] == [2]

    def test_brands_and_tax_classes_stand_beside_them(self, client, editor):
        brand = Brand.objects.create(name="Elm")
        make_page(brand=brand)
        standard = TaxClass.objects.create(name="Standard")
        make_sku(tax_class=standard)
        menu = client.get(reverse("wagtailadmin_home")).content.decode()
        for url in ("attributes:index", "wagtailsnippets_catalog_brand:list", "tax_classes:index"):
            assert client.get(reverse(url)).status_code == 200
            assert reverse(url) in menu

    def test_a_tax_class_in_use_is_not_deleted_and_says_why(self, client, editor):
        standard = TaxClass.objects.create(name="Standard")
        sku = make_sku(tax_class=standard)
        address = reverse("tax_classes:delete", args=[standard.pk])
        response = client.post(address, follow=True)
        assert "The tax class “Standard” is in use" in response.content.decode()
        assert TaxClass.objects.exists()
        Sku.objects.filter(pk=sku.pk).update(tax_class=None)
        client.post(address)
        assert not TaxClass.objects.exists()


class TestChanging:
    def test_a_removed_choice_in_use_is_told_and_done_only_when_confirmed(
        self, client, editor, wood
    ):
        oak, ash = wood.choices.all()
        page = answering((wood, "Oak"))
        answering((wood, "Ash"))

        response = save(client, wood, [(oak, None), (ash, "Ash")])
        message = errors(response)["confirmed"][0]
        assert message.startswith("1 product has an answer that would not fit any more: “Oak”.")
        assert 'type="checkbox" name="confirmed"' in response.content.decode()
        assert wood.choices.count() == 2

        assert save(client, wood, [(oak, None), (ash, "Ash")], confirmed="on").status_code == 302
        assert [choice.name for choice in wood.choices.all()] == ["Ash"]
        html = client.get(page.url).content.decode()
        assert "<td>Oak</td>" in html
        response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert 'value="Oak"' in response.content.decode()

    def test_a_removed_choice_that_nobody_uses_needs_no_confirmation(self, client, editor, wood):
        oak, ash = wood.choices.all()
        answering((wood, "Ash"))
        assert save(client, wood, [(oak, None), (ash, "Ash")]).status_code == 302

    def test_a_renamed_choice_is_renamed_in_products_collections_and_older_drafts(
        self, client, editor, wood
    ):
        page = answering((wood, "Oak"))
        draft = page.save_revision()
        home = Site.objects.get(is_default_site=True).root_page
        collection = home.add_child(
            instance=CollectionPage(title="Oak", attribute=wood, attribute_value="Oak")
        )
        older = collection.save_revision()
        oak, ash = wood.choices.all()

        assert save(client, wood, [(oak, "Solid oak"), (ash, "Ash")]).status_code == 302

        assert ProductPage.objects.get(pk=page.pk).answers()[0].value == "Solid oak"
        assert list(CollectionPage.objects.get().products()) == [page]
        draft.publish()
        assert ProductPage.objects.get(pk=page.pk).answers()[0].value == "Solid oak"
        older.publish()
        assert list(CollectionPage.objects.get().products()) == [page]

    def test_another_kind_says_which_answers_do_not_fit_and_respells_those_that_do(
        self, client, editor
    ):
        width = Attribute.objects.create(name="Width", kind="text", is_facet=True)
        exact, vague = answering((width, "12,5 cm")), answering((width, "quite wide"))

        response = save(client, width, kind="number", unit="cm")
        assert "“quite wide”" in errors(response)["confirmed"][0]
        assert "12,5" not in errors(response)["confirmed"][0]

        assert save(client, width, kind="number", unit="cm", confirmed="on").status_code == 302
        row = ProductAttribute.objects.get(page=exact)
        assert (row.value, row.number) == ("12.5", row.number.__class__("12.5"))
        assert "<td>quite wide</td>" in client.get(vague.url).content.decode()
        assert client.get(exact.get_parent().specific.url).status_code == 200

    def test_a_deleted_attribute_leaves_the_pages_whole(self, client, editor, wood):
        page = answering((wood, "Oak"))
        revision = page.save_revision()
        home = Site.objects.get(is_default_site=True).root_page
        collection = home.add_child(
            instance=CollectionPage(title="Oak", attribute=wood, attribute_value="Oak")
        )
        client.post(reverse("attributes:delete", args=[wood.pk]))
        assert not Attribute.objects.exists()
        for found in (page, collection):
            assert client.get(found.url).status_code == 200
        revision.publish()
        assert ProductPage.objects.get(pk=page.pk).answers() == []


class TestAnswering:
    def test_answers_are_kept_in_one_spelling(self, client, editor, wood):
        width = Attribute.objects.create(name="Width", kind="number", unit="cm")
        framed = Attribute.objects.create(name="Framed", kind="yes_no")
        page = make_page()
        data = product_form(page, [(wood, "oak"), (width, "12,5"), (framed, "TRUE")])
        assert post(client, page, data | {"action-publish": "1"}).status_code == 302
        answers = ProductPage.objects.get(pk=page.pk).answers()
        assert [answer.value for answer in answers] == ["Oak", "12.5", "yes"]
        assert [str(answer.number) for answer in answers] == ["None", "12.500000", "None"]

    @pytest.mark.parametrize(
        ("kind", "value", "message"),
        [
            ("choice", "Teak", "“Teak” is not one of the choices: Oak, Ash."),
            ("number", "wide", "“wide” is not a number. Write one such as 12 or 12.5."),
            ("yes_no", "perhaps", "“perhaps” is neither yes nor no."),
            ("text", "", "This field is required."),
        ],
    )
    def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_lost(
        self, client, editor, wood, kind, value, message
    ):
        Attribute.objects.filter(pk=wood.pk).update(kind=kind)
        page = make_page()
        data = product_form(page, [(wood, value)]) | {"title": "Typed", "action-publish": "1"}
        response = post(client, page, data)
        form = response.context["form"].formsets["attributes"].forms[0]
        assert form.errors == {"value": [message]}
        assert response.context["form"]["title"].value() == "Typed"
        assert form["value"].value() == value
        page.refresh_from_db()
        assert page.title != "Typed"

    def test_each_attribute_is_answered_once(self, client, editor, wood):
        page = make_page()
        data = product_form(page, [(wood, "Oak"), (wood, "Ash")])
        response = post(client, page, data | {"action-publish": "1"})
        forms = response.context["form"].formsets["attributes"].forms
        assert forms[1].errors == {"attribute": ["“Wood” is answered above already."]}

    def test_a_draft_may_leave_an_answer_open(self, client, editor, wood):
        page = make_page()
        post(client, page, product_form(page, [(wood, "")]))
        draft = ProductPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        assert [row.value for row in draft.attributes.all()] == [""]

    def test_the_editor_is_offered_what_fits(self, client, editor, wood):
        Attribute.objects.create(name="Width", kind="number", unit="cm")
        page = make_page()
        html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert "A number in cm, such as 12.5." in html
        assert "[[&quot;Oak&quot;, &quot;Oak&quot;], [&quot;Ash&quot;, &quot;Ash&quot;]]" in html
        assert "admin/js/answers.js" in html

    def test_publishing_answers_changes_no_fact(self, client, editor, wood):
        sku = make_sku()
        page = ProductPage.objects.get(product=sku.product)
        before = Product.objects.values().get(), Sku.objects.values().get()
        post(client, page, product_form(page, [(wood, "Oak")]) | {"action-publish": "1"})
        assert (Product.objects.values().get(), Sku.objects.values().get()) == before
