"""Drops indexes that no query needs: second ones of texts, and those of foreign keys with which another begins."""

from common.database.migration_helpers import drop_redundant_indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('enterprises', '0009_registry_checks')]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[drop_redundant_indexes("enterprises_")],
            state_operations=[
                migrations.AlterField(
                    model_name='enterprisename',
                    name='enterprise',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='names', to='enterprises.enterprise', verbose_name='企业'),
                ),
            ],
        ),
    ]
