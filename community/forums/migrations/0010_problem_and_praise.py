from django.db import migrations, models


class Migration(migrations.Migration):
    """Two more kinds: what does not work, and what does."""

    dependencies = [
        ("forums", "0009_topic_top"),
    ]

    operations = [
        migrations.AlterField(
            model_name="topic",
            name="kind",
            field=models.CharField(
                choices=[
                    ("question", "Question"),
                    ("discussion", "Discussion"),
                    ("problem", "Problem"),
                    ("praise", "Praise"),
                    ("announcement", "Announcement"),
                    ("idea", "Idea"),
                ],
                default="question",
                max_length=16,
                verbose_name="kind",
            ),
        ),
    ]
