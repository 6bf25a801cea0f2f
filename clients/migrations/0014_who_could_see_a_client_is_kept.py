from django.db import migrations

from audit.history import only_triggers_write, with_history
from clients.wall import behind_the_wall, for_the_application, of_client

# Which book a client was in. A million clients stand in clients_coverage already: there they learn since when, and
# only what has ended becomes a row here. An import writes no row more.
COVERED = """
ALTER TABLE clients_coverage ADD COLUMN since_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE clients_coverage ALTER COLUMN since_at SET DEFAULT clock_timestamp();
CREATE TABLE clients_coverage_history (
    client_id bigint NOT NULL, book_id bigint NOT NULL, stood tstzrange NOT NULL, ended_by_id bigint);
CREATE INDEX clients_coverage_history_client ON clients_coverage_history (client_id);
CREATE INDEX clients_coverage_history_book ON clients_coverage_history (book_id);
CREATE FUNCTION clients_covered_until_now() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz := greatest(clock_timestamp(), OLD.since_at);
BEGIN
    INSERT INTO clients_coverage_history
    VALUES (OLD.client_id, OLD.book_id, tstzrange(OLD.since_at, moment), carried_by());
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.since_at := moment;
    RETURN NEW;
END $$;
CREATE TRIGGER coverage_moved BEFORE UPDATE OF book_id ON clients_coverage FOR EACH ROW
    WHEN (OLD.book_id IS DISTINCT FROM NEW.book_id) EXECUTE FUNCTION clients_covered_until_now();
CREATE TRIGGER coverage_ended BEFORE DELETE ON clients_coverage FOR EACH ROW
    EXECUTE FUNCTION clients_covered_until_now();
CREATE FUNCTION covered_since(client bigint) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC SELECT since_at FROM clients_coverage WHERE client_id = client; END;
CREATE VIEW clients_covered WITH (security_invoker = true) AS
    SELECT c.id AS client_id, c.book_id, tstzrange(now_in.since_at, NULL) AS stood
    FROM clients_client c JOIN clients_coverage now_in ON now_in.client_id = c.id
    UNION ALL SELECT client_id, book_id, stood FROM clients_coverage_history;
"""
NOT_COVERED = """
DROP VIEW clients_covered;
DROP FUNCTION covered_since;
DROP TRIGGER coverage_ended ON clients_coverage;
DROP TRIGGER coverage_moved ON clients_coverage;
DROP FUNCTION clients_covered_until_now;
DROP TABLE clients_coverage_history;
ALTER TABLE clients_coverage DROP COLUMN since_at;
"""

# From when on history tells the truth: what was before this migration nobody kept. A function, for it never changes.
BEGINS = """
DO $$ BEGIN
    EXECUTE format('CREATE FUNCTION history_begins() RETURNS timestamptz LANGUAGE sql IMMUTABLE RETURN %L::timestamptz',
                   now());
END $$;
"""

# Nothing of an erased client stays. Of a client who is there, nobody takes a line away.
FORGETTING = """
CREATE FUNCTION forget_history_of(client bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM clients_client WHERE id = client) THEN
        RETURN false;
    END IF;
    DELETE FROM clients_coverage_history WHERE client_id = client;
    DELETE FROM clients_clientgrant_history WHERE content_object_id = client;
    RETURN true;
END $$;
"""


def of_grants(table):
    return of_client(table, "content_object_id")


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0013_numbers_of_papers_are_encrypted"),
        ("staff", "0004_how_it_stood_is_kept"),
    ]
    operations = [
        with_history(
            "clients_clientgrant",
            *("user_id", "content_object_id", "granted_by_id", "purpose", "reason", "starts_at", "ends_at"),
            found_by=("user_id", "content_object_id"),
        ),
        migrations.RunSQL(BEGINS, "DROP FUNCTION history_begins"),
        migrations.RunSQL(COVERED, NOT_COVERED),
        only_triggers_write("clients_coverage_history"),
        behind_the_wall("clients_coverage_history"),
        behind_the_wall("clients_clientgrant_history", seen=of_grants),
        migrations.RunSQL(FORGETTING, "DROP FUNCTION forget_history_of"),
        for_the_application("forget_history_of"),
    ]
