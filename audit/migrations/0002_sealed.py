"""The audit is sealed: a row hash over the payload's hash, a chain of seals, and a role that does nothing else.

Events that are there already get the new hash after their old one was checked: what was changed before today is not
laundered by sealing it. The hash of before was no proof by itself, for nothing was chained to it.
"""

from django.conf import settings
from django.db import migrations

COLUMNS = (
    "verb, by_id, by_login, by_role, path, why, subject_type, subject_id, client_id, source, ip, request_id, payload"
)
# The same text as in audit/seals/chains.py, which reads it back; audit_event is named by what stands for {row}.
HEADER = """json_build_array('rmcrm-event-2', {row}.id,
    to_char({row}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), {row}.xid::text, {row}.verb, {row}.by_id,
    {row}.by_login, {row}.by_role, {row}.path, {row}.why, {row}.subject_type, {row}.subject_id, {row}.client_id,
    {row}.source, host({row}.ip), {row}.request_id, encode({row}.payload_hash, 'hex'))::text"""

HASHES = """
CREATE FUNCTION audit_seal_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id();
    NEW.payload_hash := sha256(convert_to(NEW.payload::text, 'UTF8'));
    NEW.row_hash := sha256(convert_to(%s, 'UTF8'));
    RETURN NEW;
END $$;
""" % HEADER.format(row="NEW")

# Which rows do not have the hash that the first migration gave them.
OLD_HASH = """
SELECT id FROM audit_event WHERE row_hash <> sha256(convert_to(jsonb_build_array(
    id, extract(epoch FROM at), verb, by_id, by_login, by_role, path, why, subject_type, subject_id, client_id,
    source, host(ip), request_id, payload)::text, 'UTF8')) ORDER BY id LIMIT 20
"""

SEALS = """
CREATE TABLE audit_seal (
    number    bigint PRIMARY KEY,
    chain     text NOT NULL,
    epoch     int NOT NULL,
    cluster   text NOT NULL,         -- system identifier of the PostgreSQL whose transactions are numbered
    at        timestamptz NOT NULL,
    snapshot  text NOT NULL,         -- pg_current_snapshot(): what was finished when it was sealed
    after_id  bigint NOT NULL,       -- in this epoch only events behind this one are sealed
    count     int NOT NULL,
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    leaves    bytea NOT NULL,        -- number and row hash of each event
    root      bytea NOT NULL,
    previous  bytea NOT NULL,
    key       bytea NOT NULL,        -- the public key of the signature
    hash      bytea NOT NULL,
    signature bytea NOT NULL
);
CREATE INDEX audit_seal_at ON audit_seal (at);
ALTER TABLE audit_seal ALTER leaves SET STORAGE EXTERNAL;  -- hashes do not compress
CREATE FUNCTION audit_seal_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_seal_is_fixed BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION audit_seal_is_fixed();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_seal_is_fixed();

-- What the sealer says of itself, once a second: nothing here proves anything, it is for the alarm.
CREATE TABLE audit_pulse (chain text PRIMARY KEY, at timestamptz NOT NULL, trouble text NOT NULL DEFAULT '');
CREATE TABLE audit_anchor (
    chain  text NOT NULL,
    name   text NOT NULL,
    begins bigint NOT NULL,          -- the first seal it is to hold
    number bigint NOT NULL,          -- the last one it took
    at     timestamptz NOT NULL,
    PRIMARY KEY (chain, name)
);
-- Each verification that was made, with what it found.
CREATE TABLE audit_check (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    source   text NOT NULL,
    events   bigint NOT NULL,
    seals    bigint NOT NULL,
    to_seal  bigint NOT NULL,
    findings jsonb NOT NULL,
    seconds  real NOT NULL
);

-- A new epoch takes what no seal holds, and for that nobody may be writing. The sealer cannot lock, so the owner does.
CREATE FUNCTION audit_hold_still() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS
    'LOCK TABLE audit_event IN SHARE MODE';
REVOKE ALL ON FUNCTION audit_hold_still FROM PUBLIC;
"""


def hash_anew(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OLD_HASH)
        if wrong := [row[0] for row in cursor.fetchall()]:
            raise RuntimeError(
                f"Events {', '.join(map(str, wrong))} were changed after they were written: their row hash is not "
                "that of their content. Find out why before they are sealed; nothing was migrated."
            )
    schema_editor.execute(
        "ALTER TABLE audit_event ADD COLUMN payload_hash bytea; ALTER TABLE audit_event DISABLE TRIGGER USER"
    )
    schema_editor.execute(HASHES)
    schema_editor.execute("UPDATE audit_event SET payload_hash = sha256(convert_to(payload::text, 'UTF8'))")
    schema_editor.execute(
        f"UPDATE audit_event SET row_hash = sha256(convert_to({HEADER.format(row='audit_event')}, 'UTF8'))"
    )
    schema_editor.execute("""
        ALTER TABLE audit_event ENABLE TRIGGER USER;
        ALTER TABLE audit_event ALTER payload_hash SET NOT NULL;
        DROP TRIGGER audit_hash ON audit_event;
        CREATE TRIGGER audit_seal_row BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_seal_row();
        CREATE INDEX audit_event_xid ON audit_event (xid);
    """)


def grant(apps, schema_editor):
    """The application adds events, without their number, time or hash; the sealer reads them and adds seals."""
    quote = schema_editor.quote_name
    sealer = quote(settings.SEALER_ROLE)
    lesser = {quote(role) for role in (settings.APP_ROLE, settings.LOADER_ROLE)}
    schema_editor.execute("REVOKE ALL ON FUNCTION audit_make_partition FROM PUBLIC")
    for name in lesser:
        schema_editor.execute(f"""
            REVOKE INSERT, UPDATE, DELETE ON audit_seal, audit_pulse, audit_anchor, audit_check FROM {name};
            GRANT INSERT (source, events, seals, to_seal, findings, seconds) ON audit_check TO {name};
            REVOKE INSERT ON audit_event FROM {name};
            GRANT INSERT ({COLUMNS}) ON audit_event TO {name};
            GRANT EXECUTE ON FUNCTION audit_make_partition TO {name};
        """)
    schema_editor.execute(f"""
        GRANT USAGE ON SCHEMA public TO {sealer};
        GRANT SELECT ON audit_event, audit_seal, audit_pulse, audit_anchor, audit_check TO {sealer};
        GRANT INSERT ON audit_seal, audit_check TO {sealer};
        GRANT INSERT, UPDATE ON audit_pulse, audit_anchor TO {sealer};
        GRANT EXECUTE ON FUNCTION audit_hold_still TO {sealer};
    """)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(hash_anew, migrations.RunPython.noop),
        migrations.RunSQL(SEALS, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
