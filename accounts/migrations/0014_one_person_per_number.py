from django.db import migrations

# After the row is written: the check of the unique index has then waited for a correction that another session
# commits, and a new snapshot sees it.
FORWARD = """
CREATE FUNCTION accounts_one_person_per_number() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE taken boolean;
BEGIN
    IF TG_TABLE_NAME = 'accounts_person' THEN
        SELECT EXISTS (SELECT FROM accounts_formeridnumber f
            WHERE f.id_number_index = NEW.id_number_index AND f.person_id <> NEW.id) INTO taken;
    ELSE
        SELECT EXISTS (SELECT FROM accounts_person p
            WHERE p.id_number_index = NEW.id_number_index AND p.id <> NEW.person_id) INTO taken;
    END IF;
    IF taken THEN
        RAISE EXCEPTION 'this number is or was another person''s'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_person_per_number';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_person_number AFTER INSERT OR UPDATE OF id_number_index ON accounts_person
    FOR EACH ROW EXECUTE FUNCTION accounts_one_person_per_number();
CREATE TRIGGER accounts_formeridnumber_number AFTER INSERT OR UPDATE ON accounts_formeridnumber
    FOR EACH ROW EXECUTE FUNCTION accounts_one_person_per_number();
"""
BACKWARD = """
DROP TRIGGER accounts_person_number ON accounts_person;
DROP TRIGGER accounts_formeridnumber_number ON accounts_formeridnumber;
DROP FUNCTION accounts_one_person_per_number();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_register_corrections")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
