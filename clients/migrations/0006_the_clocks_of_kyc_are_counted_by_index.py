"""A clock of KYC is counted by an index alone, and closed files are not walked past."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0005_joint_holders_and_papers_of_more_kinds'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='client',
            index=models.Index(condition=models.Q(('state__in', ['active', 'dormant'])), fields=['kyc_due_on', 'id'], name='client_kyc_served'),
        ),
    ]
