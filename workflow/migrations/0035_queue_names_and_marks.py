"""Lets queues be read in the order of names and of marks.

`workflow_name_order` answers the bytes of a name in GB 18030, as text: there the common characters stand in the order of
their pinyin. A collation of the server for Chinese would need one that is built with ICU, and its indexes would have to be built
anew after every new version of that library.
"""

from django.conf import settings
from django.db import migrations, models


NAMES = """
    CREATE FUNCTION workflow_name_order(name text) RETURNS text LANGUAGE plpgsql STABLE AS $$
    BEGIN
        RETURN left(encode(convert_to(left(lower(name), 40), 'GB18030'), 'hex'), 160);
    EXCEPTION WHEN untranslatable_character THEN
        RETURN left(encode(convert_to(left(lower(name), 40), 'UTF8'), 'hex'), 160);
    END $$;
    CREATE FUNCTION workflow_names_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.firm_sort := coalesce(
            (SELECT workflow_name_order(name) FROM enterprises_enterprise WHERE id = NEW.enterprise_id), '');
        NEW.applicant_sort := coalesce(
            (SELECT workflow_name_order(name) FROM accounts_person WHERE id = NEW.person_id), NEW.firm_sort);
        RETURN NEW;
    END $$;
    CREATE TRIGGER workflow_names_of_new_case BEFORE INSERT ON workflow_application
        FOR EACH ROW EXECUTE FUNCTION workflow_names_of_case();
    CREATE TRIGGER workflow_names_of_case BEFORE UPDATE OF person_id, enterprise_id, status ON workflow_application
        FOR EACH ROW WHEN (NEW.status IN ('draft', 'in_review', 'returned')) EXECUTE FUNCTION workflow_names_of_case();
    CREATE FUNCTION workflow_name_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE workflow_application SET applicant_sort = workflow_name_order(NEW.name)
            WHERE person_id = NEW.id AND is_open;
        RETURN NULL;
    END $$;
    CREATE TRIGGER workflow_name_of_person AFTER UPDATE OF name ON accounts_person
        FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name) EXECUTE FUNCTION workflow_name_of_person();
    CREATE FUNCTION workflow_name_of_enterprise() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE named text := workflow_name_order(NEW.name);
    BEGIN
        UPDATE workflow_application SET firm_sort = named,
                applicant_sort = CASE WHEN person_id IS NULL THEN named ELSE applicant_sort END
            WHERE enterprise_id = NEW.id AND is_open;
        RETURN NULL;
    END $$;
    CREATE TRIGGER workflow_name_of_enterprise AFTER UPDATE OF name ON enterprises_enterprise
        FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name) EXECUTE FUNCTION workflow_name_of_enterprise();
"""
NO_NAMES = """
    DROP TRIGGER workflow_name_of_enterprise ON enterprises_enterprise;
    DROP FUNCTION workflow_name_of_enterprise();
    DROP TRIGGER workflow_name_of_person ON accounts_person;
    DROP FUNCTION workflow_name_of_person();
    DROP TRIGGER workflow_names_of_case ON workflow_application;
    DROP TRIGGER workflow_names_of_new_case ON workflow_application;
    DROP FUNCTION workflow_names_of_case();
    DROP FUNCTION workflow_name_order(text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0021_own_registrations'),
        ('administration', '0024_office_directions'),
        ('enterprises', '0014_enterprise_grades'),
        ('workflow', '0034_queue_category_and_enterprise'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='applicant_sort',
            field=models.CharField(db_default='', default='', editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name='application',
            name='firm_sort',
            field=models.CharField(db_default='', default='', editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name='application',
            name='mark_sort',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('asked_from', ''), _negated=True), then=models.Value(1)), models.When(then=models.Value(2), was_returned=True), models.When(deemed_accepted=True, then=models.Value(3)), models.When(models.Q(('flags', []), _negated=True), then=models.Value(4)), default=models.Value(9)), output_field=models.SmallIntegerField()),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('holder_office__isnull', False), ('is_open', True)), fields=['holder_office', 'desk', 'applicant_sort', 'due_sort', 'id'], name='queue_applicant'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('holder_office__isnull', False), ('is_open', True)), fields=['holder_office', 'desk', 'firm_sort', 'due_sort', 'id'], name='queue_firm_name'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('holder_office__isnull', False), ('is_open', True)), fields=['holder_office', 'desk', 'mark_sort', 'due_sort', 'id'], name='queue_marks'),
        ),
        migrations.RunSQL(NAMES, NO_NAMES),
        migrations.RunSQL(
            "UPDATE workflow_application SET status = status WHERE status IN ('draft', 'in_review', 'returned')",
            migrations.RunSQL.noop,
        ),
    ]
