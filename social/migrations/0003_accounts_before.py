"""Accounts that were there before members were: each gets a profile, and keeps its way in.

Whoever runs the shop made them by hand, so their addresses need no proof.
"""

from django.db import migrations


def complete(apps, schema_editor):
    Profile = apps.get_model("social", "Profile")
    EmailAddress = apps.get_model("account", "EmailAddress")
    for user in apps.get_model("social", "User").objects.filter(profile=None).iterator():
        Profile.objects.create(user=user, created=user.date_joined)
        if user.email:
            EmailAddress.objects.get_or_create(
                user=user, email=user.email.lower(), defaults={"primary": True, "verified": True}
            )


class Migration(migrations.Migration):
    dependencies = [
        ("social", "0002_members"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(complete, migrations.RunPython.noop)]
