from django.db import migrations

from common.database.migration_helpers import item_follows_application


class Migration(migrations.Migration):
    """What the database itself guarantees and Django has no field for."""

    dependencies = [("employment", "0001_initial")]

    operations = [item_follows_application("employment_employmentitem")]
