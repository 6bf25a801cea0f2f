"""That a lead came to nothing, and was taken up again."""

import django.db.models.deletion
import django.utils.timezone
from clients.wall import behind_the_wall
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0022_contacts_are_counted_by_book'),
        ('onboarding', '0010_a_relationship_ends'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('no_interest', 'Not interested'), ('unreached', 'Cannot be reached'), ('other_bank', 'Chose another bank'), ('not_ours', 'No client for this bank'), ('twice', 'Has a file already, under another number'), ('other', 'Another reason')], max_length=20, verbose_name='reason')),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taken_up_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='set_asides', to='clients.client')),
                ('taken_up_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('cause__in', ('no_interest', 'unreached', 'other_bank', 'not_ours', 'twice', 'other'))), name='a_lead_is_set_aside_for_a_known_cause'), models.CheckConstraint(condition=models.Q(models.Q(('cause', 'other'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='another_reason_to_set_aside_is_said'), models.CheckConstraint(condition=models.Q(models.Q(('taken_up_at__isnull', True), ('taken_up_by__isnull', True)), models.Q(('taken_up_at__isnull', False), ('taken_up_by__isnull', False)), _connector='OR'), name='a_lead_is_taken_up_by_somebody'), models.UniqueConstraint(condition=models.Q(('taken_up_at__isnull', True)), fields=('client',), name='a_lead_is_set_aside_once')],
            },
        ),
        behind_the_wall('onboarding_setaside'),
    ]
