import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.limits


class Migration(migrations.Migration):

    replaces = [('ideas', '0001_initial'), ('ideas', '0002_text_limits')]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_avatars_and_text_limits'),
        ('forums', '0001_squashed_0007_bookmarks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Idea',
            fields=[
                ('topic', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='idea', serialize=False, to='forums.topic')),
                ('status', models.CharField(choices=[('new', 'New'), ('under_review', 'Under review'), ('planned', 'Planned'), ('in_progress', 'In progress'), ('shipped', 'Shipped'), ('declined', 'Declined')], default='new', max_length=16, verbose_name='status')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='ideas.idea', verbose_name='merged into')),
                ('status_changed_at', models.DateTimeField(blank=True, null=True)),
                ('vote_count', models.PositiveIntegerField(default=0, verbose_name='votes')),
                ('imported_votes', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'idea',
                'verbose_name_plural': 'ideas',
                'indexes': [models.Index(fields=['-vote_count', '-topic'], name='idea_top'), models.Index(fields=['status', '-vote_count'], name='idea_status_top')],
            },
        ),
        migrations.CreateModel(
            name='IdeaVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='ideas.idea')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'vote for an idea',
                'verbose_name_plural': 'votes for ideas',
                'indexes': [models.Index(fields=['idea', 'created_at'], name='idea_vote_recent')],
                'constraints': [models.UniqueConstraint(fields=('idea', 'user'), name='idea_vote_once')],
            },
        ),
        migrations.CreateModel(
            name='IdeaStatusChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='status_changes', to='ideas.idea')),
                ('before', models.CharField(choices=[('new', 'New'), ('under_review', 'Under review'), ('planned', 'Planned'), ('in_progress', 'In progress'), ('shipped', 'Shipped'), ('declined', 'Declined')], max_length=16)),
                ('after', models.CharField(choices=[('new', 'New'), ('under_review', 'Under review'), ('planned', 'Planned'), ('in_progress', 'In progress'), ('shipped', 'Shipped'), ('declined', 'Declined')], max_length=16)),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='note')),
                ('html', models.TextField(blank=True, editable=False, max_length=100000)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'status change',
                'verbose_name_plural': 'status changes',
                'ordering': ['-changed_at', '-pk'],
                'constraints': [accounts.models.limits.TextLimit(field='note', limit=2000, name='idea_note_limit'), accounts.models.limits.TextLimit(field='html', limit=100000, name='idea_note_html_limit')],
            },
        ),
    ]
