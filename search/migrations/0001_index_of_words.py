import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from search import index_sql


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        statements = index_sql.SQLITE
    else:
        statements = index_sql.POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        statements = index_sql.SQLITE_BACK
    else:
        statements = index_sql.POSTGRESQL_BACK
    for statement in statements:
        schema_editor.execute(statement)


def note_pages(apps, schema_editor):
    """The workers write the words of a shop that is there already."""
    pages = apps.get_model("wagtailcore", "Page").objects.filter(live=True, depth__gt=2)
    pending = apps.get_model("search", "Pending")
    keys = pages.values_list("pk", flat=True).iterator(chunk_size=2_000)
    pending.objects.bulk_create((pending(key=key) for key in keys), batch_size=2_000)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                ("scope", models.CharField(db_index=True, max_length=64)),
                ("title", models.TextField()),
                ("codes", models.TextField()),
                ("labels", models.TextField()),
                ("body", models.TextField()),
                ("written", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("brand", "Brand"),
                            ("tag", "Tag"),
                            ("tell", "Tell"),
                        ],
                        default="page",
                        max_length=8,
                    ),
                ),
                ("key", models.PositiveBigIntegerField()),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=64)),
                (
                    "locale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.locale",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Gram",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gram", models.CharField(max_length=8)),
                (
                    "word",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grams",
                        to="search.word",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="word",
            constraint=models.UniqueConstraint(fields=("locale", "word"), name="search_word_once"),
        ),
        migrations.AddIndex(
            model_name="gram",
            index=models.Index(fields=["gram", "word"], name="search_gram_word"),
        ),
        migrations.RunPython(add_index, remove_index),
        migrations.RunPython(note_pages, migrations.RunPython.noop),
    ]
