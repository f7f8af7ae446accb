"""What the trades of a shop may do with orders, money, and the rules of selling."""

from importlib import import_module

from django.db import migrations

groups = import_module("home.migrations.0003_groups")

BOOKS = [
    ("orders", "payment", "view"),
    ("orders", "paymentevent", "view"),
    ("orders", "refund", "view"),
]
REFUND = ("orders", "order", "refund_order")
COUPONS = ("orders", "coupon", "add change delete view")
OUTGOING = ("orders", "outbox", "view change")
MAILS = ("orders", "mailtext", "add change delete view")
GROUPS = {
    "Marketer": [COUPONS, MAILS],
    "Finance": [REFUND, *BOOKS],
    "Owner": [
        REFUND,
        *BOOKS,
        COUPONS,
        MAILS,
        OUTGOING,
        ("orders", "shippingmethod", "add change delete view"),
        ("orders", "taxrate", "add change delete view"),
        ("orders", "ordersettings", "change"),
        ("cart", "cartsettings", "change"),
    ],
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
        ("home", "0003_groups"),
        ("cart", "0001_initial"),
        ("orders", "0002_books"),
    ]

    operations = [migrations.RunPython(grant, take_away)]
