from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0004_policy_extension'),
    ]

    operations = [
        migrations.AddField(
            model_name='certificateevent',
            name='until',
            field=models.DateField(null=True, verbose_name='暂扣至'),
        ),
        migrations.AddConstraint(
            model_name='certificateevent',
            constraint=models.UniqueConstraint(fields=('undoes',), name='one_reversal_per_event', violation_error_message='这项决定已经撤回，不能再次撤回。'),
        ),
    ]
