from django.conf import settings
from django.db import migrations

from clients.wall import (
    EVERY_BOOK,
    behind_the_wall,
    carried,
    for_the_application,
    of_client,
    of_client_in_crowds,
)

# Whom the transaction carries, and what they see. It is worked out here from the same rows as in
# clients/access.py, but by a code of its own: tests/house/test_two_walls.py proves the two equal.
CARRYING = r"""
CREATE FUNCTION reach_of_role(role text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN role IN ('rm', 'assistant', 'specialist') THEN 'books'
    WHEN role IN ('team_lead', 'regional_head') THEN 'team'
    WHEN role IN ('compliance', 'mlro', 'auditor', 'night_shift', 'command_line') THEN 'all'
    ELSE 'none'
END;

-- Ids stand in a setting as ",3,17,": nothing in it is ever cast, so garbage finds nothing.
CREATE FUNCTION sees_every_book() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('rmcrm.reach', true) = 'all';

-- person: a member of staff; or null, and `shift` says who works without one. The rest is told to the transaction,
-- or, where work is done in many, to the session. Returns what was carried before, for put_back.
CREATE FUNCTION carry_person(person bigint, shift text, at timestamptz, whole boolean DEFAULT true) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before text[] := carried();
    kind text := 'none';
    own_team bigint;
    books text := '';
    clients text := '';
BEGIN
    IF person IS NOT NULL THEN
        SELECT reach_of_role(role), team_id INTO kind, own_team FROM staff_user WHERE id = person AND is_active;
    ELSIF shift IN ('night_shift', 'command_line') THEN
        kind := reach_of_role(shift);
    END IF;
    IF kind IN ('books', 'team') THEN
        SELECT ',' || string_agg(book_id::text, ',') || ',' INTO books
        FROM staff_bookmember WHERE user_id = person AND during @> at;
        SELECT ',' || string_agg(content_object_id::text, ',') || ',' INTO clients
        FROM clients_clientgrant WHERE user_id = person AND starts_at <= at AND (ends_at > at) IS NOT FALSE;
    END IF;
    IF kind = 'team' AND own_team IS NOT NULL THEN
        WITH RECURSIVE below AS (
            SELECT own_team AS id
            UNION SELECT child.id FROM staff_team child JOIN below ON child.parent_id = below.id
        )
        SELECT concat(books, ',', string_agg(book.id::text, ','), ',') INTO books
        FROM staff_book book JOIN below ON book.team_id = below.id;
    END IF;
    PERFORM put_back(ARRAY[coalesce(person::text, ''), CASE WHEN person IS NULL THEN shift ELSE '' END,
                           CASE WHEN kind = 'all' THEN 'all' ELSE '' END, books, clients], whole);
    RETURN before;
END $$;
CREATE FUNCTION carried() RETURNS text[] LANGUAGE sql STABLE
RETURN ARRAY[current_setting('rmcrm.person', true), current_setting('rmcrm.shift', true),
             current_setting('rmcrm.reach', true), current_setting('rmcrm.books', true),
             current_setting('rmcrm.clients', true)];
CREATE FUNCTION put_back(what text[], whole boolean DEFAULT true) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('rmcrm.person', coalesce(what[1], ''), whole),
            set_config('rmcrm.shift', coalesce(what[2], ''), whole),
            set_config('rmcrm.reach', coalesce(what[3], ''), whole),
            set_config('rmcrm.books', coalesce(what[4], ''), whole),
            set_config('rmcrm.clients', coalesce(what[5], ''), whole);
END $$;
-- Who waited for a handover sees from now on what it left. Who is carried stays: nobody, if it was nobody.
CREATE FUNCTION carry_anew(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('rmcrm.person', true), '') <> '' THEN
        PERFORM carry_person(current_setting('rmcrm.person')::bigint, '', at);
    END IF;
END $$;
"""
NO_CARRYING = """
DROP FUNCTION carry_anew, carry_person, put_back, carried, sees_every_book, reach_of_role
"""

# A search through an index that no policy lets be entered: below one, only operators that PostgreSQL knows to tell
# nothing (=, < of plain types) come before it, and of trigrams, beginnings and arrays of words none is one (measured:
# 12 -> 821 ms at a million). So functions of the owner search, look themselves at what is carried, and tell ids.
SEARCHING = r"""
CREATE FUNCTION carried_ids(setting text) RETURNS bigint[] LANGUAGE sql STABLE
RETURN CASE WHEN current_setting(setting, true) ~ '^[0-9,]+$'
    THEN array_remove(string_to_array(current_setting(setting, true), ','), '')::bigint[] ELSE '{}' END;
-- The carried books and clients as a condition on clients_client c, in literals, so that the planner sees how many.
CREATE FUNCTION carried_condition() RETURNS text LANGUAGE sql STABLE
RETURN CASE WHEN sees_every_book() THEN 'true' ELSE format(
    '(c.book_id = ANY (%L::bigint[])%s)', carried_ids('rmcrm.books'),
    CASE WHEN carried_ids('rmcrm.clients') = '{}' THEN ''
         ELSE format(' OR c.id = ANY (%L::bigint[])', carried_ids('rmcrm.clients')) END) END;

-- meant: [["anna", "anne"], ["keller"]], for each word what it stands for.
CREATE FUNCTION files_with_words(meant jsonb, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200 AS $$
DECLARE
    wanted text := carried_condition();
    words jsonb;
BEGIN
    FOR words IN SELECT jsonb_array_elements(meant) LOOP
        wanted := wanted || format(' AND s.words && %L::text[]', ARRAY(SELECT jsonb_array_elements_text(words)));
    END LOOP;
    RETURN QUERY EXECUTE format(CASE WHEN sees_every_book()
        THEN 'SELECT s.client_id FROM clients_searchname s WHERE %s LIMIT %L'
        ELSE 'SELECT s.client_id FROM clients_searchname s JOIN clients_client c ON c.id = s.client_id WHERE %s LIMIT %L'
        END, wanted, most);
END $$;

CREATE FUNCTION search_keys_begun(begins text[], most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200 AS $$
DECLARE
    begun text := (SELECT string_agg(format('k.key LIKE %L', regexp_replace(each, '([\\%_])', '\\\1', 'g') || '%'), ' OR ')
                   FROM unnest(begins) AS each);
BEGIN
    RETURN QUERY EXECUTE format(CASE WHEN sees_every_book()
        THEN 'SELECT k.id FROM clients_searchkey k WHERE %s AND (%s) LIMIT %L'
        ELSE 'SELECT k.id FROM clients_searchkey k JOIN clients_client c ON c.id = k.client_id WHERE %s AND (%s) LIMIT %L'
        END, carried_condition(), coalesce(begun, 'false'), most);
END $$;
"""
NO_SEARCHING = "DROP FUNCTION search_keys_begun, files_with_words, carried_condition, carried_ids"

# Which book covers each client, alone with its key: what the policies of the other tables look into, through is_reached.
# Written by triggers only. An EXISTS would be planned twice a table, and at times hash the whole bank.
COVERAGE = f"""
CREATE TABLE clients_coverage (client_id bigint PRIMARY KEY, book_id bigint NOT NULL);
INSERT INTO clients_coverage SELECT id, book_id FROM clients_client;
ANALYZE clients_coverage;
CREATE FUNCTION clients_cover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO clients_coverage SELECT id, book_id FROM fresh;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE clients_coverage cover SET book_id = NEW.book_id WHERE cover.client_id = NEW.id;
    ELSE
        DELETE FROM clients_coverage cover USING gone WHERE cover.client_id = gone.id;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION clients_cover FROM PUBLIC;
-- Carried itself, or in a carried book. Its body is bound when it is made: no search path can bend it.
CREATE FUNCTION is_reached(client bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE COST 50 BEGIN ATOMIC
    SELECT coalesce({carried('rmcrm.clients', 'client')}, false) OR EXISTS (
        SELECT FROM clients_coverage WHERE client_id = client AND {carried('rmcrm.books', 'book_id')});
END;
CREATE TRIGGER client_covered AFTER INSERT ON clients_client REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION clients_cover();
CREATE TRIGGER client_moved AFTER UPDATE OF book_id ON clients_client FOR EACH ROW
    WHEN (OLD.book_id IS DISTINCT FROM NEW.book_id) EXECUTE FUNCTION clients_cover();
CREATE TRIGGER client_gone AFTER DELETE ON clients_client REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION clients_cover();
"""
NO_COVERAGE = """
DROP TRIGGER client_gone ON clients_client;
DROP TRIGGER client_moved ON clients_client;
DROP TRIGGER client_covered ON clients_client;
DROP FUNCTION clients_cover, is_reached;
DROP TABLE clients_coverage;
"""


def of_clients(table):
    return f"{EVERY_BOOK} OR {carried('rmcrm.books', 'book_id')} OR {carried('rmcrm.clients', 'id')}"


def of_coverage(table):
    return f"{EVERY_BOOK} OR {carried('rmcrm.books', 'book_id')} OR {carried('rmcrm.clients', 'client_id')}"


def of_grants(table):
    return of_client(table, "content_object_id")


def of_households(table):
    """Seen by who sees a member."""
    return f"{EVERY_BOOK} OR (SELECT true FROM clients_client seen WHERE seen.household_id = {table}.id LIMIT 1)"


def of_answers(table):
    """A remembered form, with the body of what was answered, is its sender's; the night shift forgets it."""
    return (
        f"{table}.person_id::text = (SELECT current_setting('rmcrm.person', true)) OR "
        f"(SELECT {EVERY_BOOK} AND coalesce(current_setting('rmcrm.person', true), '') = '')"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0009_records_lock_and_are_added_to"),
        ("staff", "0001_initial"),
        ("audit", "0001_initial"),
        ("ui", "0002_initial"),
    ]
    operations = [
        migrations.RunSQL(CARRYING, NO_CARRYING),
        migrations.RunSQL(SEARCHING, NO_SEARCHING),
        migrations.RunSQL(COVERAGE, NO_COVERAGE),
        for_the_application("carry_person", "files_with_words", "search_keys_begun", "is_reached"),
        behind_the_wall("clients_client", seen=of_clients),
        behind_the_wall("clients_coverage", seen=of_coverage),
        migrations.RunSQL(
            [
                f'REVOKE INSERT, UPDATE, DELETE ON clients_coverage FROM "{role}"'
                for role in sorted({settings.APP_ROLE, settings.LOADER_ROLE})
            ],
            migrations.RunSQL.noop,
        ),
        behind_the_wall("clients_interaction", seen=of_client_in_crowds),
        behind_the_wall("clients_clientgrant", seen=of_grants),
        behind_the_wall("clients_household", seen=of_households),
        behind_the_wall("ui_answer", seen=of_answers),
        behind_the_wall(
            "clients_addendum",
            "clients_contactpoint",
            "clients_document",
            "clients_identifier",
            "clients_lifeevent",
            "clients_party",
            "clients_relationship",
            "clients_searchkey",
            "clients_searchname",
            "clients_task",
            "clients_taxresidence",
        ),
    ]
