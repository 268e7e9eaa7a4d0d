import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.limits


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_avatars_and_text_limits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=22, unique=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('image', 'Picture'), ('document', 'File')], max_length=10)),
                ('extension', models.CharField(max_length=8)),
                ('size', models.PositiveBigIntegerField()),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('has_smaller', models.BooleanField(default=False)),
                ('text', models.TextField(blank=True, max_length=1000000)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'indexes': [models.Index(fields=['owner', '-created_at'], name='upload_owner'), models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='upload_expires')],
                'constraints': [accounts.models.limits.TextLimit(field='text', limit=1000000, name='upload_text_limit')],
            },
        ),
        migrations.CreateModel(
            name='UploadUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='uploads.upload')),
                ('target_type', models.CharField(max_length=40)),
                ('target_id', models.BigIntegerField()),
                ('is_current', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'use of a file',
                'verbose_name_plural': 'uses of files',
                'indexes': [models.Index(fields=['target_type', 'target_id'], name='upload_use_target')],
                'constraints': [models.UniqueConstraint(fields=('upload', 'target_type', 'target_id'), name='upload_use_once')],
            },
        ),
    ]
