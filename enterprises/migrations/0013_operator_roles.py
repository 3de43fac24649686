"""Gives operators roles and delegations. Who is an operator already stays with all rights, as a manager."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0012_unread_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OperatorDelegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('right', models.CharField(choices=[('confirm', '业务确认'), ('manage', '管理操作员')], max_length=10, verbose_name='授权事项')),
                ('starts_on', models.DateField(verbose_name='起')),
                ('ends_on', models.DateField(verbose_name='止')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='授权时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='收回时间')),
            ],
            options={
                'verbose_name': '操作员授权',
                'verbose_name_plural': '操作员授权',
                'ordering': ['key', '-id'],
            },
        ),
        migrations.AddField(
            model_name='cakey',
            name='may_confirm',
            field=models.BooleanField(default=True, verbose_name='可以业务确认'),
        ),
        migrations.AddField(
            model_name='cakey',
            name='role',
            field=models.CharField(choices=[('manager', '管理员'), ('clerk', '经办人'), ('reader', '查阅人')], default='manager', max_length=10, verbose_name='角色'),
        ),
        # The rows that are there have got the defaults above; new operators begin with less.
        migrations.AlterField(
            model_name='cakey',
            name='may_confirm',
            field=models.BooleanField(default=False, verbose_name='可以业务确认'),
        ),
        migrations.AlterField(
            model_name='cakey',
            name='role',
            field=models.CharField(choices=[('manager', '管理员'), ('clerk', '经办人'), ('reader', '查阅人')], default='clerk', max_length=10, verbose_name='角色'),
        ),
        migrations.AddConstraint(
            model_name='cakey',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('may_confirm', True), ('role', 'manager')), ('role', 'clerk'), models.Q(('may_confirm', False), ('role', 'reader')), _connector='OR'), name='operator_confirms_by_role', violation_error_message='管理员都可以业务确认，查阅人都不可以。'),
        ),
        migrations.AddField(
            model_name='operatordelegation',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='收回人'),
        ),
        migrations.AddField(
            model_name='operatordelegation',
            name='given_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='授权人'),
        ),
        migrations.AddField(
            model_name='operatordelegation',
            name='key',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='enterprises.cakey', verbose_name='操作员'),
        ),
        migrations.AddIndex(
            model_name='operatordelegation',
            index=models.Index(fields=['key', '-id'], name='delegation_key'),
        ),
        migrations.AddConstraint(
            model_name='operatordelegation',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='delegation_ends_after_it_starts', violation_error_message='授权的最后一天不能早于第一天。'),
        ),
        migrations.AddConstraint(
            model_name='operatordelegation',
            constraint=models.CheckConstraint(condition=models.Q(('right__in', ['confirm', 'manage'])), name='delegation_of_a_known_right'),
        ),
        migrations.AddConstraint(
            model_name='operatordelegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='ended_delegation_has_its_author'),
        ),
        migrations.AddConstraint(
            model_name='operatordelegation',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at__isnull', True)), expressions=[('key', '='), ('right', '='), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='one_delegation_at_a_time', violation_error_message='这名操作员在这段时间已有同一事项的授权。'),
        ),
    ]
