from django.db import migrations

from search import textindex


class Migration(migrations.Migration):

    dependencies = [("search", "0002_pins_and_saved_searches")]

    operations = [migrations.RunPython(textindex.create_brief, textindex.drop_brief)]
