"""Who declines an opportunity for another reason than the list knows says it in words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0003_behind_the_second_wall")]
    operations = [
        migrations.AddField(
            "opportunity", "closed_note", models.CharField(blank=True, db_default="", max_length=300)
        ),
    ]
