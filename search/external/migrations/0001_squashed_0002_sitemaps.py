import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('external', '0001_initial'), ('external', '0002_sitemaps')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ExternalSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='address')),
                ('way', models.CharField(choices=[('push', 'Its own program sends records'), ('sitemap', 'We read its sitemap once a day')], default='push', max_length=10, verbose_name='how it comes')),
                ('address', models.CharField(blank=True, max_length=500, verbose_name='address of the sitemap')),
                ('readers', models.CharField(choices=[('public', 'Everyone'), ('members', 'Everyone who is signed in'), ('staff', 'Staff only')], default='public', max_length=10, verbose_name='who may find it')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('created_at', models.DateTimeField()),
                ('place', models.PositiveIntegerField(default=0)),
                ('began_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'verbose_name': 'external source',
                'verbose_name_plural': 'external sources',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ExternalRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='external.externalsource')),
                ('key', models.CharField(max_length=500)),
                ('url', models.CharField(max_length=500)),
                ('title', models.CharField(max_length=300)),
                ('body', models.TextField(blank=True, max_length=100000)),
                ('language', models.CharField(default='en', max_length=10)),
                ('updated_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'external record',
                'verbose_name_plural': 'external records',
                'constraints': [models.UniqueConstraint(fields=('source', 'key'), name='external_record_once'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('body'), 100000), name='external_record_body_length')],
            },
        ),
    ]
