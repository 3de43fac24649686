from django.db import migrations

from common.database.migration_helpers import append_only


class Migration(migrations.Migration):
    dependencies = [("administration", "0007_audit_chain")]

    operations = [append_only("administration_auditlink"), append_only("administration_auditcheck")]
