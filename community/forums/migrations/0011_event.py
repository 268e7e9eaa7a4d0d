from django.db import migrations, models


class Migration(migrations.Migration):
    """Topics of kind event; what they have beyond a topic stands in the room `calendar`."""

    dependencies = [
        ("forums", "0010_problem_and_praise"),
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
                    ("event", "Event"),
                    ("idea", "Idea"),
                ],
                default="question",
                max_length=16,
                verbose_name="kind",
            ),
        ),
    ]
