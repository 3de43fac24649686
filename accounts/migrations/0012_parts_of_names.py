from django.db import migrations

from common.database.name_search import index_of_parts


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_field_names")]
    operations = [index_of_parts("accounts_person", "name", name="person_name_parts")]
