"""The audit of interactions: plans, samples, every step of a review, attestations of channels."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


# What was said in a review stays, also for who walks around the application.
STAYS = """
CREATE FUNCTION compliance_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a step of a review is neither changed nor removed';
END $$;
CREATE TRIGGER step_stays BEFORE UPDATE OR DELETE ON compliance_samplestep
    FOR EACH ROW EXECUTE FUNCTION compliance_step_stays();
"""
GOES = "DROP TRIGGER step_stays ON compliance_samplestep; DROP FUNCTION compliance_step_stays();"


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0009_records_lock_and_are_added_to'),
        ('compliance', '0011_a_hit_is_somebodys_to_look_at'),
        ('staff', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attestation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_on', models.DateField()),
                ('last_on', models.DateField()),
                ('due_on', models.DateField()),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('attested_at', models.DateTimeField(null=True)),
                ('used', models.BooleanField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attestations', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='OffChannelUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('what', models.CharField(max_length=100)),
                ('attestation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='compliance.attestation')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offchanneluses', to='clients.client')),
                ('interaction', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.interaction')),
                ('task', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='clients.task')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SamplePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_on', models.DateField(verbose_name='from')),
                ('last_on', models.DateField(verbose_name='until')),
                ('seed', models.CharField(max_length=64)),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('figures', models.JSONField()),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('job_id', models.BigIntegerField(null=True)),
                ('drawn_at', models.DateTimeField(null=True)),
                ('population', models.PositiveIntegerField(default=0)),
                ('always', models.PositiveIntegerField(default=0)),
                ('random', models.PositiveIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SampleItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=20)),
                ('why', models.CharField(choices=[('risk', 'Client of high risk'), ('off_channel', 'Channel not recorded'), ('late', 'Late entry'), ('advice_gaps', 'Advice without a whole record'), ('random', 'Random share')], max_length=12)),
                ('risk', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('state', models.CharField(choices=[('drawn', 'To review'), ('queried', 'Question open'), ('answered', 'Answer in'), ('failed', 'Failed, to be mended'), ('passed', 'Passed'), ('remediated', 'Failed, mended')], default='drawn', max_length=12)),
                ('due_on', models.DateField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('asked_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='samples', to='clients.client')),
                ('interaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='clients.interaction')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='clients.task')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.team')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='compliance.sampleplan')),
            ],
        ),
        migrations.CreateModel(
            name='SampleStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', models.CharField(choices=[('passed', 'Passed'), ('queried', 'Asked'), ('answered', 'Answered'), ('failed', 'Failed'), ('remediated', 'Found mended'), ('rejected', 'Found not mended')], max_length=12)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('due_on', models.DateField(null=True)),
                ('lines', models.JSONField(default=list)),
                ('pack_version', models.PositiveSmallIntegerField()),
                ('addendum', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.addendum')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='samplesteps', to='clients.client')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='compliance.sampleitem')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='attestation',
            index=models.Index(condition=models.Q(('attested_at__isnull', True)), fields=['due_on', 'id'], name='attestation_missing'),
        ),
        migrations.AddConstraint(
            model_name='attestation',
            constraint=models.UniqueConstraint(fields=('person', 'first_on'), name='a_period_is_attested_once'),
        ),
        migrations.AddConstraint(
            model_name='attestation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('attested_at__isnull', True), ('used__isnull', True)), models.Q(('attested_at__isnull', False), ('used__isnull', False)), _connector='OR'), name='an_attestation_says_what'),
        ),
        migrations.AddConstraint(
            model_name='sampleplan',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('first_on'), models.F('last_on'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='a_record_is_drawn_from_by_one_plan'),
        ),
        migrations.AddConstraint(
            model_name='sampleplan',
            constraint=models.CheckConstraint(condition=models.Q(('population__gte', django.db.models.expressions.CombinedExpression(models.F('always'), '+', models.F('random')))), name='a_sample_is_part_of_all'),
        ),
        migrations.AddIndex(
            model_name='sampleitem',
            index=models.Index(fields=['state', 'due_on', 'id'], name='sample_state_due'),
        ),
        migrations.AddIndex(
            model_name='sampleitem',
            index=models.Index(fields=['due_on', 'id'], name='sample_due'),
        ),
        migrations.AddIndex(
            model_name='sampleitem',
            index=models.Index(fields=['plan', 'state'], name='sample_plan_state'),
        ),
        migrations.AddIndex(
            model_name='sampleitem',
            index=models.Index(fields=['author', 'state'], name='sample_author'),
        ),
        migrations.AddConstraint(
            model_name='sampleitem',
            constraint=models.UniqueConstraint(fields=('interaction',), name='a_record_is_drawn_once'),
        ),
        migrations.AddConstraint(
            model_name='sampleitem',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by__isnull', True), models.Q(('reviewed_by', models.F('author')), _negated=True), _connector='OR'), name='nobody_reviews_what_they_logged'),
        ),
        migrations.AddConstraint(
            model_name='sampleitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['passed', 'failed', 'remediated']), _negated=True), models.Q(('decided_at__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='a_decided_sample_says_by_whom'),
        ),
        migrations.RunSQL(STAYS, GOES),
    ]
