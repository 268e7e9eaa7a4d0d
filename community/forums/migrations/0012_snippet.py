from django.db import migrations, models


class Migration(migrations.Migration):
    """Topics of kind snippet; their code stands in the room `snippets`."""

    dependencies = [
        ("forums", "0011_event"),
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
                    ("snippet", "Code"),
                    ("idea", "Idea"),
                ],
                default="question",
                max_length=16,
                verbose_name="kind",
            ),
        ),
    ]
