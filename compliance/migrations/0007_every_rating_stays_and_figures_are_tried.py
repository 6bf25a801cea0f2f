"""Every rating stays, offices and adverse notes are kept, drafts are tried; the figures for it: pack "kyc"."""

from datetime import UTC, date, datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RATING = {
    "weights": {"customer": 100, "product": 100, "channel": 100, "geography": 100, "screening": 100},  # percent
    "floors": ["pep", "high_risk_country", "sanctions_match", "opaque_ownership"],
    "eu_high_risk": 20,
    "kind": {"person": 0, "organisation": 8},
    "source_of_funds": {
        "salary": 0, "pension": 0, "savings": 0, "business_income": 8, "cash_business": 18, "sale_of_property": 4,
        "inheritance": 4, "gift": 14, "crypto": 22, "other": 14,
    },
    "purpose": {
        "daily_banking": 0, "savings": 0, "wealth": 4, "credit": 0, "business": 8, "cross_border": 14, "other": 10,
    },
    "product": {
        "current": 0, "savings": 0, "deposit": 0, "card": 0, "mortgage": 0, "loan": 2, "fund": 0, "share": 0,
        "bond": 0, "structured": 0, "mandate": 0, "pension": 0, "insurance": 0, "payments": 6, "trade_finance": 14,
        "fx": 8,
    },
    "channel": {"in_person": 0, "video": 4, "remote": 10, "introducer": 12},
    "adverse": {"low": 6, "medium": 16, "high": 30},
}
# Delegated Regulation (EU) 2016/1675 as amended in June 2025.
EU_HIGH_RISK = [
    "AF", "AO", "BF", "CD", "CI", "CM", "DZ", "HT", "IR", "KE", "KP", "LA", "LB", "MC", "ML", "MM", "MZ", "NA", "NG",
    "NP", "SS", "SY", "TT", "TZ", "VE", "VN", "VU", "YE", "ZA",
]
FIGURES = {
    "eu_high_risk": EU_HIGH_RISK,
    "country_sources": {
        "high_risk_countries": "FATF, jurisdictions subject to a call for action, 19 June 2026.",
        "increased_monitoring": "FATF, jurisdictions under increased monitoring, 19 June 2026.",
        "eu_high_risk": "Delegated Regulation (EU) 2016/1675 as amended in June 2025: look for later amendments.",
    },
    "pep_tail_months": 12,  # EU AMLR Art. 45
    "override_max_days": 365,
    "override_warn_days": 14,
    "triggers": {
        "owner_change": 30, "new_pep": 14, "hit_confirmed": 14, "adverse_information": 14, "country_listed": 30,
        "facts_changed": 60, "rating_raised": 30, "officer": 30,
    },
    "edd": {
        "high": ["funds_evidence", "senior_approval", "monitoring"],
        "pep": ["wealth_evidence", "funds_evidence", "senior_approval", "monitoring"],
    },
    "edd_valid_days": {"wealth_evidence": 365, "funds_evidence": 365, "senior_approval": 365, "monitoring": 90},
}


def add(apps, schema_editor):
    """The next version: other figures of the newest one stay as they are."""
    pack = apps.get_model("rulebook", "RulePack")
    newest = pack.objects.filter(name="kyc").order_by("-version").first()
    body = newest.body | FIGURES | {"rating": newest.body["rating"] | RATING}
    pack.objects.create(
        name="kyc", version=newest.version + 1, valid_from=date(2000, 1, 1), body=body,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('rulebook', '0004_a_pack_is_drafted_tried_and_withdrawn'),
        ('clients', '0003_clients_are_filtered_by_stage'),
        ('compliance', '0006_decisions_hold_while_facts_do'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='kycfile',
            name='channel',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.CreateModel(
            name='DryRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pack_id', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('on', models.DateField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('judged', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('moved', models.PositiveIntegerField(default=0)),
                ('overdue', models.PositiveIntegerField(default=0)),
                ('ways', models.JSONField(default=dict)),
                ('books', models.JSONField(default=dict)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DryRunRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('after', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('points', models.DecimalField(decimal_places=2, max_digits=8)),
                ('due_before', models.DateField()),
                ('due_after', models.DateField()),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.client')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='compliance.dryrun')),
            ],
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('done_on', models.DateField()),
                ('note', models.CharField(max_length=300)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='clients.client')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.document')),
            ],
        ),
        migrations.CreateModel(
            name='PepRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('capacity', models.CharField(choices=[('holder', 'Holds or held the office'), ('family', 'Family of the holder'), ('associate', 'Close associate of the holder')], default='holder', max_length=10)),
                ('holder', models.CharField(blank=True, max_length=200)),
                ('function', models.CharField(choices=[('head', 'Head of state or government, minister'), ('parliament', 'Member of parliament'), ('party', 'Leader of a political party'), ('court', 'Judge of a supreme court'), ('bank', 'Board of a central bank or court of auditors'), ('ambassador', 'Ambassador or high-ranking officer'), ('state_company', 'Management of a state-owned company'), ('international', 'Head of an international organisation'), ('regional', 'Head of a region or a large city'), ('other', 'Another high public office')], max_length=20)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('country', models.CharField(max_length=2)),
                ('level', models.CharField(choices=[('national', 'National'), ('regional', 'Regional'), ('foreign', 'Foreign'), ('international', 'International')], max_length=15)),
                ('since_on', models.DateField(blank=True, null=True)),
                ('until_on', models.DateField(blank=True, null=True)),
                ('source', models.CharField(max_length=300)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('lapsed_on', models.DateField(blank=True, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pep_roles', to='clients.client')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pep_roles', to='clients.party')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RatingOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('computed', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('upward', models.BooleanField()),
                ('reason', models.CharField(max_length=300)),
                ('until_on', models.DateField()),
                ('state', models.CharField(choices=[('waiting', 'Waits for a second officer'), ('in_force', 'In force'), ('refused', 'Refused'), ('ended', 'Ended')], default='waiting', max_length=10)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.CharField(blank=True, max_length=12)),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rating_overrides', to='clients.client')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RatingRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('cause', models.CharField(max_length=20)),
                ('level', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('computed', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('by_sum', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('floor', models.CharField(blank=True, max_length=10)),
                ('points', models.DecimalField(decimal_places=2, max_digits=8)),
                ('factors', models.JSONField(default=list)),
                ('bands', models.JSONField(default=dict)),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='clients.client')),
                ('override', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.ratingoverride')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewTrigger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('occurrence', models.CharField(max_length=60)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('due_on', models.DateField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_triggers', to='clients.client')),
            ],
        ),
        migrations.CreateModel(
            name='AdverseNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('severity', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('source', models.CharField(max_length=300)),
                ('source_on', models.DateField()),
                ('text', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_reason', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adverse_notes', to='clients.client')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adverse_notes', to='clients.party')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['client'], name='adverse_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='adverse_information_has_a_source_and_a_text'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('closed_reason', ''), _negated=True), _connector='OR'), name='adverse_information_is_closed_for_a_reason')],
            },
        ),
        migrations.AddIndex(
            model_name='dryrun',
            index=models.Index(fields=['pack_id', '-id'], name='dry_run_pack'),
        ),
        migrations.AddConstraint(
            model_name='dryrunrow',
            constraint=models.UniqueConstraint(fields=('run', 'client'), name='a_dry_run_lists_a_client_once'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='a_measure_says_what_was_done'),
        ),
        migrations.AddIndex(
            model_name='peprole',
            index=models.Index(condition=models.Q(('lapsed_on__isnull', True), ('until_on__isnull', False)), fields=['until_on'], name='pep_role_in_its_tail'),
        ),
        migrations.AddConstraint(
            model_name='peprole',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='a_pep_role_names_its_source'),
        ),
        migrations.AddConstraint(
            model_name='peprole',
            constraint=models.CheckConstraint(condition=models.Q(('since_on__isnull', True), ('until_on__isnull', True), ('until_on__gte', models.F('since_on')), _connector='OR'), name='an_office_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='peprole',
            constraint=models.CheckConstraint(condition=models.Q(('capacity', 'holder'), models.Q(('holder', ''), _negated=True), _connector='OR'), name='a_relative_of_a_pep_names_the_pep'),
        ),
        migrations.AddIndex(
            model_name='ratingoverride',
            index=models.Index(condition=models.Q(('state', 'in_force')), fields=['until_on'], name='override_in_force'),
        ),
        migrations.AddConstraint(
            model_name='ratingoverride',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='an_override_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='ratingoverride',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='who_asks_does_not_decide_an_override'),
        ),
        migrations.AddConstraint(
            model_name='ratingoverride',
            constraint=models.CheckConstraint(condition=models.Q(('upward', True), models.Q(('state', 'in_force'), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='a_downward_override_takes_two_people'),
        ),
        migrations.AddConstraint(
            model_name='ratingoverride',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('client',), name='one_override_holds_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='ratingoverride',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('client',), name='one_override_waits_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='ratingrecord',
            index=models.Index(fields=['client', '-id'], name='rating_record_client'),
        ),
        migrations.AddIndex(
            model_name='reviewtrigger',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['client', 'due_on'], name='review_trigger_open'),
        ),
        migrations.AddConstraint(
            model_name='reviewtrigger',
            constraint=models.UniqueConstraint(fields=('client', 'code', 'occurrence'), name='a_review_is_set_off_once_by_one_thing'),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
