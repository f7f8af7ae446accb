from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("social", "0004_newsletter_lease")]

    operations = [
        migrations.AddField(
            model_name="productviews",
            name="visits",
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
