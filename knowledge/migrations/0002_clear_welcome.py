"""Take away what Wagtail puts into a new database: its welcome page, its site and its two groups.

The community's own pages and the editors' group are made after every `migrate` by `knowledge.services.tree_ensure` and
`editors_group`. A group that has members by now is left alone.
"""

from django.db import migrations


def clear(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    Group = apps.get_model("auth", "Group")
    welcome = Page.objects.filter(depth=2, slug="home", numchild=0, content_type__model="page").first()
    if welcome is not None:
        apps.get_model("wagtailcore", "Site").objects.filter(root_page_id=welcome.pk).delete()
        welcome.delete()
        Page.objects.filter(depth=1).update(numchild=Page.objects.filter(depth=2).count())
    Group.objects.filter(name__in=["Editors", "Moderators"], user=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("accounts", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]

    operations = [migrations.RunPython(clear, migrations.RunPython.noop)]
