"""What was kept long enough is deleted, by the MLRO's team alone and by one function that looks for itself.

The application has no right to delete here. AMLR Art. 77: five years after the case and the relationship have
ended; the function holds the five years since the case was made and since the last line of the record, whatever the
figures say, and a case in which the FIU waits for an answer. A case without a record of it stays.
"""

from django.conf import settings
from django.db import migrations

PURGE = """
CREATE OR REPLACE FUNCTION suspicion_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('rmcrm.purging', true) = OLD.case_id::text THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
DROP TRIGGER suspicion_record_stays ON suspicion_entry;
CREATE TRIGGER suspicion_record_stays BEFORE UPDATE OR DELETE ON suspicion_entry
    FOR EACH ROW EXECUTE FUNCTION suspicion_record_stays();

CREATE FUNCTION suspicion_purge(which bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT suspicion_team() THEN
        RETURN false;
    END IF;
    PERFORM FROM suspicion_case held WHERE held.id = which AND held.state = 'closed' AND NOT held.legal_hold
        AND held.made_at < clock_timestamp() - interval '5 years'
        AND EXISTS (SELECT FROM suspicion_entry said WHERE said.case_id = which)
        AND NOT EXISTS (SELECT FROM suspicion_entry said
                        WHERE said.case_id = which AND said.at > clock_timestamp() - interval '5 years')
        AND NOT EXISTS (SELECT FROM suspicion_fiurequest asked
                        WHERE asked.case_id = which AND asked.answered_at IS NULL);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM set_config('rmcrm.purging', which::text, true);
    DELETE FROM suspicion_entry WHERE case_id = which;
    DELETE FROM suspicion_filing WHERE case_id = which;
    DELETE FROM suspicion_fiurequest WHERE case_id = which;
    DELETE FROM suspicion_case WHERE id = which;
    PERFORM set_config('rmcrm.purging', '', true);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION suspicion_purge(bigint) FROM PUBLIC;
"""
BACK = """
DROP FUNCTION suspicion_purge(bigint);
DROP TRIGGER suspicion_record_stays ON suspicion_entry;
CREATE TRIGGER suspicion_record_stays BEFORE UPDATE OR DELETE ON suspicion_entry
    FOR EACH ROW EXECUTE FUNCTION suspicion_is_append_only();
DROP FUNCTION suspicion_record_stays();
"""


def for_the_application(apps, schema_editor):
    app = schema_editor.quote_name(settings.APP_ROLE)
    schema_editor.execute(f"GRANT EXECUTE ON FUNCTION suspicion_purge(bigint) TO {app}")


class Migration(migrations.Migration):
    dependencies = [("suspicion", "0002_its_counters_are_its_own")]
    operations = [
        migrations.RunSQL(PURGE, BACK),
        migrations.RunPython(for_the_application, migrations.RunPython.noop),
    ]
