"""Adds the order of all lists of a batch, with the file that was made of it."""

import common.database.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exams', '0004_seats'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='要求时间')),
                ('total', models.PositiveIntegerField(verbose_name='总数')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已完成')),
                ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('file', models.FileField(blank=True, storage=common.database.fields.EncryptedFileSystemStorage(), upload_to='exam-papers/')),
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paper_order', to='exams.exambatch')),
                ('ordered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '考场材料',
                'verbose_name_plural': '考场材料',
                'ordering': ['-ordered_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='exam_papers_not_more_than_all'), models.CheckConstraint(condition=models.Q(('file', ''), ('made_at__isnull', False), _connector='OR'), name='exam_papers_made_have_a_time')],
            },
        ),
    ]
