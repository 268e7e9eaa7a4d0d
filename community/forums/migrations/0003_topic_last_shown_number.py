from django.db import migrations, models
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor) -> None:
    """Every topic's last post that is published and no whisper."""
    posts = apps.get_model("forums", "Post").objects.filter(topic=OuterRef("pk"), status="published", is_whisper=False)
    last = posts.order_by().values("topic").annotate(last=Max("number")).values("last")
    apps.get_model("forums", "Topic").objects.update(last_shown_number=Coalesce(Subquery(last), 0))


class Migration(migrations.Migration):
    dependencies = [("forums", "0002_initial")]

    operations = [
        migrations.AddField("topic", "last_shown_number", models.PositiveIntegerField(default=0)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
