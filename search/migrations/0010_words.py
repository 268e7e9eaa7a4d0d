from django.db import migrations

from search import textindex


class Migration(migrations.Migration):

    dependencies = [("search", "0009_opened")]

    operations = [migrations.RunPython(textindex.create_words, textindex.drop_words)]
