from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("compliance", "0020_files_are_kept_held_and_deleted")]

    operations = [
        migrations.AddIndex(
            "screeninghit",
            models.Index(
                fields=["score", "id"],
                name="hit_undecided",
                condition=Q(state__in=["open", "proposed", "escalated"]),
            ),
        ),
    ]
