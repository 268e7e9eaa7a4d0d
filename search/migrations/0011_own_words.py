from django.db import migrations

from search import textindex


class Migration(migrations.Migration):

    dependencies = [("search", "0010_words")]

    operations = [migrations.RunPython(textindex.create_own, textindex.drop_own)]
