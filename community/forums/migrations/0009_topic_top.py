from django.db import migrations, models


class Migration(migrations.Migration):
    """The top of a list walks an index instead of sorting every topic of the time."""

    dependencies = [
        ("forums", "0008_writing"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(fields=["-vote_count", "-reply_count", "-id"], name="topic_top"),
        ),
    ]
