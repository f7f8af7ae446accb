"""Fill the database of the settings: 500 categories of 20 products each.

Run by ``bench.pages``, in a process of its own, since it has settings of its own.
"""

import os
import sys
import uuid
from io import BytesIO
from typing import Any

CATEGORIES, PRODUCTS, PICTURES = 500, 20, 60


def fill(categories: int) -> None:
    from wagtail.models import Collection, Locale, Page, Site
    from wagtail.signal_handlers import disable_reference_index_auto_update

    from bench.page_rows import insert_pages
    from bench.pages.bare_wagtail.models import BareCategory, BareProduct

    # As Wagtail's migrations would make them.
    Locale.objects.create(language_code="en")
    Collection.add_root(name="Root")
    home = Page.add_root(title="Root", slug="root").add_child(instance=Page(title="Home"))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    with disable_reference_index_auto_update():
        pictures = _pictures()
        parents = _pages(BareCategory, home, categories)
        insert_pages(parents)
        for at, parent in enumerate(parents):
            below = _pages(BareProduct, parent, PRODUCTS)
            for number, page in enumerate(below):
                page.picture_id = pictures[(at + number) % PICTURES].pk
            insert_pages(below)
        Page.objects.filter(pk__in=[page.pk for page in parents]).update(numchild=PRODUCTS)
        Page.objects.filter(pk=home.pk).update(numchild=categories)


def _pages(model: Any, parent: Any, count: int) -> list[Any]:
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(model)
    begins = parent.numchild
    return [
        model(
            title=f"Thing {number + 1}",
            draft_title=f"Thing {number + 1}",
            slug=f"thing-{number + 1}",
            path=model._get_path(parent.path, parent.depth + 1, begins + number + 1),
            depth=parent.depth + 1,
            url_path=f"{parent.url_path}thing-{number + 1}/",
            content_type=kind,
            locale_id=parent.locale_id,
            translation_key=uuid.uuid4(),
        )
        for number in range(count)
    ]


def _pictures() -> list[Any]:
    from django.core.files.base import ContentFile
    from PIL import Image as Drawing
    from wagtail.images.models import Image

    file = BytesIO()
    Drawing.new("RGB", (640, 480), (180, 150, 120)).save(file, "JPEG")
    made = [
        Image.objects.create(title=f"Thing {at}", file=ContentFile(file.getvalue(), f"{at}.jpg"))
        for at in range(PICTURES)
    ]
    for picture in made:
        picture.get_renditions("width-480", "width-240")
    return made


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.pages.bare_wagtail.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    fill(CATEGORIES)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return 0


if __name__ == "__main__":
    sys.exit(main())
