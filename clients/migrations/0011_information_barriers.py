import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Q

from clients.wall import OF_THE_MARK, BehindBarriers, behind_the_wall, carried, for_the_application, inside

# What the policies ask. As with the books, what is not carried finds nothing: then a barrier is closed.
ASKED = f"""
CREATE FUNCTION stands_before_no_barrier() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('rmcrm.before', true) = 'none';
CREATE FUNCTION is_open_to(client bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE COST 50 BEGIN ATOMIC
    SELECT NOT EXISTS (SELECT FROM clients_coverage WHERE client_id = client
                       AND barrier_id IS NOT NULL AND NOT {inside()});
END;
-- Who manages barriers, whatever stands behind them; and the shifts, before whom no barrier stands.
CREATE FUNCTION manages_barriers() RETURNS boolean LANGUAGE sql STABLE
RETURN coalesce(current_setting('rmcrm.barriers', true) = 'all', false) OR EXISTS (
    SELECT FROM staff_user WHERE id::text = current_setting('rmcrm.person', true)
    AND is_active AND role IN ('compliance', 'mlro'));
"""
NOT_ASKED = "DROP FUNCTION manages_barriers, is_open_to, stands_before_no_barrier"

# The mark on the client and on its coverage: one transaction with the row that sets it. It waits for whoever
# writes below the file, as a handover does, and who waits for it finds the file gone.
MARK_COLUMN = "ALTER TABLE clients_coverage ADD COLUMN barrier_id bigint"
NO_MARK_COLUMN = "ALTER TABLE clients_coverage DROP COLUMN barrier_id"
MARK = f"""
CREATE FUNCTION clients_mark_barrier() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    marked bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.client_id ELSE NEW.client_id END;
BEGIN
    PERFORM FROM clients_client WHERE id = marked FOR UPDATE;
    UPDATE clients_client SET barrier_id = (
        SELECT barrier_id FROM clients_barrierfile WHERE client_id = marked AND upper_inf(during))
    WHERE id = marked;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION clients_mark_barrier FROM PUBLIC;
CREATE TRIGGER barrier_marked AFTER INSERT OR UPDATE OR DELETE ON clients_barrierfile
    FOR EACH ROW EXECUTE FUNCTION clients_mark_barrier();
CREATE FUNCTION clients_barrier_is_marked_by_its_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> (SELECT relowner::regrole::text FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'which barrier client % stands behind is said by clients_barrierfile', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER barrier_stays BEFORE UPDATE OF barrier_id ON clients_client FOR EACH ROW
    WHEN (OLD.barrier_id IS DISTINCT FROM NEW.barrier_id)
    EXECUTE FUNCTION clients_barrier_is_marked_by_its_files();

CREATE OR REPLACE FUNCTION clients_cover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO clients_coverage SELECT id, book_id, barrier_id FROM fresh;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE clients_coverage cover SET book_id = NEW.book_id, barrier_id = NEW.barrier_id
        WHERE cover.client_id = NEW.id;
    ELSE
        DELETE FROM clients_coverage cover USING gone WHERE cover.client_id = gone.id;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER client_moved ON clients_client;
CREATE TRIGGER client_moved AFTER UPDATE OF book_id, barrier_id ON clients_client FOR EACH ROW
    WHEN ((OLD.book_id, OLD.barrier_id) IS DISTINCT FROM (NEW.book_id, NEW.barrier_id))
    EXECUTE FUNCTION clients_cover();
-- Of a file behind a barrier the book tells its insiders alone: also to who began before it came into force.
CREATE OR REPLACE FUNCTION is_reached(client bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE COST 50 BEGIN ATOMIC
    SELECT coalesce({carried('rmcrm.clients', 'client')}, false) OR EXISTS (
        SELECT FROM clients_coverage WHERE client_id = client AND {carried('rmcrm.books', 'book_id')}
        AND ({OF_THE_MARK}));
END;
"""
NO_MARK = f"""
CREATE OR REPLACE FUNCTION is_reached(client bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE COST 50 BEGIN ATOMIC
    SELECT coalesce({carried('rmcrm.clients', 'client')}, false) OR EXISTS (
        SELECT FROM clients_coverage WHERE client_id = client AND {carried('rmcrm.books', 'book_id')});
END;
DROP TRIGGER client_moved ON clients_client;
CREATE TRIGGER client_moved AFTER UPDATE OF book_id ON clients_client FOR EACH ROW
    WHEN (OLD.book_id IS DISTINCT FROM NEW.book_id) EXECUTE FUNCTION clients_cover();
CREATE OR REPLACE FUNCTION clients_cover() RETURNS trigger
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
DROP TRIGGER barrier_stays ON clients_client;
DROP TRIGGER barrier_marked ON clients_barrierfile;
DROP FUNCTION clients_barrier_is_marked_by_its_files, clients_mark_barrier;
"""

# For the first wall, which cannot see what it is to leave out: the files behind a barrier of which this person is
# no insider, of everybody or of these books and clients. At any instant, by the dated rows and not by the mark.
WALLED_OFF = """
CREATE FUNCTION walled_off(person bigint, at timestamptz, books bigint[] DEFAULT NULL, lent bigint[] DEFAULT '{}')
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 100 AS $$
BEGIN
    IF EXISTS (SELECT FROM clients_barrierfile) THEN  -- a bank without barriers pays for this question alone
        RETURN QUERY SELECT file.client_id FROM clients_barrierfile file
        WHERE file.during @> at
        AND (books IS NULL OR file.client_id = ANY (lent) OR (
            SELECT client.book_id = ANY (books) FROM clients_client client WHERE client.id = file.client_id))
        AND NOT EXISTS (SELECT FROM clients_barrierinsider insider WHERE insider.barrier_id = file.barrier_id
                        AND insider.user_id = person AND insider.during @> at);
    END IF;
END $$;
"""

# What is carried now also says of which barriers the person is an insider ("all" of a shift), and whether any other
# barrier stands before what the person reaches. One that is only proposed says so too: when it comes into force, all
# who are under way ask of each row already.
CARRYING = r"""
CREATE OR REPLACE FUNCTION reach_of_role(role text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN role IN ('rm', 'assistant', 'specialist') THEN 'books'
    WHEN role IN ('team_lead', 'regional_head') THEN 'team'
    WHEN role IN ('compliance', 'mlro', 'auditor', 'night_shift', 'command_line', 'whole_bank') THEN 'all'
    ELSE 'none'
END;
CREATE OR REPLACE FUNCTION carry_person(person bigint, shift text, at timestamptz, whole boolean DEFAULT true)
RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before text[] := carried();
    kind text := 'none';
    own_team bigint;
    books bigint[] := '{}';
    lent bigint[] := '{}';
    inside bigint[] := '{}';
    outside boolean := false;
BEGIN
    IF person IS NOT NULL THEN
        SELECT reach_of_role(role), team_id INTO kind, own_team FROM staff_user WHERE id = person AND is_active;
    ELSIF shift IN ('night_shift', 'command_line', 'whole_bank') THEN
        kind := reach_of_role(shift);
    END IF;
    IF kind IN ('books', 'team') THEN
        SELECT array_agg(book_id) INTO books FROM staff_bookmember WHERE user_id = person AND during @> at;
        SELECT array_agg(content_object_id) INTO lent
        FROM clients_clientgrant WHERE user_id = person AND starts_at <= at AND (ends_at > at) IS NOT FALSE;
    END IF;
    IF kind = 'team' AND own_team IS NOT NULL THEN
        WITH RECURSIVE below AS (
            SELECT own_team AS id
            UNION SELECT child.id FROM staff_team child JOIN below ON child.parent_id = below.id
        )
        SELECT books || array_agg(book.id) INTO books FROM staff_book book JOIN below ON book.team_id = below.id;
    END IF;
    IF person IS NOT NULL THEN
        SELECT coalesce(array_agg(barrier_id), '{}') INTO inside
        FROM clients_barrierinsider WHERE user_id = person AND during @> at;
    END IF;
    IF kind = 'all' THEN
        outside := shift = 'whole_bank' AND person IS NULL OR person IS NOT NULL AND EXISTS (
            SELECT FROM clients_barrier WHERE lifted_at IS NULL AND id <> ALL (inside));
    ELSIF kind IN ('books', 'team') THEN
        outside := EXISTS (SELECT FROM clients_client WHERE barrier_id IS NOT NULL AND book_id = ANY (books)
                           AND barrier_id <> ALL (inside))
            OR EXISTS (SELECT FROM clients_client WHERE barrier_id IS NOT NULL AND id = ANY (lent)
                       AND barrier_id <> ALL (inside));
    END IF;
    outside := outside OR person IS NOT NULL AND EXISTS (
        SELECT FROM clients_barrierproposal WHERE state = 'waiting' AND files_in <> '{}');
    PERFORM put_back(ARRAY[coalesce(person::text, ''), CASE WHEN person IS NULL THEN shift ELSE '' END,
                           CASE WHEN kind = 'all' THEN 'all' ELSE '' END, as_carried(books), as_carried(lent),
                           CASE WHEN person IS NULL AND shift IN ('night_shift', 'command_line') THEN 'all'
                                ELSE as_carried(inside) END,
                           CASE WHEN outside OR kind = 'none' THEN '' ELSE 'none' END], whole);
    RETURN before;
END $$;
CREATE FUNCTION as_carried(ids bigint[]) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN cardinality(ids) > 0 THEN ',' || array_to_string(ids, ',') || ',' ELSE '' END;
CREATE OR REPLACE FUNCTION carried() RETURNS text[] LANGUAGE sql STABLE
RETURN ARRAY[current_setting('rmcrm.person', true), current_setting('rmcrm.shift', true),
             current_setting('rmcrm.reach', true), current_setting('rmcrm.books', true),
             current_setting('rmcrm.clients', true), current_setting('rmcrm.barriers', true),
             current_setting('rmcrm.before', true)];
CREATE OR REPLACE FUNCTION put_back(what text[], whole boolean DEFAULT true) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('rmcrm.person', coalesce(what[1], ''), whole),
            set_config('rmcrm.shift', coalesce(what[2], ''), whole),
            set_config('rmcrm.reach', coalesce(what[3], ''), whole),
            set_config('rmcrm.books', coalesce(what[4], ''), whole),
            set_config('rmcrm.clients', coalesce(what[5], ''), whole),
            set_config('rmcrm.barriers', coalesce(what[6], ''), whole),
            set_config('rmcrm.before', coalesce(what[7], ''), whole);
END $$;
"""

# Searches by the owner's rights leave out what is walled off themselves: after a limit it would be missing.
SEARCHING = r"""
CREATE OR REPLACE FUNCTION carried_condition() RETURNS text LANGUAGE sql STABLE
RETURN concat(
    CASE WHEN sees_every_book() THEN 'true' ELSE format(
        '(c.book_id = ANY (%L::bigint[])%s)', carried_ids('rmcrm.books'),
        CASE WHEN carried_ids('rmcrm.clients') = '{}' THEN ''
             ELSE format(' OR c.id = ANY (%L::bigint[])', carried_ids('rmcrm.clients')) END) END,
    CASE WHEN coalesce(current_setting('rmcrm.barriers', true), '') <> 'all' THEN format(
        ' AND (c.barrier_id IS NULL OR c.barrier_id = ANY (%L::bigint[]))', carried_ids('rmcrm.barriers')) END);
-- Nothing to ask of the client: then a search need not look there.
CREATE FUNCTION carries_the_whole_bank() RETURNS boolean LANGUAGE sql STABLE
RETURN sees_every_book() AND stands_before_no_barrier();

CREATE OR REPLACE FUNCTION files_with_words(meant jsonb, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200 AS $$
DECLARE
    wanted text := CASE WHEN carries_the_whole_bank() THEN 'true' ELSE carried_condition() END;
    words jsonb;
BEGIN
    FOR words IN SELECT jsonb_array_elements(meant) LOOP
        wanted := wanted || format(' AND s.words && %L::text[]', ARRAY(SELECT jsonb_array_elements_text(words)));
    END LOOP;
    RETURN QUERY EXECUTE format(CASE WHEN carries_the_whole_bank()
        THEN 'SELECT s.client_id FROM clients_searchname s WHERE %s LIMIT %L'
        ELSE 'SELECT s.client_id FROM clients_searchname s JOIN clients_client c ON c.id = s.client_id WHERE %s LIMIT %L'
        END, wanted, most);
END $$;

CREATE OR REPLACE FUNCTION search_keys_begun(begins text[], most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200 AS $$
DECLARE
    begun text := (SELECT string_agg(format('k.key LIKE %L', regexp_replace(each, '([\\%_])', '\\\1', 'g') || '%'), ' OR ')
                   FROM unnest(begins) AS each);
BEGIN
    RETURN QUERY EXECUTE format(CASE WHEN carries_the_whole_bank()
        THEN 'SELECT k.id FROM clients_searchkey k WHERE true AND (%2$s) LIMIT %3$L'
        ELSE 'SELECT k.id FROM clients_searchkey k JOIN clients_client c ON c.id = k.client_id WHERE %1$s AND (%2$s) LIMIT %3$L'
        END, carried_condition(), coalesce(begun, 'false'), most);
END $$;
"""


def of_managers(table):
    return "manages_barriers()"


def of_managers_and_insiders(table):
    return f"manages_barriers() OR {inside('id')}"


def of_managers_and_oneself(table):
    return "manages_barriers() OR user_id::text = current_setting('rmcrm.person', true)"


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0010_the_second_wall"),
        ("staff", "0002_who_comes_in"),
    ]
    operations = [
        migrations.CreateModel(
            name="Barrier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("reason", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.AddField(
            model_name="client",
            name="barrier",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="clients.barrier",
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                condition=models.Q(("barrier__isnull", False)),
                fields=["book", "id"],
                include=("barrier",),
                name="client_behind_barrier",
            ),
        ),
        migrations.CreateModel(
            name="BarrierFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "barrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="clients.barrier"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clients.client",
                    ),
                ),
                ("number", models.CharField(max_length=30)),
            ],
            options={
                "constraints": [
                    ExclusionConstraint(
                        expressions=[(F("client"), "="), (F("during"), "&&")],
                        name="a_file_stands_behind_one_barrier_at_a_time",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="BarrierInsider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "barrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="insiders", to="clients.barrier"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    ExclusionConstraint(
                        expressions=[(F("barrier"), "="), (F("user"), "="), (F("during"), "&&")],
                        name="an_insider_is_named_once_at_a_time",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="BarrierProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("raise", "New barrier"), ("change", "Change"), ("lift", "Lift the barrier")], max_length=10)),
                ("name", models.CharField(blank=True, max_length=100)),
                ("people_in", ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ("people_out", ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ("files_in", ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ("files_out", ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ("reason", models.CharField(max_length=300)),
                ("fingerprint", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("state", models.CharField(choices=[("waiting", "Waiting for a second person"), ("confirmed", "Confirmed"), ("refused", "Refused"), ("withdrawn", "Withdrawn"), ("fallen", "Fallen: what it was about has changed")], default="waiting", max_length=10)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "barrier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="clients.barrier",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=Q(("state", "waiting")), fields=["asked_at"], name="barrier_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            Q(("state__in", ["confirmed", "refused"]), _negated=True),
                            Q(("decided_by", F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="who_asks_for_a_barrier_does_not_decide",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("state__in", ["confirmed", "refused"]), _negated=True),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="a_barrier_is_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=Q(("kind", "raise"), ("barrier__isnull", False), _connector="OR"),
                        name="a_change_is_of_a_barrier",
                    ),
                    models.CheckConstraint(
                        condition=Q(("reason", ""), _negated=True), name="a_barrier_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.RunSQL(MARK_COLUMN, NO_MARK_COLUMN),
        migrations.RunSQL(ASKED, NOT_ASKED),
        migrations.RunSQL(MARK, NO_MARK),
        migrations.RunSQL(WALLED_OFF, "DROP FUNCTION walled_off"),
        migrations.RunSQL(CARRYING, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCHING, migrations.RunSQL.noop),
        for_the_application("is_open_to", "walled_off", "is_reached"),
        BehindBarriers(clients_client=OF_THE_MARK, clients_coverage=OF_THE_MARK),
        behind_the_wall("clients_barrier", seen=of_managers_and_insiders),
        behind_the_wall("clients_barrierinsider", seen=of_managers_and_oneself),
        behind_the_wall("clients_barrierfile", "clients_barrierproposal", seen=of_managers, barriers=False),
    ]
