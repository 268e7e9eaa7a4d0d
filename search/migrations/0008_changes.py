from django.db import migrations

from search import textindex


class Migration(migrations.Migration):

    dependencies = [("search", "0007_relevance")]

    operations = [migrations.RunPython(textindex.create_changes, textindex.drop_changes)]
