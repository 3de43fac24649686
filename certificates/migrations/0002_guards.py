from django.db import migrations

from common.database.migration_helpers import append_only, item_follows_application


class Migration(migrations.Migration):
    """What the database itself guarantees and Django has no field for."""

    dependencies = [("certificates", "0001_initial")]

    operations = [
        append_only("certificates_certificateversion"),
        append_only("certificates_certificateevent"),
        item_follows_application("certificates_certificateitem"),
    ]
