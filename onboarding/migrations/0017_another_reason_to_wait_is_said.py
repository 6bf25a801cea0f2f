"""Who puts an opening on hold for another reason than the list knows says it in words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0016_an_opening_is_set_aside")]
    operations = [
        migrations.AddField(
            "onboarding", "hold_note", models.CharField(blank=True, db_default="", max_length=300)
        ),
    ]
