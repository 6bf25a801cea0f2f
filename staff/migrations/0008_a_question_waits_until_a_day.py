from datetime import date, timedelta

from django.db import migrations, models

import staff.models

STATES = [
    ("waiting", "Waiting for a second person"),
    ("confirmed", "Confirmed"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
    ("fallen", "Fallen: what it was about has changed"),
    ("expired", "Void: nobody confirmed it in time"),
]


def from_today():
    """What waits already is counted as if it were asked for today."""
    return date.today() + timedelta(days=30)  # noqa: DTZ011


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0007_the_logins_of_a_person"),
    ]

    operations = [
        migrations.AddField(
            "personchange", "until_on", models.DateField(default=from_today), preserve_default=False
        ),
        migrations.AlterField("personchange", "until_on", models.DateField(default=staff.models.last_day_to_confirm)),
        migrations.AlterField(
            "personchange", "state", models.CharField(choices=STATES, default="waiting", max_length=10)
        ),
    ]
