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
            name='ReviewItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target_type', models.CharField(max_length=40)),
                ('target_id', models.BigIntegerField()),
                ('container', models.CharField(db_index=True, max_length=60)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='review_items', to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('open', 'Open'), ('kept', 'Kept'), ('removed', 'Removed')], default='open', max_length=12)),
                ('version', models.PositiveIntegerField(default=1)),
                ('score', models.FloatField(default=0)),
                ('flag_count', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'review item',
                'verbose_name_plural': 'review items',
                'indexes': [models.Index(fields=['target_type', 'target_id'], name='review_item_target'), models.Index(fields=['state', '-score', 'opened_at'], name='review_item_queue')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('target_type', 'target_id'), name='review_item_open_once')],
            },
        ),
        migrations.CreateModel(
            name='ReviewDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='moderation.reviewitem')),
                ('action', models.CharField(choices=[('keep', 'Keep'), ('remove', 'Remove')], max_length=12)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('state_before', models.CharField(choices=[('open', 'Open'), ('kept', 'Kept'), ('removed', 'Removed')], max_length=12)),
                ('status_before', models.CharField(max_length=12)),
                ('created_at', models.DateTimeField()),
                ('undo_until', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['by', '-created_at'], name='review_decision_by')],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='moderation.reviewitem')),
                ('reporter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='flags', to=settings.AUTH_USER_MODEL)),
                ('rule', models.CharField(blank=True, max_length=60)),
                ('reason', models.CharField(choices=[('spam', 'Spam'), ('rude', 'Rude or hurtful'), ('off_topic', 'Off topic'), ('private_info', 'Private information'), ('other', 'Something else')], max_length=20, verbose_name='reason')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('weight', models.FloatField(default=1)),
                ('state', models.CharField(choices=[('open', 'Open'), ('upheld', 'Upheld'), ('declined', 'Declined')], default='open', max_length=12)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='flags', to='moderation.reviewdecision')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'flag',
                'verbose_name_plural': 'flags',
                'ordering': ['-weight', 'pk'],
                'indexes': [models.Index(fields=['reporter', '-created_at'], name='flag_reporter')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('reporter__isnull', False)), fields=('item', 'reporter'), name='flag_once'), models.UniqueConstraint(condition=models.Q(('rule', ''), _negated=True), fields=('item', 'rule'), name='flag_rule_once')],
            },
        ),
    ]
