from django.db import migrations

from common.database.migration_helpers import append_only


class Migration(migrations.Migration):
    """Adds what the database itself guarantees and Django has no field for."""

    dependencies = [("workflow", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE workflow_application_serial", "DROP SEQUENCE workflow_application_serial"),
        append_only("workflow_event"),
    ]
