"""What a client was worth at the end of a quarter, and the figures by which a client may leave."""

from datetime import UTC, date, datetime

import django.db.models.deletion
from django.db import migrations, models

# Points a signal counts and how many make a client one at risk.
FIGURES = {
    "points": {"money_left": 50, "account_closed": 30, "complaint": 30, "silent": 25, "dormant": 20},
    "at_risk": 50,
    "fall_percent": 25,  # of the client's own assets at the end of the last quarter but one
    "silent_times": 2,  # no contact for this many times the agreed days
    "complaint_days": 120,
    "closed_days": 120,
}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="retention", version=1, valid_from=date(2000, 1, 1), body=FIGURES, activated_at=datetime(2026, 11, 1, tzinfo=UTC)
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = [("clients", "0001_initial"), ("rulebook", "0002_first_packs")]
    operations = [
        migrations.CreateModel(
            name="QuarterValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quarter_values",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("client", "on"), name="a_client_has_one_value_a_quarter"),
                    models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="a_quarter_value_is_not_negative"),
                ],
            },
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
