"""Who puts an opening on hold for another reason than the list knows says it in words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0014_no_limit_is_below_nothing")]
    operations = [
        migrations.AddField(
            "onboarding", "hold_note", models.CharField(blank=True, db_default="", max_length=300)
        ),
    ]
