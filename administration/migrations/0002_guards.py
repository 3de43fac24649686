from django.db import migrations

from common.database.migration_helpers import append_only


class Migration(migrations.Migration):
    """Adds what the database itself guarantees and Django has no field for."""

    dependencies = [("administration", "0001_initial")]

    operations = [append_only("administration_auditentry")]
