from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("knowledge", "0004_section_language")]

    operations = [
        migrations.AlterField(
            "articlepage", "language", models.CharField("language", max_length=12, blank=True, default=""),
        ),
    ]
