"""A case is kept for five years after the relationship has ended, not only after its own end (AMLR Art. 77).

PostgreSQL holds it itself, whatever the figures say, and also where a barrier hides the file from who deletes. Of
a file that was deleted nothing is left to look at: its own five years were over.
"""

from django.db import migrations

ENDED = """
        AND NOT EXISTS (SELECT FROM clients_client client WHERE client.id = held.client_id
                        AND coalesce(client.closed_on, current_date) > current_date - interval '5 years')
        AND NOT EXISTS (SELECT FROM portfolios_account account WHERE account.client_id = held.client_id
                        AND coalesce(account.closed_on, current_date) > current_date - interval '5 years')"""


def purge(ended: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION suspicion_purge(which bigint) RETURNS boolean
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
                        WHERE asked.case_id = which AND asked.answered_at IS NULL){ended};
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("suspicion", "0004_sealed_apart"),
        ("clients", "0021_a_closed_file_says_since_when"),
        ("portfolios", "0003_behind_the_second_wall"),
    ]
    operations = [migrations.RunSQL(purge(ENDED), purge(""))]
