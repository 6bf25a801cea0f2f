"""An organisation behind which an owner could hide is opened only when it is written down how they were looked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0012_what_openings_knew_stays_a_fact")]
    operations = [
        migrations.AddField("onboarding", "owners_search", models.TextField(blank=True, db_default="")),
        migrations.AddField(
            "onboarding", "owners_searched", models.CharField(blank=True, db_default="", max_length=64)
        ),
        migrations.AddField(
            "onboarding", "papers_asked_to", models.BigIntegerField(db_default=0, default=0)
        ),
    ]
