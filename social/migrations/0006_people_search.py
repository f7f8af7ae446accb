"""Find members by any part of their names: on PostgreSQL by an index of three letters each.

Without it each search reads all members. Where the extension may not be made (it is a trusted one
since PostgreSQL 13, so the owner of the database may), the search is slower and finds the same.
"""

from django.db import DatabaseError, migrations, transaction

NAMES = {
    "social_people_name_letters": ("social_profile", "name"),
    "social_people_username_letters": ("social_user", "username"),
}


def make(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            return
        for index, (table, column) in NAMES.items():
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index} ON {table} "
                f"USING gin (upper({column}::text) gin_trgm_ops)"
            )


def drop(apps, schema_editor):
    for index in NAMES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {index}")


class Migration(migrations.Migration):
    dependencies = [("social", "0005_visits")]
    operations = [migrations.RunPython(make, drop)]
