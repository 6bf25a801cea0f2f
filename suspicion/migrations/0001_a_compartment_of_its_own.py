"""The compartment: its tables, its journal, its figures, and the policies that keep everyone else out of it."""

from datetime import UTC, date, datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Working days. EU AMLR Art. 69 (answer the FIU within 5), Art. 71 (wait 3), Art. 77 (keep 5 years); the others
# are a bank's own. The calendar is that of the FIU's country.
FIGURES = {
    "calendar": "CH-BE",
    "take_up_days": 1,
    "decide_days": 10,
    "file_days": 1,
    "waiting_days": 3,
    "answer_days": 5,
    "urgent_answer_days": 1,
    "warn_days": 2,
    "keep_years": 5,
}
TABLES = ["case", "entry", "filing", "fiurequest", "answer", "event"]
OF_THE_TEAM = ["case", "entry", "filing", "fiurequest", "event"]

JOURNAL = """
CREATE TABLE suspicion_event (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
    row_hash     bytea NOT NULL
);
CREATE FUNCTION suspicion_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
-- The hash is that of the audit: same columns, same arithmetic.
CREATE TRIGGER suspicion_hash BEFORE INSERT ON suspicion_event FOR EACH ROW EXECUTE FUNCTION audit_hash();
CREATE TRIGGER suspicion_append_only BEFORE UPDATE OR DELETE ON suspicion_event
    FOR EACH ROW EXECUTE FUNCTION suspicion_is_append_only();
CREATE TRIGGER suspicion_record_stays BEFORE UPDATE OR DELETE ON suspicion_entry
    FOR EACH ROW EXECUTE FUNCTION suspicion_is_append_only();
CREATE FUNCTION suspicion_filed_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a filed report is fixed';
END $$;
CREATE TRIGGER suspicion_filed_is_fixed BEFORE UPDATE ON suspicion_filing FOR EACH ROW
    WHEN (OLD.filed_on IS NOT NULL AND (OLD.grounds, OLD.wanted, OLD.reference, OLD.filed_on)
        IS DISTINCT FROM (NEW.grounds, NEW.wanted, NEW.reference, NEW.filed_on))
    EXECUTE FUNCTION suspicion_filed_is_fixed();
CREATE TRIGGER suspicion_no_truncate BEFORE TRUNCATE ON suspicion_event
    FOR EACH STATEMENT EXECUTE FUNCTION suspicion_is_append_only();
"""

# Who asks is what ui.carrying.carry_person told PostgreSQL for this transaction; nobody told is nobody.
POLICIES = """
CREATE FUNCTION suspicion_person() RETURNS bigint LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT id FROM staff_user WHERE is_active AND id = CASE
        WHEN current_setting('rmcrm.person', true) ~ '^[0-9]{1,18}$' THEN current_setting('rmcrm.person', true)::bigint
    END
$$;
CREATE FUNCTION suspicion_team() RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM staff_user WHERE id = suspicion_person() AND role = 'mlro')
$$;
CREATE POLICY anyone_hands_over ON suspicion_case FOR INSERT WITH CHECK (
    by_id = (SELECT suspicion_person()) AND state = 'received' AND taken_by_id IS NULL AND access = ''
    AND legal_hold AND client_id IS NOT DISTINCT FROM reported_client_id);
CREATE POLICY anyone_is_recorded ON suspicion_event FOR INSERT WITH CHECK (by_id = (SELECT suspicion_person()));
CREATE POLICY forms_of_ones_own ON suspicion_answer
    USING (person_id = (SELECT suspicion_person())) WITH CHECK (person_id = (SELECT suspicion_person()));
"""


def keep_out(apps, schema_editor):
    """Row-level security for everyone, the owner too; and the application changes only what moves."""
    for table in TABLES:
        schema_editor.execute(f"ALTER TABLE suspicion_{table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE suspicion_{table} FORCE ROW LEVEL SECURITY")
    schema_editor.execute(POLICIES)
    for table in OF_THE_TEAM:
        schema_editor.execute(
            f"CREATE POLICY the_team ON suspicion_{table} "
            "USING ((SELECT suspicion_team())) WITH CHECK ((SELECT suspicion_team()))"
        )
    quote = schema_editor.quote_name
    app, loader = quote(settings.APP_ROLE), quote(settings.LOADER_ROLE)
    if loader != app:
        for table in TABLES:
            schema_editor.execute(f"REVOKE ALL ON suspicion_{table} FROM {loader}")
    # What was handed over, the record and the journal are never changed, and nothing is deleted.
    schema_editor.execute(f"""
        REVOKE UPDATE, DELETE ON suspicion_case, suspicion_entry, suspicion_filing, suspicion_fiurequest,
            suspicion_event FROM {app};
        GRANT UPDATE (client_id, state, due_on, taken_by_id, taken_by_name, taken_at, legal_hold, access,
            pack_version) ON suspicion_case TO {app};
        GRANT UPDATE (grounds, wanted, by_name, reference, filed_on, waiting_until, answer, answered_on,
            pack_version) ON suspicion_filing TO {app};
        GRANT UPDATE (answer, answered_at, answered_by_name) ON suspicion_fiurequest TO {app};
    """)


def add_figures(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="suspicion", version=1, valid_from=date(2000, 1, 1), body=FIGURES, activated_at=datetime(2026, 11, 1, tzinfo=UTC)
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0001_initial"), ("staff", "0001_initial"), ("rulebook", "0002_first_packs")]
    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('verb', models.CharField(max_length=60)),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_login', models.CharField(blank=True, max_length=150)),
                ('by_role', models.CharField(blank=True, max_length=30)),
                ('path', models.CharField(blank=True, max_length=200)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('subject_type', models.CharField(blank=True, max_length=60)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('client_id', models.BigIntegerField(null=True)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('ip', models.GenericIPAddressField(null=True)),
                ('request_id', models.CharField(blank=True, max_length=36)),
                ('payload', models.JSONField(default=dict)),
                ('row_hash', models.BinaryField()),
            ],
            options={
                'db_table': 'suspicion_event',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField()),
                ('key', models.CharField(max_length=100)),
                ('body_hash', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(default=0)),
                ('location', models.CharField(blank=True, max_length=500)),
                ('body', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person_id', 'key'), name='a_key_is_answered_once_in_the_compartment')],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_id', models.BigIntegerField()),
                ('by_name', models.CharField(max_length=200)),
                ('by_role', models.CharField(max_length=30)),
                ('reported_client_id', models.BigIntegerField(null=True)),
                ('subject', models.CharField(max_length=300)),
                ('ground', models.CharField(choices=[('payments', 'Payments or cash that do not fit'), ('origin', 'Where the money comes from'), ('papers', 'Documents or identity'), ('owners', 'Who is really behind it'), ('conduct', 'How the client behaves'), ('sanctions', 'Sanctions or terrorism'), ('other', 'Something else')], max_length=20)),
                ('what', models.TextField()),
                ('noticed_on', models.DateField(null=True)),
                ('amount', models.CharField(blank=True, max_length=100)),
                ('knows', models.CharField(choices=[('no', 'No'), ('perhaps', 'Perhaps'), ('yes', 'Yes')], default='no', max_length=10)),
                ('client_id', models.BigIntegerField(db_index=True, null=True)),
                ('state', models.CharField(choices=[('received', 'To take up'), ('assessing', 'Assessing'), ('reporting', 'To report'), ('reported', 'Reported'), ('closed', 'Closed')], default='received', max_length=12)),
                ('due_on', models.DateField()),
                ('taken_by_id', models.BigIntegerField(null=True)),
                ('taken_by_name', models.CharField(blank=True, max_length=200)),
                ('taken_at', models.DateTimeField(null=True)),
                ('legal_hold', models.BooleanField(default=True)),
                ('access', models.CharField(blank=True, choices=[('', 'Not asked for'), ('withhold', 'Withhold'), ('disclose', 'Disclose')], max_length=10)),
                ('pack_version', models.PositiveSmallIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'due_on', 'id'], name='suspicion_queue')],
                'constraints': [models.UniqueConstraint(fields=('by_id', 'key'), name='a_suspicion_is_handed_over_once'), models.CheckConstraint(condition=models.Q(('state__in', ['received', 'assessing', 'reporting', 'reported', 'closed'])), name='a_suspicion_has_a_known_state'), models.CheckConstraint(condition=models.Q(('state', 'received'), ('taken_by_id__isnull', False), _connector='OR'), name='a_suspicion_is_worked_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('what', ''), _negated=True), models.Q(('subject', ''), _negated=True)), name='a_suspicion_says_of_whom_and_what')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('taken', 'Taken up'), ('note', 'Note'), ('client', 'Client found'), ('decision', 'Decision'), ('filed', 'Filed'), ('heard', 'The FIU'), ('hold', 'Legal hold'), ('access', 'Access request')], max_length=10)),
                ('value', models.CharField(blank=True, max_length=60)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_id', models.BigIntegerField()),
                ('by_name', models.CharField(max_length=200)),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='suspicion.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'at'], name='suspicion_record')],
            },
        ),
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grounds', models.TextField(blank=True)),
                ('wanted', models.TextField(blank=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_name', models.CharField(max_length=200)),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('filed_on', models.DateField(null=True)),
                ('waiting_until', models.DateField(null=True)),
                ('answer', models.CharField(blank=True, choices=[('', 'Waiting'), ('consent', 'May go on'), ('refused', 'Must not go on'), ('silent', 'Nothing within the waiting period')], max_length=10)),
                ('answered_on', models.DateField(null=True)),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='suspicion.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('filed_on__isnull', True)), fields=('case',), name='a_case_has_one_draft_report'), models.CheckConstraint(condition=models.Q(('filed_on__isnull', True), models.Q(('reference', ''), _negated=True), _connector='OR'), name='a_filed_report_has_a_reference'), models.CheckConstraint(condition=models.Q(('answered_on__isnull', True), ('answered_on__gte', models.F('filed_on')), _connector='OR'), name='the_fiu_answers_after_the_report')],
            },
        ),
        migrations.CreateModel(
            name='FiuRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=300)),
                ('asked', models.TextField()),
                ('received_on', models.DateField()),
                ('urgent', models.BooleanField(default=False)),
                ('due_on', models.DateField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_name', models.CharField(max_length=200)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by_name', models.CharField(blank=True, max_length=200)),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='suspicion.case')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='an_answer_to_the_fiu_has_words')],
            },
        ),
        migrations.RunSQL(JOURNAL, migrations.RunSQL.noop),
        migrations.RunPython(keep_out, migrations.RunPython.noop),
        migrations.RunPython(add_figures, migrations.RunPython.noop),
    ]
