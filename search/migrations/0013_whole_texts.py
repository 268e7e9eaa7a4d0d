"""Searches, pins and saved searches know a text whole; what tells one from another is its fingerprint."""

from django.db import migrations, models

import search.fingerprint


def fingerprinted(apps, schema_editor):
    for name, of in (("Pin", "text"), ("SavedSearch", "query")):
        model = apps.get_model("search", name)
        rows = []
        for row in model.objects.only("pk", of).iterator(chunk_size=1_000):
            row.key = search.fingerprint.Fingerprint.made(getattr(row, of))
            rows.append(row)
        model.objects.bulk_update(rows, ["key"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [("search", "0012_longer_searches")]

    operations = [
        migrations.RemoveConstraint(model_name="pin", name="search_pin_once"),
        migrations.RemoveConstraint(model_name="savedsearch", name="saved_search_once"),
        migrations.AlterField(
            model_name="searchlog", name="text", field=models.CharField(max_length=search.fingerprint.MOST_NORMALISED)
        ),
        migrations.AlterField(
            model_name="pin", name="text", field=models.CharField(max_length=search.fingerprint.MOST_NORMALISED)
        ),
        migrations.AlterField(
            model_name="savedsearch", name="query", field=models.CharField(max_length=search.fingerprint.MOST_QUERY)
        ),
        migrations.AddField(
            model_name="pin", name="key",
            field=search.fingerprint.Fingerprint(default="", editable=False, max_length=64, of="text"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="savedsearch", name="key",
            field=search.fingerprint.Fingerprint(default="", editable=False, max_length=64, of="query"),
            preserve_default=False,
        ),
        migrations.RunPython(fingerprinted, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="pin",
            constraint=models.UniqueConstraint(fields=("key", "kind", "object_id"), name="search_pin_once"),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(fields=("user", "key"), name="saved_search_once"),
        ),
    ]
