import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.limits
from search import textindex


class Migration(migrations.Migration):

    replaces = [('search', '0001_initial'), ('search', '0002_pins_and_saved_searches'), ('search', '0003_brief'), ('search', '0004_passages'), ('search', '0005_synonyms'), ('search', '0006_products'), ('search', '0007_relevance')]

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
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('version', models.BigIntegerField()),
                ('digest', models.CharField(max_length=32)),
                ('is_deleted', models.BooleanField(default=False)),
                ('indexed_at', models.DateTimeField()),
                ('container', models.CharField(blank=True, max_length=80)),
                ('container_name', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(blank=True, max_length=20)),
                ('author', models.CharField(blank=True, max_length=60)),
                ('language', models.CharField(default='en', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('helpful', models.IntegerField(default=0)),
                ('is_official', models.BooleanField(default=False)),
                ('length', models.PositiveIntegerField(default=0)),
                ('title', models.CharField(max_length=300)),
                ('keywords', models.TextField(blank=True)),
                ('tag_words', models.TextField(blank=True)),
                ('summary', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('solution', models.TextField(blank=True)),
                ('replies', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'indexed document',
                'verbose_name_plural': 'indexed documents',
                'indexes': [models.Index(condition=models.Q(('is_deleted', True)), fields=['indexed_at'], name='search_tombstone')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='EntryToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='search.entry')),
                ('token', models.CharField(max_length=60)),
            ],
            options={
                'verbose_name': 'audience token',
                'verbose_name_plural': 'audience tokens',
                'indexes': [models.Index(fields=['token', 'entry'], name='search_token')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'token'), name='search_token_once')],
            },
        ),
        migrations.CreateModel(
            name='EntryTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='search.entry')),
                ('tag', models.CharField(max_length=40)),
            ],
            options={
                'verbose_name': 'tag of an entry',
                'verbose_name_plural': 'tags of entries',
                'indexes': [models.Index(fields=['tag', 'entry'], name='search_tag')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'tag'), name='search_tag_once')],
            },
        ),
        migrations.CreateModel(
            name='EntryProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='products', to='search.entry')),
                ('product', models.CharField(max_length=80)),
            ],
            options={
                'verbose_name': 'product of an entry',
                'verbose_name_plural': 'products of entries',
                'indexes': [models.Index(fields=['product', 'entry'], name='search_product')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'product'), name='search_product_once')],
            },
        ),
        migrations.CreateModel(
            name='TitleWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True)),
                ('initial', models.CharField(max_length=1)),
                ('length', models.PositiveSmallIntegerField()),
            ],
            options={
                'verbose_name': 'title word',
                'verbose_name_plural': 'title words',
                'indexes': [models.Index(fields=['initial', 'length'], name='search_title_word')],
            },
        ),
        migrations.CreateModel(
            name='Passages',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('model', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=32)),
                ('vectors', models.BinaryField()),
            ],
            options={
                'verbose_name': 'embedded document',
                'verbose_name_plural': 'embedded documents',
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='search_passages_once')],
            },
        ),
        migrations.CreateModel(
            name='DirtyMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('engine', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('stamp', models.BigIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('parked', 'Parked')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField()),
                ('last_error', models.CharField(blank=True, max_length=500)),
                ('marked_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'document to index',
                'verbose_name_plural': 'documents to index',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['engine', 'next_attempt_at'], name='search_mark_due')],
                'constraints': [models.UniqueConstraint(fields=('engine', 'kind', 'object_id'), name='search_mark_once')],
            },
        ),
        migrations.CreateModel(
            name='IndexClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.BigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'index clock',
                'verbose_name_plural': 'index clock',
            },
        ),
        migrations.CreateModel(
            name='EngineHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('engine', models.CharField(max_length=20, unique=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('until', models.DateTimeField()),
                ('last_error', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'verbose_name': 'resting engine',
                'verbose_name_plural': 'resting engines',
            },
        ),
        migrations.CreateModel(
            name='SearchLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(db_index=True, max_length=256)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('filters', models.JSONField(default=dict)),
                ('page', models.PositiveSmallIntegerField(default=1)),
                ('count', models.PositiveIntegerField(default=0)),
                ('engine', models.CharField(max_length=20)),
                ('is_degraded', models.BooleanField(default=False)),
                ('took_ms', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveSmallIntegerField(default=0)),
                ('clicked_kind', models.CharField(blank=True, max_length=20)),
                ('clicked_id', models.BigIntegerField(blank=True, null=True)),
                ('clicked_rank', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('clicked_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'search',
                'verbose_name_plural': 'searches',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=256)),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('pinned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'pinned result',
                'verbose_name_plural': 'pinned results',
                'ordering': ['text', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('text', 'kind', 'object_id'), name='search_pin_once')],
            },
        ),
        migrations.CreateModel(
            name='Synonyms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=2000)),
                ('meant', models.CharField(blank=True, max_length=2000)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'synonyms',
                'verbose_name_plural': 'synonyms',
                'ordering': ['words', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Shaping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stamp', models.CharField(max_length=32)),
            ],
            options={
                'verbose_name': 'shaping of searches',
                'verbose_name_plural': 'shaping of searches',
            },
        ),
        migrations.CreateModel(
            name='RelevanceVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weights', models.JSONField(default=dict)),
                ('saved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'version of relevance',
                'verbose_name_plural': 'versions of relevance',
                'ordering': ['-pk'],
                'constraints': [accounts.models.limits.TextLimit(field='weights', is_json=True, limit=2000, name='relevance_limit')],
            },
        ),
        migrations.CreateModel(
            name='RelevanceTrial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weights', models.JSONField(default=dict)),
                ('before', models.JSONField(default=dict)),
                ('questions', models.JSONField(default=list)),
                ('outcome', models.JSONField(default=list)),
                ('done', models.PositiveIntegerField(default=0)),
                ('count', models.PositiveIntegerField(default=0)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'trial of relevance',
                'verbose_name_plural': 'trials of relevance',
                'ordering': ['-pk'],
                'constraints': [accounts.models.limits.TextLimit(field='weights', is_json=True, limit=2000, name='trial_weights_limit'), accounts.models.limits.TextLimit(field='before', is_json=True, limit=2000, name='trial_before_limit')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=80)),
                ('query', models.CharField(max_length=1000)),
                ('is_telling', models.BooleanField(default=True)),
                ('known', models.JSONField(default=list)),
                ('looked_at', models.DateTimeField(db_index=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'saved search',
                'verbose_name_plural': 'saved searches',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'query'), name='saved_search_once')],
            },
        ),
        migrations.RunPython(textindex.create, textindex.drop),
        migrations.RunPython(textindex.create_brief, textindex.drop_brief),
    ]
