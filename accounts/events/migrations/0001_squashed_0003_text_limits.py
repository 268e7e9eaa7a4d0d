import django.db.models.deletion
from django.db import migrations, models

import accounts.models.limits


class Migration(migrations.Migration):

    replaces = [('events', '0001_initial'), ('events', '0002_heartbeats_and_request_ids'), ('events', '0003_text_limits')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(db_index=True, max_length=60)),
                ('actor_id', models.BigIntegerField(blank=True, null=True)),
                ('target_type', models.CharField(blank=True, max_length=40)),
                ('target_id', models.BigIntegerField(blank=True, null=True)),
                ('data', models.JSONField(default=dict)),
                ('is_quiet', models.BooleanField(default=False)),
                ('request_id', models.CharField(blank=True, db_default='', max_length=64)),
                ('created_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'indexes': [models.Index(fields=['target_type', 'target_id'], name='event_target')],
                'constraints': [accounts.models.limits.TextLimit(field='data', is_json=True, limit=100000, name='event_data_limit')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='events.event')),
                ('subscriber', models.CharField(max_length=80)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('parked', 'Parked')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField()),
                ('last_error', models.CharField(blank=True, max_length=500)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_attempt_at', 'id'], name='delivery_due'), models.Index(condition=models.Q(('state', 'parked')), fields=['subscriber'], name='delivery_parked')],
                'constraints': [models.UniqueConstraint(fields=('event', 'subscriber'), name='delivery_once')],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(max_length=60, unique=True)),
                ('kind', models.CharField(choices=[('web', 'Web'), ('worker', 'Worker')], max_length=10)),
                ('host', models.CharField(max_length=100)),
                ('pid', models.PositiveIntegerField()),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'process',
                'verbose_name_plural': 'processes',
                'ordering': ['kind', 'started_at'],
            },
        ),
    ]
