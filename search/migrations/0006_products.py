import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0005_synonyms")]

    operations = [
        migrations.CreateModel(
            name="EntryProduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", models.CharField(max_length=80)),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="products",
                        to="search.entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "product of an entry",
                "verbose_name_plural": "products of entries",
                "indexes": [models.Index(fields=["product", "entry"], name="search_product")],
                "constraints": [models.UniqueConstraint(fields=("entry", "product"), name="search_product_once")],
            },
        ),
    ]  # fmt: skip
