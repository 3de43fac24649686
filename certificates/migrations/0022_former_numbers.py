"""Keeps the numbers and categories that certificates printed before a correction."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0021_operations_in_the_trail'),
    ]

    operations = [
        migrations.AlterField(
            model_name='certificate',
            name='origin',
            field=models.CharField(choices=[('legacy', '历史数据库'), ('late_entry', '录入证书'), ('first_issue', '首次发证'), ('transfer_in', '进赣换证'), ('merge', '合并'), ('additional', '增发')], max_length=12, verbose_name='来源'),
        ),
        migrations.CreateModel(
            name='FormerNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, verbose_name='证书编号')),
                ('category', models.CharField(choices=[('A', '企业主要负责人'), ('B', '项目负责人'), ('C1', '机械类专职安全生产管理人员'), ('C2', '土建类专职安全生产管理人员'), ('C3', '综合类专职安全生产管理人员')], max_length=2, verbose_name='类别')),
                ('year', models.PositiveSmallIntegerField(verbose_name='编号年份')),
                ('identifier_serial', models.PositiveIntegerField(verbose_name='标识序号')),
                ('through_version', models.PositiveSmallIntegerField(verbose_name='印到第几版')),
                ('corrected_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='更正时间')),
                ('certificate', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='former_numbers', to='certificates.certificate', verbose_name='证书')),
            ],
            options={
                'verbose_name': '更正前的证书编号',
                'verbose_name_plural': '更正前的证书编号',
                'ordering': ['certificate', 'through_version'],
                'indexes': [models.Index(fields=['year', 'identifier_serial'], name='former_identifier')],
                'constraints': [models.UniqueConstraint(fields=('certificate', 'through_version'), name='one_former_number_per_version')],
            },
        ),
    ]
