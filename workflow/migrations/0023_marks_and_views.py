"""Marks cases that were returned or deemed accepted, and lets members of offices keep filters under a name."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


MARKED = """
UPDATE workflow_application SET
    was_returned = EXISTS (SELECT FROM workflow_event e WHERE e.application_id = workflow_application.id AND e.action = 'return'),
    deemed_accepted =
        EXISTS (SELECT FROM workflow_event e WHERE e.application_id = workflow_application.id AND e.action = 'deem_accepted')
WHERE status IN ('in_review', 'returned')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0019_unread_indexes'),
        ('administration', '0022_outbox_is_watched'),
        ('enterprises', '0013_operator_roles'),
        ('workflow', '0022_case_use'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QueueView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('desk', models.CharField(choices=[('filer', '申请人'), ('person', '本人'), ('former_employer', '证书所在单位'), ('employer', '受聘企业'), ('counter', '原件核验'), ('municipal', '地市受理'), ('provincial', '省厅审核'), ('organiser', '考试机构')], max_length=20, verbose_name='环节')),
                ('name', models.CharField(max_length=20, verbose_name='名称')),
                ('query', models.CharField(max_length=500, verbose_name='筛选条件')),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='保存时间')),
            ],
            options={
                'verbose_name': '常用筛选',
                'verbose_name_plural': '常用筛选',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='application',
            name='deemed_accepted',
            field=models.BooleanField(db_default=False, default=False, verbose_name='视为受理'),
        ),
        migrations.AddField(
            model_name='application',
            name='was_returned',
            field=models.BooleanField(db_default=False, default=False, verbose_name='退回过'),
        ),
        migrations.AddField(
            model_name='queueview',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='工作人员'),
        ),
        migrations.AddConstraint(
            model_name='queueview',
            constraint=models.UniqueConstraint(fields=('user', 'desk', 'name'), name='one_view_of_a_queue_by_name'),
        ),
        # Only open cases stand in queues.
        migrations.RunSQL(MARKED, migrations.RunSQL.noop),
    ]
