"""Says of each message what kind it is, and finds those of one kind in a mailbox, the latest first."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('administration', '0019_fewer_indexes')]

    operations = [
        migrations.AddField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('task', '待办事项'), ('case', '办件进展'), ('employment', '聘用'), ('certificate', '证书'), ('exam', '考试'), ('account', '账号与登记'), ('office', '部门工作'), ('other', '其他')], db_default='other', default='other', max_length=12, verbose_name='类别'),
        ),
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(fields=['mailbox', 'kind', '-id'], name='message_kind'),
        ),
    ]
