import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.limits


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_tables'), ('notifications', '0002_text_limits')]

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
            name='Inbox',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='inbox', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('last_number', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'inbox',
                'verbose_name_plural': 'inboxes',
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
                ('number', models.PositiveBigIntegerField()),
                ('key', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=60)),
                ('target_type', models.CharField(max_length=40)),
                ('target_id', models.BigIntegerField()),
                ('thread', models.CharField(max_length=60)),
                ('data', models.JSONField(blank=True, default=dict)),
                ('count', models.PositiveIntegerField(default=1)),
                ('is_folded', models.BooleanField(default=False)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('hidden_at', models.DateTimeField(blank=True, null=True)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'ordering': ['-number'],
                'indexes': [models.Index(condition=models.Q(('hidden_at', None), ('is_folded', False), ('read_at', None)), fields=['user', 'thread'], name='notification_unread'), models.Index(fields=['target_type', 'target_id'], name='notification_target')],
                'constraints': [models.UniqueConstraint(fields=('user', 'number'), name='notification_number_once'), models.UniqueConstraint(fields=('user', 'key'), name='notification_key_once'), accounts.models.limits.TextLimit(field='data', is_json=True, limit=20000, name='notification_data_limit')],
            },
        ),
    ]
