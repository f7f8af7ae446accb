"""Post the forms of the Wagtail admin as an editor does."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from catalog.models import Picture


def category_form(title, slug):
    return nested_form_data(
        {
            "title": title,
            "slug": slug,
            "intro": rich_text("<p>For people who like paper.</p>"),
            "above": streamfield([]),
            "below": streamfield([]),
            "default_sort": "newest",
            "sold_out": "keep",
            "first_products": inline_formset([]),
            "show_in_menus": "on",
            "comments": inline_formset([]),
        }
    )


def product_form(title, slug, *, text="", pictures=(), options=(), initial=0):
    story = [("text", rich_text(text))] if text else []
    return nested_form_data(
        {
            "title": title,
            "slug": slug,
            "summary": "",
            "description": streamfield(story),
            "gallery": inline_formset(
                [{"image": picture.pk, "alt_text": "A lighthouse"} for picture in pictures]
            ),
            "tags": "",
            "attributes": inline_formset([]),
            "related_products": inline_formset([]),
            "further_categories": inline_formset([]),
            "options": inline_formset([{"name": name} for name in options], initial=initial),
            "comments": inline_formset([]),
        }
    )


def upload(client) -> Picture:
    """Upload a picture as the admin's own form does."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(file, "PNG")
    client.post(
        reverse("wagtailimages:add"),
        {
            "title": "Lighthouse",
            "file": SimpleUploadedFile("lighthouse.png", file.getvalue(), "image/png"),
            "description": "A lighthouse at night",
        },
    )
    return Picture.objects.get()


def add(client, parent, model, data):
    address = reverse("wagtailadmin_pages:add", args=["catalog", model, parent.pk])
    return client.post(address, data)


def edit(client, page, data):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


def add_variants(client, page, *rows):
    """Fill empty rows of the variants form and save."""
    address = reverse("catalog_variants", args=[page.pk])
    formset = client.get(address).context["formset"]
    data = {bound.html_name: bound.value() for bound in formset.management_form}
    data["variants-TOTAL_FORMS"] = len(rows)
    for number, row in enumerate(rows):
        row = {"on_hand": "0", "when_sold_out": "stop", "weight": "0", "is_active": "on", **row}
        data.update({f"variants-{number}-{name}": value for name, value in row.items()})
    return client.post(address, data)
