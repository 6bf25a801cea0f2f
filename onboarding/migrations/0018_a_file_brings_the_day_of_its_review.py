"""A line of an import says when the client's next KYC review is due; what was checked before is due today."""

from datetime import date

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0017_another_reason_to_wait_is_said")]
    operations = [
        migrations.AddField(
            "stagedclient", "kyc_due_on", models.DateField(default=date.today), preserve_default=False
        ),
    ]
