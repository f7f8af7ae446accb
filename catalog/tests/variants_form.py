"""Send the variants form as a browser would."""

from bs4 import BeautifulSoup
from django.urls import reverse

from catalog.models import ProductOption
from catalog.tests.factories import make_page


def page_with_options(*names):
    page = make_page("Tee")
    page.options = [ProductOption(name=name) for name in names]
    page.save_revision().publish()
    return page


def url(page):
    return reverse("catalog_variants", args=[page.pk])


def shown(client, page) -> dict[str, str]:
    """The form as a browser would send it back without a change."""
    html = BeautifulSoup(client.get(url(page)).content, "html.parser")
    form = html.select_one("form#w-editor-form")
    form.template and form.template.decompose()
    data = {}
    for field in form.select("input[name], select[name]"):
        if field.name == "select":
            data[field["name"]] = field.select_one("option[selected]")["value"]
        elif field["type"] != "checkbox" or field.has_attr("checked"):
            data[field["name"]] = field.get("value", "on" if field["type"] == "checkbox" else "")
    return data


def fill(data, row, **values):
    """Type into a row; None unticks a box."""
    for name, value in values.items():
        if value is None:
            data.pop(f"variants-{row}-{name}", None)
        else:
            data[f"variants-{row}-{name}"] = value
    return data


def send(client, page, data):
    return client.post(url(page), data)


def errors(response, row):
    return response.context["formset"].forms[row].errors
