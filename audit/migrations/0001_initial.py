"""The audit table with its partitions, its triggers, and what the two lesser roles may do in this schema."""

from django.conf import settings
from django.db import migrations, models

TABLE = """
CREATE TABLE audit_event (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid          xid8 NOT NULL DEFAULT pg_current_xact_id(),
    verb         text NOT NULL,
    by_id        bigint,
    by_login     text NOT NULL DEFAULT '',
    by_role      text NOT NULL DEFAULT '',
    path         text NOT NULL DEFAULT '',
    why          text NOT NULL DEFAULT '',
    subject_type text NOT NULL DEFAULT '',
    subject_id   bigint,
    client_id    bigint,
    source       text NOT NULL DEFAULT '',
    ip           inet,
    request_id   text NOT NULL DEFAULT '',
    payload      jsonb NOT NULL DEFAULT '{}',
    row_hash     bytea NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX audit_event_client ON audit_event (client_id, at DESC) WHERE client_id IS NOT NULL;
CREATE INDEX audit_event_by ON audit_event (by_id, at DESC);
CREATE INDEX audit_event_verb ON audit_event (verb, at DESC);
CREATE TABLE audit_event_rest PARTITION OF audit_event DEFAULT;

-- The application may not make tables, so a function of the owner makes the month's partition for it.
CREATE FUNCTION audit_make_partition(month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    label text := 'audit_event_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass(label) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)',
                       label, first::timestamp AT TIME ZONE 'UTC',
                       (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
        PERFORM audit_close_partition(label::regclass);
    END IF;
END $$;
-- Rows go in and come out through audit_event alone: default privileges on a partition are taken back.
CREATE FUNCTION audit_close_partition(partition regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT pg_get_userbyid(acl.grantee) FROM pg_class, aclexplode(relacl) AS acl
        WHERE pg_class.oid = partition AND acl.grantee NOT IN (0, relowner)
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %I', partition, grantee);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION audit_close_partition FROM PUBLIC;

CREATE FUNCTION audit_hash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id();
    NEW.row_hash := sha256(convert_to(jsonb_build_array(
        NEW.id, extract(epoch FROM NEW.at), NEW.verb, NEW.by_id, NEW.by_login, NEW.by_role, NEW.path, NEW.why,
        NEW.subject_type, NEW.subject_id, NEW.client_id, NEW.source, host(NEW.ip), NEW.request_id,
        NEW.payload)::text, 'UTF8'));
    RETURN NEW;
END $$;
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_event is append-only';
END $$;
CREATE TRIGGER audit_hash BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_hash();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""


def grant(apps, schema_editor):
    """Everything in this schema to the application and the loader, and of the audit only INSERT and SELECT."""
    quote = schema_editor.quote_name
    for role in {settings.APP_ROLE, settings.LOADER_ROLE}:
        name = quote(role)
        schema_editor.execute(f"""
            GRANT USAGE ON SCHEMA public TO {name};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {name};
            REVOKE UPDATE, DELETE, TRUNCATE ON audit_event FROM {name};
        """)
    schema_editor.execute("""
        SELECT audit_close_partition('audit_event_rest');
        SELECT audit_make_partition((now() + make_interval(months => n))::date) FROM generate_series(0, 3) AS n;
    """)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE audit_event; DROP FUNCTION audit_make_partition, audit_close_partition, audit_hash, audit_is_append_only"),
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "audit_event", "managed": False},
        ),
    ]
