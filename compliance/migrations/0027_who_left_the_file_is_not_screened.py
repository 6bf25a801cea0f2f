"""Whose role changes is compared anew: who stands on the file no more is screened no more, who is back is again."""

from django.db import migrations

# As of parties and papers (0006): whatever way it is written. Whom an import brings waits already.
TRIGGERS = """
CREATE FUNCTION compliance_role_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO compliance_partytoscreen (party_id, change)
        SELECT written.party, nextval('compliance_change') FROM (
            SELECT DISTINCT unnest(ARRAY[fresh.party_id, fresh.of_id]) AS party FROM fresh JOIN stale USING (id)
            WHERE (fresh.since_on, fresh.until_on, fresh.struck_at)
                IS DISTINCT FROM (stale.since_on, stale.until_on, stale.struck_at)
        ) written
        JOIN clients_party party ON party.id = written.party AND NOT party.is_client
        ON CONFLICT (party_id) DO UPDATE SET change = EXCLUDED.change;
    ELSE
        INSERT INTO compliance_partytoscreen (party_id, change)
        SELECT written.party, nextval('compliance_change')
        FROM (SELECT DISTINCT unnest(ARRAY[party_id, of_id]) AS party FROM fresh) written
        JOIN clients_party party ON party.id = written.party AND NOT party.is_client
        WHERE NOT EXISTS (
            SELECT FROM compliance_partytoscreen waiting
            WHERE waiting.party_id = written.party AND waiting.xmin = pg_current_xact_id()::xid
        )
        ON CONFLICT (party_id) DO UPDATE SET change = EXCLUDED.change;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER role_made AFTER INSERT ON clients_relationship REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION compliance_role_written();
CREATE TRIGGER role_changed AFTER UPDATE ON clients_relationship
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION compliance_role_written();
REVOKE ALL ON FUNCTION compliance_role_written FROM PUBLIC;
"""
NO_TRIGGERS = "DROP FUNCTION compliance_role_written CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0024_what_was_never_so_is_struck_out"),
        ("compliance", "0026_hits_tell_countries_by_name"),
    ]
    operations = [migrations.RunSQL(TRIGGERS, NO_TRIGGERS)]
