"""What the trades of a shop may do with what its members write, and with the newsletter."""

from importlib import import_module

from django.db import migrations

groups = import_module("home.migrations.0003_groups")

REVIEWS = ("social", "review", "change delete view")
NEWSLETTER = [
    ("social", "sending", "add change view"),
    ("social", "subscriber", "delete view"),
]
GROUPS = {
    "Merchandiser": [REVIEWS],
    "Marketer": [REVIEWS, *NEWSLETTER],
    "Owner": [REVIEWS, *NEWSLETTER],
}


def grant(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, permissions in GROUPS.items():
        # A shop may have renamed or deleted the groups it began with.
        for group in Group.objects.filter(name=name):
            group.permissions.add(*groups._permissions(apps, permissions))


def take_away(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, permissions in GROUPS.items():
        for group in Group.objects.filter(name=name):
            group.permissions.remove(*groups._permissions(apps, permissions))


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0005_forms"),
        ("social", "0002_members"),
    ]

    operations = [migrations.RunPython(grant, take_away)]
