"""Holds, what two people had deleted, and the function that deletes a whole file: of the owner, and it looks itself."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import staff.models
from clients.wall import behind_the_wall, for_the_application

# Where rows of a client stand, asked of the catalogue, so that a new table is among them by itself: what is behind the
# second wall with a client's number, what points at a client, and what points at one of those and has no number of its
# own. The list of deletions alone stays.
TABLES = """
CREATE FUNCTION tables_of_a_client() RETURNS TABLE (name text, mine text, number integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH pointing AS (
        SELECT conrelid AS child, child.attname AS by, confrelid AS parent, parent.attname AS at
        FROM pg_constraint
        JOIN pg_attribute child ON child.attrelid = conrelid AND child.attnum = conkey[1]
        JOIN pg_attribute parent ON parent.attrelid = confrelid AND parent.attnum = confkey[1]
        WHERE contype = 'f' AND cardinality(conkey) = 1
    ), found AS (
        SELECT 'clients_client'::regclass::oid AS which, 'id'::name AS by
        UNION SELECT child, by FROM pointing WHERE parent = 'clients_client'::regclass
        UNION SELECT attrelid, attname FROM pg_attribute JOIN pg_policy ON polrelid = attrelid
        WHERE polname = 'within_reach' AND attname IN ('client_id', 'content_object_id') AND NOT attisdropped
    ), bound AS (
        SELECT which, string_agg(format('%I = $1', by), ' OR ' ORDER BY by) AS mine FROM found
        WHERE which <> 'compliance_filedeletion'::regclass GROUP BY which
    ), below AS (
        SELECT child AS which,
               string_agg(format('%I IN (SELECT %I FROM %s WHERE %s)', by, at, parent::regclass, mine), ' OR ') AS mine
        FROM pointing JOIN bound ON bound.which = parent
        WHERE child NOT IN (SELECT which FROM bound) AND child <> 'compliance_filedeletion'::regclass
        GROUP BY child
    )
    SELECT which::regclass::text, mine, 0 FROM below
    UNION ALL SELECT which::regclass::text, mine, 1 FROM bound ORDER BY 3, 1;
$$;
CREATE FUNCTION rows_of_client(client bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part record;
    many bigint;
    told jsonb := '{}';
BEGIN
    FOR part IN SELECT * FROM tables_of_a_client() LOOP
        EXECUTE format('SELECT count(*) FROM %s WHERE %s', part.name, part.mine) INTO many USING client;
        IF many > 0 THEN
            told := told || jsonb_build_object(part.name, many);
        END IF;
    END LOOP;
    RETURN told;
END $$;
REVOKE ALL ON FUNCTION rows_of_client FROM PUBLIC;
CREATE FUNCTION count_client_file(client bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN current_setting('rmcrm.reach', true) = 'all' AND is_open_to(client)
           THEN rows_of_client(client) ELSE '{}' END;
$$;
"""
# Whole or not at all. Every foreign key waits for the end, so the tables go in any order; twice, for triggers write
# down how it stood while it goes (ADR 21). The five years of the law are held here, whatever the figures say.
DELETING = """
CREATE FUNCTION delete_client_file(which bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    it compliance_filedeletion;
    part record;
    told jsonb;
    home bigint;
    names text[];
    parties bigint[];
BEGIN
    SELECT * INTO it FROM compliance_filedeletion WHERE id = which FOR UPDATE;
    IF it.id IS NULL OR it.state <> 'confirmed' OR it.done_at IS NOT NULL
       OR it.decided_by_id IS NULL OR it.decided_by_id = it.asked_by_id THEN
        RAISE EXCEPTION 'deletion % is not confirmed', which;
    END IF;
    SELECT household_id INTO home FROM clients_client
    WHERE id = it.client_id AND state = 'closed' AND closed_on <= current_date - interval '5 years' FOR UPDATE;
    IF NOT FOUND OR EXISTS (
        SELECT FROM portfolios_account WHERE client_id = it.client_id
        AND coalesce(closed_on, current_date) > current_date - interval '5 years'
    ) OR EXISTS (
        SELECT FROM compliance_legalhold WHERE client_id = it.client_id AND lifted_at IS NULL
        AND coalesce(until_on, current_date) >= current_date
    ) THEN
        RAISE EXCEPTION 'the file of client % is still kept', it.client_id;
    END IF;
    SELECT words INTO names FROM clients_searchname WHERE client_id = it.client_id;
    SELECT array_agg(id) INTO parties FROM clients_party WHERE client_id = it.client_id;
    DELETE FROM onboarding_importproblem problem USING onboarding_importedclient imported
    WHERE imported.client_id = it.client_id AND problem.of_id = imported.of_id AND problem.line = imported.line;
    told := rows_of_client(it.client_id);
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM set_config('rmcrm.deleting', it.client_id::text, true);
    FOR turn IN 1..2 LOOP
        FOR part IN SELECT * FROM tables_of_a_client() LOOP
            EXECUTE format('DELETE FROM %s WHERE %s', part.name, part.mine) USING it.client_id;
        END LOOP;
    END LOOP;
    PERFORM set_config('rmcrm.deleting', '', true);
    -- What is tied to no file, and is nobody's any more: a household, words of the search, what waits to be compared.
    DELETE FROM clients_household WHERE id = home
    AND NOT EXISTS (SELECT FROM clients_client WHERE household_id = home);
    DELETE FROM clients_searchword gone WHERE gone.word = ANY (names)
    AND NOT EXISTS (SELECT FROM clients_searchname other WHERE other.words @> ARRAY[gone.word]);
    DELETE FROM compliance_partytoscreen WHERE party_id = ANY (parties);
    SET CONSTRAINTS ALL IMMEDIATE;  -- what would hang in the air is found here, and nothing has happened
    SET CONSTRAINTS ALL DEFERRED;
    IF rows_of_client(it.client_id) <> '{}' THEN
        RAISE EXCEPTION 'of client % there is left: %', it.client_id, rows_of_client(it.client_id);
    END IF;
    RETURN told;
END $$;
-- What two people had deleted is told for ever.
CREATE FUNCTION compliance_deletion_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.done_at IS NOT NULL THEN
        RAISE EXCEPTION 'deletion % is told for ever', OLD.id;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER deletion_stays BEFORE UPDATE OR DELETE ON compliance_filedeletion
    FOR EACH ROW EXECUTE FUNCTION compliance_deletion_stays();
CREATE OR REPLACE FUNCTION compliance_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND is_being_deleted(OLD.client_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a step of a review is neither changed nor removed';
END $$;
"""
NO_DELETING = """
DROP TRIGGER deletion_stays ON compliance_filedeletion;
DROP FUNCTION compliance_deletion_stays, delete_client_file, count_client_file, rows_of_client, tables_of_a_client;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0021_a_closed_file_says_since_when'),
        ('compliance', '0019_kyc_files_are_not_found_by_who_wrote_them'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('legal', 'Legal hold'), ('authority', 'Longer for an authority')], max_length=10)),
                ('reason', models.CharField(max_length=300)),
                ('until_on', models.DateField(null=True)),
                ('set_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='legal_holds', to='clients.client')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='HoldLift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('fingerprint', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until_on', models.DateField(default=staff.models.last_day_to_confirm)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second person'), ('confirmed', 'Confirmed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('fallen', 'Fallen: what it was about has changed'), ('expired', 'Void: nobody confirmed it in time')], default='waiting', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hold_lifts', to='clients.client')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lifts', to='compliance.legalhold')),
            ],
        ),
        migrations.CreateModel(
            name='FileDeletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('fingerprint', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until_on', models.DateField(default=staff.models.last_day_to_confirm)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second person'), ('confirmed', 'Confirmed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('fallen', 'Fallen: what it was about has changed'), ('expired', 'Void: nobody confirmed it in time')], default='waiting', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('ended_on', models.DateField()),
                ('kept_until', models.DateField()),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('done_at', models.DateTimeField(null=True)),
                ('gone', models.JSONField(default=dict)),
                ('files', models.PositiveIntegerField(default=0)),
                ('certificate', models.CharField(blank=True, max_length=64)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='deletions', to='clients.client')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('certificate', ''), _negated=True), fields=['-done_at', '-id'], name='deletion_done')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'refused']), _negated=True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='who_asks_for_a_deletion_does_not_decide'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'refused']), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='a_deletion_is_decided_by_somebody'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_deletion_has_a_reason'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('client',), name='one_deletion_of_a_file_waits'), models.CheckConstraint(condition=models.Q(models.Q(('certificate', ''), ('done_at__isnull', True)), models.Q(('done_at__isnull', False), ('state', 'confirmed'), models.Q(('certificate', ''), _negated=True)), _connector='OR'), name='a_file_is_deleted_when_two_have_said_so')],
            },
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_hold_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'legal'), ('until_on__isnull', True)), models.Q(('kind', 'authority'), ('until_on__isnull', False)), _connector='OR'), name='an_authority_says_until_when'),
        ),
        migrations.AddConstraint(
            model_name='holdlift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'refused']), _negated=True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='who_asks_for_a_lift_does_not_decide'),
        ),
        migrations.AddConstraint(
            model_name='holdlift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'refused']), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='a_lift_is_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='holdlift',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_lift_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='holdlift',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('hold',), name='one_lift_of_a_hold_waits'),
        ),
        behind_the_wall('compliance_legalhold', 'compliance_holdlift', 'compliance_filedeletion'),
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(DELETING, NO_DELETING),
        for_the_application('tables_of_a_client', 'count_client_file', 'delete_client_file'),
    ]
