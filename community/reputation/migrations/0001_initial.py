import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_avatars_and_text_limits'),
        # Not needed by these tables, but the hundred and fifty migrations of Wagtail and its like each rebuild every
        # model that knows a person: going after them makes a new database sooner ready.
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailembeds", "0009_embed_cache_until"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtailsearch", "0010_add_text_fields"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations = [
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='standing', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('points', models.PositiveIntegerField(default=0, verbose_name='points')),
                ('solutions', models.PositiveIntegerField(default=0, verbose_name='accepted answers')),
                ('helpful_votes', models.PositiveIntegerField(default=0, verbose_name='helpful votes')),
                ('accepted_others', models.PositiveIntegerField(default=0, verbose_name='answers accepted from others')),
                ('ideas_shipped', models.PositiveIntegerField(default=0, verbose_name='ideas shipped')),
                ('counted_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'standing',
                'verbose_name_plural': 'standings',
                'indexes': [models.Index(fields=['-points'], name='standing_points')],
            },
        ),
    ]
