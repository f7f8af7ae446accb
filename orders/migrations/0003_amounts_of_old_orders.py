"""Orders from before there were taxes, shipping and payments: their lines are all they cost."""

from django.db import migrations

AT_ONCE = 500


def write_amounts(apps, schema_editor):
    OrderItem = apps.get_model("orders", "OrderItem")
    batch = []
    for item in OrderItem.objects.filter(net=0).iterator(chunk_size=AT_ONCE):
        # Prices had no more places than their currency, so nothing needs rounding.
        item.net = item.unit_price * item.quantity
        batch.append(item)
        if len(batch) == AT_ONCE:
            OrderItem.objects.bulk_update(batch, ["net"])
            batch = []
    OrderItem.objects.bulk_update(batch, ["net"])


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_books")]

    operations = [migrations.RunPython(write_amounts, migrations.RunPython.noop)]
