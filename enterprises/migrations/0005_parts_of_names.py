from django.db import migrations

from common.database.name_search import index_of_parts


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0004_field_names")]
    operations = [index_of_parts("enterprises_enterprise", "name", name="enterprise_name_parts")]
