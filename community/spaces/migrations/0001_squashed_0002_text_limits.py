import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.limits


class Migration(migrations.Migration):

    replaces = [('spaces', '0001_initial'), ('spaces', '0002_text_limits')]

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
            name='Space',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('public', 'Everyone'), ('members', 'Everyone who is signed in'), ('groups', 'Chosen groups and people'), ('organisations', 'Chosen organisations'), ('staff', 'Staff only')], default='public', max_length=20, verbose_name='who may read')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='address')),
                ('purpose', models.CharField(blank=True, max_length=300, verbose_name='purpose')),
                ('colour', models.CharField(choices=[('teal', 'Teal'), ('blue', 'Blue'), ('brown', 'Brown'), ('purple', 'Purple'), ('grey', 'Grey'), ('green', 'Green'), ('rose', 'Rose'), ('amber', 'Amber')], default='teal', max_length=12, verbose_name='colour')),
                ('icon', models.CharField(default='messages-square', max_length=40, verbose_name='icon')),
                ('kinds', models.JSONField(blank=True, default=list, verbose_name='kinds of topic')),
                ('position', models.PositiveIntegerField(default=100, verbose_name='position')),
                ('is_archived', models.BooleanField(default=False, verbose_name='archived')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('topic_count', models.PositiveIntegerField(default=0, editable=False)),
                ('last_activity_at', models.DateTimeField(editable=False, null=True)),
                ('audience_groups', models.ManyToManyField(blank=True, related_name='+', to='auth.group', verbose_name='groups')),
                ('audience_organisations', models.ManyToManyField(blank=True, related_name='+', to='accounts.organisation', verbose_name='organisations')),
            ],
            options={
                'verbose_name': 'space',
                'verbose_name_plural': 'spaces',
                'ordering': ['position', 'name'],
                'constraints': [accounts.models.limits.TextLimit(field='kinds', is_json=True, limit=1000, name='space_kinds_limit')],
            },
        ),
        migrations.CreateModel(
            name='SpaceMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='spaces.space')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='space_memberships', to=settings.AUTH_USER_MODEL)),
                ('role', models.CharField(choices=[('member', 'Member'), ('reviewer', 'Reviewer')], default='member', max_length=12)),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'space membership',
                'verbose_name_plural': 'space memberships',
                'constraints': [models.UniqueConstraint(fields=('space', 'user'), name='space_membership_once')],
            },
        ),
    ]
