"""Drops indexes that no query needs: second ones of texts, and those of foreign keys with which another begins."""

from common.database.migration_helpers import drop_redundant_indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('accounts', '0017_handing_over')]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[drop_redundant_indexes("accounts_")],
            state_operations=[
                migrations.AlterField(
                    model_name='countercode',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='counter_codes', to='accounts.person'),
                ),
                migrations.AlterField(
                    model_name='facecheck',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='face_checks', to='accounts.person'),
                ),
                migrations.AlterField(
                    model_name='facesigns',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.person'),
                ),
                migrations.AlterField(
                    model_name='kiosknonce',
                    name='device',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='accounts.kioskdevice'),
                ),
                migrations.AlterField(
                    model_name='kioskrequest',
                    name='device',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='accounts.kioskdevice'),
                ),
                migrations.AlterField(
                    model_name='photocheck',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='photo_checks', to='accounts.person'),
                ),
                migrations.AlterField(
                    model_name='recoverycode',
                    name='factor',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to='accounts.secondfactor'),
                ),
            ],
        ),
    ]
