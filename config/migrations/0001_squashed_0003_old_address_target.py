from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('config', '0001_initial'), ('config', '0002_old_addresses'), ('config', '0003_old_address_target')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ImportedId',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=20)),
                ('source_id', models.CharField(max_length=200)),
                ('target_id', models.BigIntegerField()),
                ('digest', models.CharField(max_length=32)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('has_links', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'imported row',
                'verbose_name_plural': 'imported rows',
                'indexes': [models.Index(condition=models.Q(('address', ''), _negated=True), fields=['source', 'address'], name='imported_address'), models.Index(condition=models.Q(('has_links', True)), fields=['source', 'id'], name='imported_with_links')],
                'constraints': [models.UniqueConstraint(fields=('source', 'kind', 'source_id'), name='imported_once')],
            },
        ),
        migrations.CreateModel(
            name='OldAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40)),
                ('host', models.CharField(blank=True, max_length=100)),
                ('name', models.CharField(max_length=300)),
                ('kind', models.CharField(choices=[('topic', 'Topic'), ('post', 'Post'), ('member', 'Member'), ('space', 'Space'), ('article', 'Article'), ('wiki', 'Wiki page')], max_length=10)),
                ('target_id', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'old address',
                'verbose_name_plural': 'old addresses',
                'indexes': [models.Index(fields=['kind', 'target_id'], name='old_address_target')],
                'constraints': [models.UniqueConstraint(fields=('name', 'host'), name='old_address_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportCheckpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=20)),
                ('fingerprint', models.CharField(max_length=80)),
                ('line', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('is_finished', models.BooleanField(default=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'import checkpoint',
                'verbose_name_plural': 'import checkpoints',
                'constraints': [models.UniqueConstraint(fields=('source', 'name'), name='import_checkpoint_once')],
            },
        ),
    ]
