"""Drops indexes that no query needs: second ones of texts, and those of foreign keys with which another begins."""

from common.database.migration_helpers import drop_redundant_indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('employment', '0008_index_of_the_gone')]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[drop_redundant_indexes("employment_")],
            state_operations=[
                migrations.AlterField(
                    model_name='employment',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='employments', to='accounts.person', verbose_name='姓名'),
                ),
                migrations.AlterField(
                    model_name='employmentitem',
                    name='application',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='%(class)ss', to='workflow.application'),
                ),
                migrations.AlterField(
                    model_name='formerterms',
                    name='replaced_by',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.application', verbose_name='变更所依据的办件'),
                ),
            ],
        ),
    ]
