"""Adds check-in at the door: links of session rooms, and what was said there, which is never changed."""

import common.database.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from common.database.migration_helpers import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('exams', '0010_candidate_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckInLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', common.database.fields.EncryptedTextField(editable=False, verbose_name='链接')),
                ('token_index', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='生成时间')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session_room', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='check_in_links', to='exams.sessionroom')),
            ],
            options={
                'verbose_name': '签到链接',
                'verbose_name_plural': '签到链接',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ExamCheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(editable=False, unique=True)),
                ('kind', models.CharField(choices=[('present', '签到'), ('stranger', '不是本人'), ('undone', '撤销')], max_length=10, verbose_name='内容')),
                ('undoes', models.UUIDField(blank=True, null=True)),
                ('device', models.UUIDField(verbose_name='设备')),
                ('by_name', models.CharField(max_length=40, verbose_name='签到人员')),
                ('at', models.DateTimeField(verbose_name='签到时间')),
                ('device_at', models.DateTimeField(verbose_name='设备上的时间')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='上传时间')),
                ('link', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='exams.checkinlink')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='exams.examseat')),
            ],
            options={
                'verbose_name': '考试签到',
                'verbose_name_plural': '考试签到',
                'ordering': ['seat', 'at', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='checkinlink',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('session_room',), name='one_check_in_link_per_room', violation_error_message='这个考场已有一个可用的签到链接。'),
        ),
        migrations.AddIndex(
            model_name='examcheckin',
            index=models.Index(condition=models.Q(('undoes__isnull', False)), fields=['undoes'], name='exam_check_in_undone'),
        ),
        migrations.AddConstraint(
            model_name='examcheckin',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['present', 'stranger', 'undone'])), name='exam_check_in_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='examcheckin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'undone'), ('undoes__isnull', False)), models.Q(models.Q(('kind', 'undone'), _negated=True), ('undoes__isnull', True)), _connector='OR'), name='exam_check_in_undoes_something', violation_error_message='撤销签到须指明撤销的是哪一次。'),
        ),
        migrations.AddConstraint(
            model_name='examcheckin',
            constraint=models.CheckConstraint(condition=models.Q(('at__lte', models.F('received_at'))), name='exam_check_in_happened_before_it_arrived', violation_error_message='签到时间不能晚于上传时间。'),
        ),
        migrations.AddConstraint(
            model_name='examcheckin',
            constraint=models.CheckConstraint(condition=models.Q(('by_name', ''), _negated=True), name='exam_check_in_has_a_name', violation_error_message='请填写签到人员的姓名。'),
        ),
        append_only("exams_examcheckin"),
    ]
