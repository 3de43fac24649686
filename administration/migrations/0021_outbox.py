import common.database.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('administration', '0020_kinds_of_messages'),
    ]

    operations = [
        # What waited there was meant for numbers that nobody had verified.
        migrations.DeleteModel(name='Delivery'),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_id', models.BigIntegerField(verbose_name='用户')),
                ('channel', models.CharField(choices=[('sms', '短信'), ('email', '电子邮件')], max_length=10, verbose_name='渠道')),
                ('address', common.database.fields.EncryptedTextField(blank=True, verbose_name='地址')),
                ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='验证时间')),
                ('is_silent', models.BooleanField(default=False, verbose_name='停发')),
                ('declined', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='不接收的事项')),
                ('code_hash', models.CharField(blank=True, max_length=64, verbose_name='验证码')),
                ('code_sent_at', models.DateTimeField(blank=True, null=True, verbose_name='验证码发出时间')),
                ('code_tries', models.PositiveSmallIntegerField(default=0, verbose_name='验证码输入次数')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='administration.mailbox')),
            ],
            options={
                'verbose_name': '联系方式',
                'verbose_name_plural': '联系方式',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                ('event', models.CharField(max_length=40, verbose_name='事项')),
                ('channel', models.CharField(choices=[('sms', '短信'), ('email', '电子邮件')], max_length=10, verbose_name='渠道')),
                ('address', common.database.fields.EncryptedTextField(verbose_name='地址')),
                ('content', common.database.fields.EncryptedJSONField(blank=True, null=True, verbose_name='内容')),
                ('is_urgent', models.BooleanField(default=False, verbose_name='不等待')),
                ('state', models.CharField(choices=[('waiting', '待发送'), ('sent', '已发送'), ('failed', '发送失败')], default='waiting', max_length=10, verbose_name='状态')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('last_error', models.CharField(blank=True, max_length=300, verbose_name='最近错误')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='最早发送时间')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='生成时间')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='发送时间')),
                ('provider_id', models.CharField(blank=True, max_length=100, verbose_name='服务商编号')),
                ('receipt', models.CharField(blank=True, choices=[('delivered', '已送达'), ('undelivered', '未送达')], max_length=12, verbose_name='回执')),
                ('receipt_at', models.DateTimeField(blank=True, null=True, verbose_name='回执时间')),
                ('receipt_code', models.CharField(blank=True, max_length=60, verbose_name='回执代码')),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='administration.contact')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='administration.message')),
            ],
            options={
                'verbose_name': '外发消息',
                'verbose_name_plural': '外发消息',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='MessageChoice',
            fields=[
                ('event', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='事项')),
                ('is_sms_on', models.BooleanField(default=False, verbose_name='发短信')),
                ('sms_template', models.CharField(blank=True, max_length=60, verbose_name='短信模板编号')),
                ('sms_text', models.CharField(blank=True, max_length=500, verbose_name='短信模板文字')),
                ('sms_parameters', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='短信变量')),
                ('is_email_on', models.BooleanField(default=False, verbose_name='发电子邮件')),
                ('email_subject', models.CharField(blank=True, max_length=200, verbose_name='邮件标题')),
                ('email_text', models.TextField(blank=True, verbose_name='邮件正文')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='修改时间')),
            ],
            options={
                'verbose_name': '消息外发设置',
                'verbose_name_plural': '消息外发设置',
                'ordering': ['event'],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_sms_on', False), models.Q(('sms_template', ''), _negated=True), _connector='OR'), name='sms_choice_has_an_approved_template'), models.CheckConstraint(condition=models.Q(('is_email_on', False), models.Q(models.Q(('email_subject', ''), _negated=True), models.Q(('email_text', ''), _negated=True)), _connector='OR'), name='email_choice_has_words')],
            },
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('user_id', 'channel'), name='one_contact_per_channel'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['channel', 'due_at', 'id'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['contact', 'is_urgent', 'id'], name='delivery_turn'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['contact', '-id'], name='delivery_contact'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['contact', 'sent_at'], name='delivery_sent'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['-id'], name='delivery_failed'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='delivery_sent_at_a_time'),
        ),
    ]
