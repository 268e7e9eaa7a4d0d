import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.limits


class Migration(migrations.Migration):

    replaces = [('forums', '0001_initial'), ('forums', '0002_initial'), ('forums', '0003_topic_last_shown_number'), ('forums', '0004_text_limits'), ('forums', '0005_questions'), ('forums', '0006_topic_acts'), ('forums', '0007_bookmarks')]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_avatars_and_text_limits'),
        ('spaces', '0001_squashed_0002_text_limits'),
    ]

    operations = [
        migrations.CreateModel(
            name='TopicAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=20)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'act on topics',
                'verbose_name_plural': 'acts on topics',
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='topics', to='spaces.space')),
                ('kind', models.CharField(choices=[('question', 'Question'), ('discussion', 'Discussion'), ('announcement', 'Announcement'), ('idea', 'Idea')], default='question', max_length=16, verbose_name='kind')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('slug', models.SlugField(blank=True, max_length=80)),
                ('status', models.CharField(choices=[('published', 'Published'), ('pending', 'Waiting for review'), ('removed', 'Removed')], default='published', max_length=12)),
                ('is_closed', models.BooleanField(default=False, verbose_name='closed')),
                ('is_pinned', models.BooleanField(default=False, verbose_name='pinned')),
                ('is_archived', models.BooleanField(default=False, verbose_name='archived')),
                ('is_unlisted', models.BooleanField(default=False, verbose_name='unlisted')),
                ('slow_seconds', models.PositiveIntegerField(default=0, verbose_name='slow mode')),
                ('notice', models.CharField(blank=True, max_length=500, verbose_name='staff notice')),
                ('duplicate_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='duplicates', to='forums.topic')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='forums.topic')),
                ('solved_at', models.DateTimeField(blank=True, null=True)),
                ('solved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('needs_info_since', models.DateTimeField(blank=True, null=True)),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_until', models.DateTimeField(blank=True, null=True)),
                ('nudged_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='topics', to=settings.AUTH_USER_MODEL)),
                ('last_poster', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('last_posted_at', models.DateTimeField()),
                ('bumped_at', models.DateTimeField(blank=True, null=True)),
                ('reply_count', models.PositiveIntegerField(default=0)),
                ('last_post_number', models.PositiveIntegerField(default=0)),
                ('last_shown_number', models.PositiveIntegerField(default=0)),
                ('vote_count', models.IntegerField(default=0)),
                ('view_count', models.PositiveIntegerField(default=0)),
                ('imported_from', models.CharField(blank=True, editable=False, max_length=120)),
                ('tags', models.ManyToManyField(blank=True, related_name='topics', to='forums.tag')),
            ],
            options={
                'verbose_name': 'topic',
                'verbose_name_plural': 'topics',
                'indexes': [models.Index(fields=['space', '-last_posted_at'], name='topic_space_latest'), models.Index(fields=['-last_posted_at'], name='topic_latest'), models.Index(fields=['author', '-created_at'], name='topic_author')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('imported_from', ''), _negated=True), fields=('imported_from',), name='topic_imported_once')],
            },
        ),
        migrations.CreateModel(
            name='TopicActRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='forums.topicact')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forums.topic')),
                ('changes', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                'verbose_name': 'act on a topic',
                'verbose_name_plural': 'acts on a topic',
                'constraints': [models.UniqueConstraint(fields=('act', 'topic'), name='topic_act_row_once'), accounts.models.limits.TextLimit(field='changes', is_json=True, limit=10000, name='topic_act_changes_limit')],
            },
        ),
        migrations.CreateModel(
            name='TopicTimer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timers', to='forums.topic')),
                ('act', models.CharField(choices=[('close', 'Close'), ('reopen', 'Reopen'), ('unpin', 'Unpin'), ('bump', 'Move to the top'), ('publish', 'Publish')], max_length=10)),
                ('due_at', models.DateTimeField(db_index=True)),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'timer',
                'verbose_name_plural': 'timers',
                'ordering': ['due_at'],
                'constraints': [models.UniqueConstraint(fields=('topic', 'act'), name='topic_timer_once')],
            },
        ),
        migrations.CreateModel(
            name='TopicRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reads', to='forums.topic')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('last_post_number', models.PositiveIntegerField(default=0)),
                ('read_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'read mark',
                'verbose_name_plural': 'read marks',
                'constraints': [models.UniqueConstraint(fields=('topic', 'user'), name='topic_read_once')],
            },
        ),
        migrations.CreateModel(
            name='TopicFollow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='forums.topic')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('is_muted', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'follow',
                'verbose_name_plural': 'follows',
                'constraints': [models.UniqueConstraint(fields=('topic', 'user'), name='topic_follow_once')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='forums.topic')),
                ('number', models.PositiveIntegerField()),
                ('reply_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='forums.post')),
                ('body', models.TextField(max_length=200000, verbose_name='text')),
                ('html', models.TextField(max_length=2000000)),
                ('status', models.CharField(choices=[('published', 'Published'), ('pending', 'Waiting for review'), ('removed', 'Removed')], default='published', max_length=12)),
                ('is_whisper', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='posts', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('edited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('vote_count', models.IntegerField(default=0)),
                ('imported_votes', models.PositiveIntegerField(default=0, editable=False)),
                ('idempotency_key', models.CharField(blank=True, editable=False, max_length=64)),
                ('imported_from', models.CharField(blank=True, editable=False, max_length=120)),
            ],
            options={
                'verbose_name': 'post',
                'verbose_name_plural': 'posts',
                'ordering': ['topic_id', 'number'],
                'indexes': [models.Index(fields=['author', '-created_at'], name='post_author'), models.Index(condition=models.Q(('vote_count__gt', 0)), fields=['topic', '-vote_count'], name='post_helpful')],
                'constraints': [models.UniqueConstraint(fields=('topic', 'number'), name='post_number_once'), models.UniqueConstraint(condition=models.Q(('idempotency_key', ''), _negated=True), fields=('author', 'idempotency_key'), name='post_sent_once'), models.UniqueConstraint(condition=models.Q(('imported_from', ''), _negated=True), fields=('imported_from',), name='post_imported_once'), accounts.models.limits.TextLimit(field='body', limit=200000, name='post_body_limit'), accounts.models.limits.TextLimit(field='html', limit=2000000, name='post_html_limit')],
            },
        ),
        migrations.CreateModel(
            name='PostMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='forums.post')),
                ('from_topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moved_away', to='forums.topic')),
                ('from_number', models.PositiveIntegerField()),
                ('act', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='moves', to='forums.topicact')),
            ],
            options={
                'verbose_name': 'moved post',
                'verbose_name_plural': 'moved posts',
                'indexes': [models.Index(fields=['from_topic', 'from_number'], name='post_move_address')],
            },
        ),
        migrations.CreateModel(
            name='Bookmark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bookmarks', to='forums.post')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('remind_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'bookmark',
                'verbose_name_plural': 'bookmarks',
                'indexes': [models.Index(fields=['user', '-created_at'], name='bookmark_of'), models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='bookmark_due')],
                'constraints': [models.UniqueConstraint(fields=('user', 'post'), name='bookmark_once')],
            },
        ),
        migrations.CreateModel(
            name='PostRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='forums.post')),
                ('version', models.PositiveIntegerField()),
                ('body', models.TextField(max_length=200000)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'earlier version',
                'verbose_name_plural': 'earlier versions',
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('post', 'version'), name='post_revision_once'), accounts.models.limits.TextLimit(field='body', limit=200000, name='post_revision_body_limit')],
            },
        ),
        migrations.CreateModel(
            name='PostVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='forums.post')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'vote',
                'verbose_name_plural': 'votes',
                'constraints': [models.UniqueConstraint(fields=('post', 'user'), name='post_vote_once')],
            },
        ),
        migrations.CreateModel(
            name='ReadBefore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='read_before', to='forums.topic')),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.PositiveBigIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'verbose_name': 'read before asking',
                'verbose_name_plural': 'read before asking',
                'ordering': ['position'],
                'indexes': [models.Index(fields=['kind', 'object_id'], name='read_before_thing')],
                'constraints': [models.UniqueConstraint(fields=('topic', 'kind', 'object_id'), name='read_before_once')],
            },
        ),
        migrations.AddField(
            model_name='topic',
            name='solution',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='solves', to='forums.post'),
        ),
    ]
