"""What tests of launches have in common: drafts, launches, and every row there is."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from catalog.models import Launch, LaunchBatch, LaunchPage

# Written by whoever looks into the admin, whatever they look at.
OF_EVERY_REQUEST = {"django_session", "wagtailadmin_formstate"}


def draft(page, **fields):
    """A draft of a page that is not published; the page as it is live."""
    story = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(story, name, value)
    story.save_revision()
    return type(page).objects.get(pk=page.pk)


def make_launch(*things, user=None, moment=None, **fields) -> Launch:
    """A launch of pages and price batches, tomorrow unless told otherwise."""
    launch = Launch.objects.create(
        name="Winter", moment=moment or timezone.now() + timedelta(days=1), **fields
    )
    for thing in things:
        if hasattr(thing, "lines"):
            LaunchBatch.objects.create(launch=launch, batch=thing)
        else:
            LaunchPage.objects.create(launch=launch, page=thing.page_ptr)
    return launch


def due(launch: Launch, *, since: timedelta = timedelta(seconds=1)) -> Launch:
    """The same launch, with its moment in the past, as if time had gone by."""
    Launch.objects.filter(pk=launch.pk).update(moment=timezone.now() - since)
    return again(launch)


def again(row):
    return type(row).objects.get(pk=row.pk)


def every_row() -> dict[str, list]:
    """Every row of every table, but for what any request writes."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in OF_EVERY_REQUEST:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
                rows[table] = sorted(cursor.fetchall(), key=repr)
    return rows
