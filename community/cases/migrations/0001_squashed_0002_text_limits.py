import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.limits


class Migration(migrations.Migration):

    replaces = [('cases', '0001_initial'), ('cases', '0002_text_limits')]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_avatars_and_text_limits'),
        ('forums', '0001_squashed_0007_bookmarks'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_serial', models.PositiveIntegerField(default=1000)),
            ],
            options={
                'verbose_name': 'case counter',
                'verbose_name_plural': 'case counters',
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.PositiveIntegerField(editable=False, unique=True)),
                ('number', models.CharField(editable=False, max_length=24, unique=True, verbose_name='number')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('status', models.CharField(choices=[('new', 'New'), ('open', 'Waiting on us'), ('waiting', 'Waiting on customer'), ('solved', 'Solved'), ('closed', 'Closed')], default='new', max_length=10, verbose_name='status')),
                ('priority', models.CharField(choices=[('low', 'Low'), ('normal', 'Normal'), ('high', 'High'), ('urgent', 'Urgent')], default='normal', max_length=10, verbose_name='priority')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to=settings.AUTH_USER_MODEL, verbose_name='customer')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='accounts.organisation', verbose_name='organisation')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='owned_cases', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('reply_due_at', models.DateTimeField(blank=True, null=True)),
                ('first_answered_at', models.DateTimeField(blank=True, null=True)),
                ('solved_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
                'indexes': [models.Index(fields=['status', '-updated_at'], name='case_status_latest'), models.Index(fields=['customer', '-updated_at'], name='case_customer_latest'), models.Index(fields=['owner', 'status'], name='case_owner'), models.Index(fields=['-created_at'], name='case_created')],
            },
        ),
        migrations.CreateModel(
            name='CaseMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='cases.case')),
                ('body', models.TextField(max_length=32000, verbose_name='text')),
                ('html', models.TextField(editable=False, max_length=2000000)),
                ('is_internal', models.BooleanField(default=False, verbose_name='internal note')),
                ('is_system', models.BooleanField(default=False, editable=False)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('idempotency_key', models.CharField(blank=True, editable=False, max_length=80)),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['created_at', 'pk'],
                'indexes': [models.Index(fields=['case', 'created_at'], name='case_message_order')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('idempotency_key', ''), _negated=True), fields=('case', 'idempotency_key'), name='case_message_once'), accounts.models.limits.TextLimit(field='body', limit=32000, name='case_message_body_limit'), accounts.models.limits.TextLimit(field='html', limit=2000000, name='case_message_html_limit')],
            },
        ),
        migrations.CreateModel(
            name='CaseLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='cases.case')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='case_links', to='forums.topic')),
                ('linked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('linked_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'link to a thread',
                'verbose_name_plural': 'links to threads',
                'ordering': ['linked_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('case', 'topic'), name='case_link_once')],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='topics',
            field=models.ManyToManyField(related_name='cases', through='cases.CaseLink', to='forums.topic'),
        ),
    ]
