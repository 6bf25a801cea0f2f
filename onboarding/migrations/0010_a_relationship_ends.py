"""That one person asks for the end of a relationship and a second one confirms it."""

import django.db.models.deletion
import django.utils.timezone
import staff.models
from clients.wall import behind_the_wall
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0021_a_closed_file_says_since_when'),
        ('onboarding', '0009_who_came_in_is_known_by_the_client'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Ending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('fingerprint', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until_on', models.DateField(default=staff.models.last_day_to_confirm)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second person'), ('confirmed', 'Confirmed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('fallen', 'Fallen: what it was about has changed'), ('expired', 'Void: nobody confirmed it in time')], default='waiting', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('cause', models.CharField(choices=[('wish', "The client's wish"), ('other_bank', 'Moved to another bank'), ('deceased', 'The client has died'), ('risk_appetite', 'No longer within the risk the bank takes'), ('inactive', 'Inactive'), ('other', 'Another reason')], max_length=20, verbose_name='reason')),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endings', to='clients.client')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['asked_at', 'id'], name='ending_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'refused']), _negated=True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='who_asks_for_an_end_does_not_decide'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'refused']), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='an_end_is_decided_by_somebody'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='an_end_has_a_reason'), models.CheckConstraint(condition=models.Q(('cause__in', ('wish', 'other_bank', 'deceased', 'risk_appetite', 'inactive', 'other'))), name='an_end_has_a_known_cause'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='a_returned_end_says_why'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('client',), name='one_end_of_a_relationship_waits')],
            },
        ),
        behind_the_wall('onboarding_ending'),
    ]
