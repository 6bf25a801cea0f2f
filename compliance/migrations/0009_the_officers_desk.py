"""What files lack, reminders, reviews as they were done, and the figures of the desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0007_the_clocks_of_kyc_are_counted_by_index'),
        ('compliance', '0008_a_party_waits_once_for_its_first_comparison'),
        ('staff', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeskSweep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('on', models.DateField()),
                ('clients', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='FileGap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('ends_on', models.DateField(null=True)),
                ('risk', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('place_id', models.BigIntegerField(null=True)),
                ('found_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='KycReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField()),
                ('reviewed_on', models.DateField()),
                ('days_late', models.PositiveIntegerField()),
                ('level', models.CharField(choices=[('unrated', 'Not rated'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReviewFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('days_late', models.PositiveIntegerField()),
                ('reviews', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='RiskFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2)),
                ('segment', models.CharField(max_length=20)),
                ('risk', models.CharField(max_length=10)),
                ('clients', models.PositiveIntegerField()),
                ('value', models.DecimalField(decimal_places=2, max_digits=22)),
                ('pep', models.PositiveIntegerField()),
                ('edd', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='reviewtrigger',
            name='due_before',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='ratingoverride',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['asked_at', 'id'], name='override_waiting'),
        ),
        migrations.AddIndex(
            model_name='reviewtrigger',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['due_on', 'id'], name='review_trigger_due'),
        ),
        migrations.AddIndex(
            model_name='screeninghit',
            index=models.Index(condition=models.Q(('state__in', ['open', 'proposed', 'escalated'])), fields=['opened_at', 'id'], name='hit_waiting'),
        ),
        migrations.AddIndex(
            model_name='screeninghit',
            index=models.Index(fields=['found_at'], name='hit_found'),
        ),
        migrations.AddIndex(
            model_name='screeninghit',
            index=models.Index(condition=models.Q(('decided_at__isnull', False)), fields=['decided_at'], name='hit_decided'),
        ),
        migrations.AddIndex(
            model_name='desksweep',
            index=models.Index(condition=models.Q(('finished_at__isnull', False)), fields=['-finished_at'], name='desk_sweep_done'),
        ),
        migrations.AddField(
            model_name='filegap',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='clients.client'),
        ),
        migrations.AddField(
            model_name='kycreview',
            name='book',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.book'),
        ),
        migrations.AddField(
            model_name='kycreview',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='kycreview',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kyc_reviews', to='clients.client'),
        ),
        migrations.AddField(
            model_name='kycreview',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.team'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reminder',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='clients.client'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='task',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='clients.task'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewfigure',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='staff.team'),
        ),
        migrations.AddField(
            model_name='riskfigure',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='staff.team'),
        ),
        migrations.AddIndex(
            model_name='filegap',
            index=models.Index(condition=models.Q(('ends_on__isnull', True)), fields=['kind', 'id'], name='gap_missing'),
        ),
        migrations.AddIndex(
            model_name='filegap',
            index=models.Index(condition=models.Q(('ends_on__isnull', True)), fields=['kind', 'risk', 'id'], name='gap_missing_risk'),
        ),
        migrations.AddIndex(
            model_name='filegap',
            index=models.Index(condition=models.Q(('ends_on__isnull', False)), fields=['kind', 'ends_on', 'id'], name='gap_ending'),
        ),
        migrations.AddIndex(
            model_name='filegap',
            index=models.Index(condition=models.Q(('ends_on__isnull', False)), fields=['ends_on', 'id'], name='gap_ending_any'),
        ),
        migrations.AddConstraint(
            model_name='filegap',
            constraint=models.UniqueConstraint(fields=('client', 'kind'), name='a_file_lacks_a_thing_once'),
        ),
        migrations.AddIndex(
            model_name='kycreview',
            index=models.Index(fields=['reviewed_on', 'id'], name='kyc_review_day'),
        ),
        migrations.AddIndex(
            model_name='kycreview',
            index=models.Index(fields=['team', 'reviewed_on', 'id'], name='kyc_review_team'),
        ),
        migrations.AddIndex(
            model_name='kycreview',
            index=models.Index(condition=models.Q(('days_late__gt', 0)), fields=['reviewed_on', 'id'], name='kyc_review_late'),
        ),
        migrations.AddConstraint(
            model_name='kycreview',
            constraint=models.CheckConstraint(condition=models.Q(('days_late', 0), ('reviewed_on__gt', models.F('due_on')), _connector='OR'), name='a_late_review_came_after_its_day'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', False), _connector='OR'), name='a_reminder_is_withdrawn_by_somebody'),
        ),
    ]
