"""A clock of KYC is counted by an index alone, and closed files are not walked past."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0006_what_hangs_on_a_party_is_of_its_file'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='client',
            index=models.Index(condition=models.Q(('state__in', ['active', 'dormant'])), fields=['kyc_due_on', 'id'], name='client_kyc_served'),
        ),
    ]
