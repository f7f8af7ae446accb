from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_desk"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="sku",
            options={
                "ordering": ["position", "pk"],
                "permissions": [("view_cost", "Can see what SKUs cost the merchant")],
                "verbose_name": "SKU",
                "verbose_name_plural": "SKUs",
            },
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="reason",
            field=models.CharField(
                choices=[
                    ("order", "order"),
                    ("import", "import"),
                    ("adjustment", "adjustment"),
                    ("received", "goods received"),
                    ("counted", "counted"),
                    ("returned", "returned"),
                    ("damaged", "damaged or lost"),
                ],
                max_length=16,
                verbose_name="reason",
            ),
        ),
    ]
