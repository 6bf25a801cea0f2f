"""What each answer weighs, to start with; and a client has one draft at most."""

from datetime import UTC, date, datetime

from django.db import migrations, models
from django.db.models import Q

FIGURES = {
    "tolerance": {
        "goal": {
            "weight": 3,
            "points": {"preserve": 0, "income": 25, "balanced": 50, "growth": 75, "most": 100},
        },
        "reaction": {"weight": 4, "points": {"sell_all": 0, "sell_some": 30, "hold": 65, "buy": 100}},
        "loss": {"weight": 3, "points": {"none": 0, "five": 25, "ten": 45, "twenty": 75, "forty": 100}},
    },
    "capacity": {
        "horizon": {"weight": 3, "points": {"under_3": 0, "3_to_5": 40, "5_to_10": 75, "over_10": 100}},
        "liquidity": {
            "weight": 3,
            "points": {"none": 100, "tenth": 80, "quarter": 50, "half": 20, "more": 0},
        },
        "security": {"weight": 2, "points": {"unsure": 0, "mixed": 50, "sure": 100}},
        # Percent of the assets that are the client's own, and own means in years of income: [at least, points].
        "own_share": {"weight": 1, "steps": [[0, 0], [20, 25], [50, 60], [70, 80], [90, 100]]},
        "reserve_years": {"weight": 1, "steps": [[0, 0], [1, 30], [3, 60], [6, 80], [10, 100]]},
    },
    "knowledge": {"none": 0, "basic": 50, "experienced": 100},
    "year_without_income": 50000,
    "contradictions": {"high_tolerance": 60, "tolerance_over_capacity": 50},
}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="needs",
        version=1,
        valid_from=date(2000, 1, 1),
        body=FIGURES,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial"), ("rulebook", "0002_first_packs")]
    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                fields=["client"], condition=Q(state="draft"), name="a_client_has_one_draft_assessment"
            ),
        ),
    ]
