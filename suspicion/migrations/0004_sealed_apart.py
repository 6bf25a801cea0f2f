"""The journal of the compartment is sealed like the audit, in a chain that nobody else can read."""

import importlib

from django.conf import settings
from django.db import migrations

sealed = importlib.import_module("audit.migrations.0002_sealed")

# Which rows do not have the hash of before; the owner sees the journal only while it is not under its own policies.
OLD_HASH = sealed.OLD_HASH.replace("audit_event", "suspicion_event")
SEALS = """
CREATE TABLE suspicion_seal (LIKE audit_seal INCLUDING ALL);
CREATE TRIGGER suspicion_seal_is_fixed BEFORE UPDATE OR DELETE ON suspicion_seal
    FOR EACH ROW EXECUTE FUNCTION audit_seal_is_fixed();
CREATE TRIGGER suspicion_seal_no_truncate BEFORE TRUNCATE ON suspicion_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_seal_is_fixed();
ALTER TABLE suspicion_seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE suspicion_seal FORCE ROW LEVEL SECURITY;
CREATE FUNCTION suspicion_hold_still() RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp AS 'LOCK TABLE suspicion_event IN SHARE MODE';
REVOKE ALL ON FUNCTION suspicion_hold_still FROM PUBLIC;
"""


def hash_anew(apps, schema_editor):
    schema_editor.execute("""
        ALTER TABLE suspicion_event NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE suspicion_event ADD COLUMN payload_hash bytea;
        ALTER TABLE suspicion_event DISABLE TRIGGER USER;
    """)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OLD_HASH)
        if cursor.fetchone():
            raise RuntimeError("The compartment's journal was changed after it was written; nothing was migrated.")
    header = sealed.HEADER.format(row="suspicion_event")
    schema_editor.execute("UPDATE suspicion_event SET payload_hash = sha256(convert_to(payload::text, 'UTF8'))")
    schema_editor.execute(f"UPDATE suspicion_event SET row_hash = sha256(convert_to({header}, 'UTF8'))")
    schema_editor.execute("""
        ALTER TABLE suspicion_event ENABLE TRIGGER USER;
        ALTER TABLE suspicion_event FORCE ROW LEVEL SECURITY;
        ALTER TABLE suspicion_event ALTER payload_hash SET NOT NULL;
        DROP TRIGGER suspicion_hash ON suspicion_event;
        DROP FUNCTION audit_hash();
        CREATE TRIGGER suspicion_seal_row BEFORE INSERT ON suspicion_event
            FOR EACH ROW EXECUTE FUNCTION audit_seal_row();
        CREATE INDEX suspicion_event_xid ON suspicion_event (xid);
    """)


def grant(apps, schema_editor):
    """The team adds to its journal as before; the sealer alone reads it for its hashes, and writes the seals."""
    quote = schema_editor.quote_name
    app, sealer = quote(settings.APP_ROLE), quote(settings.SEALER_ROLE)
    for name in {app, quote(settings.LOADER_ROLE)}:
        schema_editor.execute(f"REVOKE ALL ON suspicion_seal FROM {name}")
    schema_editor.execute(f"""
        REVOKE INSERT ON suspicion_event FROM {app};
        GRANT INSERT ({sealed.COLUMNS}) ON suspicion_event TO {app};
    """)
    owner = schema_editor.connection.settings_dict["USER"]
    if settings.SEALER_ROLE in (owner, settings.APP_ROLE):
        return  # without a role of its own the journal stays unsealed, and closed to everyone
    schema_editor.execute(f"""
        GRANT SELECT ON suspicion_event, suspicion_seal TO {sealer};
        GRANT INSERT ON suspicion_seal TO {sealer};
        GRANT EXECUTE ON FUNCTION suspicion_hold_still TO {sealer};
        CREATE POLICY the_sealer ON suspicion_event FOR SELECT TO {sealer} USING (true);
        CREATE POLICY the_sealer ON suspicion_seal TO {sealer} USING (true) WITH CHECK (true);
    """)


class Migration(migrations.Migration):
    dependencies = [("suspicion", "0003_what_was_kept_long_enough_is_deleted"), ("audit", "0002_sealed")]
    operations = [
        migrations.RunPython(hash_anew, migrations.RunPython.noop),
        migrations.RunSQL(SEALS, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
