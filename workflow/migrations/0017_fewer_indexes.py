"""Drops indexes that no query needs: second ones of texts, and those of foreign keys with which another begins."""

from common.database.migration_helpers import drop_redundant_indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('workflow', '0016_clocks_of_open_cases')]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[drop_redundant_indexes("workflow_")],
            state_operations=[
                migrations.AlterField(
                    model_name='application',
                    name='enterprise',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='enterprises.enterprise', verbose_name='企业'),
                ),
                migrations.AlterField(
                    model_name='application',
                    name='person',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='accounts.person', verbose_name='姓名'),
                ),
                migrations.AlterField(
                    model_name='archivenumber',
                    name='office',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='administration.office'),
                ),
                migrations.AlterField(
                    model_name='event',
                    name='application',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='workflow.application', verbose_name='办件'),
                ),
            ],
        ),
    ]
