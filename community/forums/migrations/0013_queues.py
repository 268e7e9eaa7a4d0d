from django.db import migrations, models


class Migration(migrations.Migration):
    """The counts of the helpers' queues, and what is newest, find their rows instead of reading every topic."""

    dependencies = [
        ("forums", "0012_snippet"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(fields=["-created_at"], name="topic_newest"),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(
                condition=models.Q(("needs_info_since__isnull", False)),
                fields=["-last_posted_at"],
                name="topic_needs_info",
            ),
        ),
    ]
