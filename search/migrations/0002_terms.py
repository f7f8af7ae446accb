import django.db.models.deletion
from django.db import migrations, models

# Who edits pages also says what stands first in a search, and reads what is searched for.
GROUPS = ["Editors", "Moderators", "Merchandiser", "Marketer", "Owner"]
PERMISSIONS = [
    ("wagtailsearchpromotions", "searchpromotion", "add change delete view"),
    ("search", "termday", "view"),
]


def grant(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*_permissions(apps))


def take_away(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*_permissions(apps))


def _permissions(apps):
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    found = []
    for app, model, verbs in PERMISSIONS:
        # They are made after the last migration, which is too late here.
        content_type, _created = ContentType.objects.get_or_create(app_label=app, model=model)
        name = apps.get_model(app, model)._meta.verbose_name
        for verb in verbs.split():
            permission, _created = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{verb}_{model}",
                defaults={"name": f"Can {verb} {name}"},
            )
            found.append(permission)
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_index_of_words"),
        ("wagtailsearchpromotions", "0008_query_verbose_name"),
        # The groups that a shop begins with.
        ("home", "0006_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="TermsSaved",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("batch", models.CharField(blank=True, max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="TermDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("language", models.CharField(max_length=32, verbose_name="language")),
                ("asked", models.PositiveIntegerField(default=0, verbose_name="searched")),
                ("found", models.PositiveIntegerField(default=0, verbose_name="found")),
                (
                    "query",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="wagtailsearchpromotions.query",
                    ),
                ),
            ],
            options={
                "verbose_name": "search term",
                "verbose_name_plural": "search terms",
                "indexes": [
                    models.Index(fields=["day", "language"], name="search_term_day_74a2cd_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("query", "day", "language"), name="term_once_a_day_and_language"
                    )
                ],
            },
        ),
        migrations.RunPython(grant, take_away),
    ]
