from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.limits

clear_welcome = import_module("knowledge.migrations.0002_clear_welcome").clear


class Migration(migrations.Migration):

    replaces = [('knowledge', '0001_initial'), ('knowledge', '0002_clear_welcome'), ('knowledge', '0003_text_limits')]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_avatars_and_text_limits'),
        ('auth', '0012_alter_user_first_name_max_length'),
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
            name='ArticlePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('body', models.TextField(help_text='Markdown: ## heading, **bold**, - list, 1. steps, [words](address), ``` for code. No HTML.', max_length=200000, verbose_name='text')),
                ('html', models.TextField(blank=True, editable=False, max_length=2000000)),
                ('summary', models.CharField(blank=True, help_text='One sentence: what the reader can do afterwards.', max_length=300, verbose_name='summary')),
                ('product', models.CharField(blank=True, max_length=80, verbose_name='product')),
                ('tags', models.CharField(blank=True, help_text='Words, separated by commas.', max_length=400, verbose_name='tags')),
                ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                ('imported_from', models.CharField(blank=True, db_index=True, editable=False, max_length=200)),
            ],
            options={
                'verbose_name': 'article',
                'verbose_name_plural': 'articles',
                'constraints': [accounts.models.limits.TextLimit(field='body', limit=200000, name='articlepage_body_limit'), accounts.models.limits.TextLimit(field='html', limit=2000000, name='articlepage_html_limit')],
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='SiteRootPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={
                'verbose_name': 'site',
                'verbose_name_plural': 'sites',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='KnowledgeIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={
                'verbose_name': 'support articles',
                'verbose_name_plural': 'support articles',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='WikiIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={
                'verbose_name': 'wiki',
                'verbose_name_plural': 'wikis',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='SectionPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('audience', models.CharField(choices=[('public', 'Everyone'), ('members', 'Everyone who is signed in'), ('groups', 'Chosen groups and people'), ('organisations', 'Chosen organisations'), ('staff', 'Staff only')], default='public', max_length=20, verbose_name='who may read')),
                ('intro', models.CharField(blank=True, max_length=300, verbose_name='introduction')),
                ('audience_groups', models.ManyToManyField(blank=True, related_name='+', to='auth.group', verbose_name='groups')),
                ('audience_organisations', models.ManyToManyField(blank=True, related_name='+', to='accounts.organisation', verbose_name='organisations')),
            ],
            options={
                'verbose_name': 'section',
                'verbose_name_plural': 'sections',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='ArticleStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='standing', to='knowledge.articlepage')),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('helpful_count', models.PositiveIntegerField(default=0)),
                ('unhelpful_count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'standing of an article',
                'verbose_name_plural': 'standings of articles',
                'indexes': [models.Index(fields=['-helpful_count'], name='standing_helpful')],
            },
        ),
        migrations.CreateModel(
            name='ArticleVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='knowledge.articlepage')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('visitor', models.CharField(blank=True, max_length=32)),
                ('is_helpful', models.BooleanField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'answer to “Was this helpful?”',
                'verbose_name_plural': 'answers to “Was this helpful?”',
                'constraints': [models.UniqueConstraint(fields=('article', 'user'), name='article_vote_once'), models.UniqueConstraint(condition=models.Q(('visitor', ''), _negated=True), fields=('article', 'visitor'), name='article_vote_visitor_once'), models.CheckConstraint(condition=models.Q(('user', None), ('visitor', ''), _connector='XOR'), name='article_vote_by_one')],
            },
        ),
        migrations.CreateModel(
            name='WikiPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('body', models.TextField(help_text='Markdown: ## heading, **bold**, - list, 1. steps, [words](address), ``` for code. No HTML.', max_length=200000, verbose_name='text')),
                ('html', models.TextField(blank=True, editable=False, max_length=2000000)),
                ('imported_from', models.CharField(blank=True, db_index=True, editable=False, max_length=200)),
            ],
            options={
                'verbose_name': 'wiki page',
                'verbose_name_plural': 'wiki pages',
                'constraints': [accounts.models.limits.TextLimit(field='body', limit=200000, name='wikipage_body_limit'), accounts.models.limits.TextLimit(field='html', limit=2000000, name='wikipage_html_limit')],
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='WikiEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='knowledge.wikipage')),
                ('number', models.PositiveIntegerField()),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.revision')),
                ('comment', models.CharField(blank=True, max_length=200, verbose_name='what changed')),
            ],
            options={
                'verbose_name': 'edit of a wiki page',
                'verbose_name_plural': 'edits of wiki pages',
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('page', 'number'), name='wiki_edit_number_once')],
            },
        ),
        migrations.RunPython(clear_welcome, migrations.RunPython.noop),
    ]
