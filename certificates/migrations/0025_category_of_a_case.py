"""Gives a case the category of its certificate when it is submitted, so that queues are filtered by it."""

from django.db import migrations

CATEGORY = """
    (SELECT coalesce(known.category, substring(item.claim_key from '{claim}'))
     FROM certificates_certificateitem item LEFT JOIN certificates_certificate known ON known.id = item.certificate_id
     WHERE item.application_id = {case}
        AND coalesce(known.category, substring(item.claim_key from '{claim}')) IS NOT NULL
     ORDER BY item.id DESC LIMIT 1)
"""
CLAIM = "^(?:person:[0-9]+:|number:赣建安)(A|B|C1|C2|C3)(?![A-Z0-9])"


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0024_share_links'),
        ('workflow', '0034_queue_category_and_enterprise'),
    ]

    operations = [
        migrations.RunSQL(
            f"""
            CREATE FUNCTION certificates_category_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.category := coalesce({CATEGORY.format(claim=CLAIM, case="NEW.id")}, '');
                RETURN NEW;
            END $$;
            CREATE TRIGGER certificates_category_of_case BEFORE UPDATE OF status ON workflow_application
                FOR EACH ROW WHEN (NEW.status = 'in_review' AND OLD.status IN ('draft', 'returned'))
                EXECUTE FUNCTION certificates_category_of_case();
            """,
            """
            DROP TRIGGER certificates_category_of_case ON workflow_application;
            DROP FUNCTION certificates_category_of_case();
            """,
        ),
        migrations.RunSQL(
            f"""
            UPDATE workflow_application SET category = coalesce({CATEGORY.format(claim=CLAIM, case="workflow_application.id")}, '')
            WHERE status IN ('in_review', 'returned');
            """,
            migrations.RunSQL.noop,
        ),
    ]
