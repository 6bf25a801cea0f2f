"""The figures suggestions are judged by: version 2 of the pack "opportunities"."""

from datetime import UTC, date, datetime

from django.db import migrations

BODY = {
    "stage_days": 14,  # a card that has not moved for longer is stale
    "new_after_days": 90,  # a declined product is not brought up again before
    "event_days": 180,  # how long a life event is a reason to talk
    "loan_ending_days": 180,
    "single_product_years": 2,
    "cash_max": 40,  # percent of the assets
    "cash_from": 20000,  # in the reporting currency: below it, cash is a reserve
    "fx_share": 25,  # percent of a company's cash in other currencies than its own
    "complaint_quiet_days": 60,  # no offer while a complaint is fresh
}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="opportunities",
        version=2,
        valid_from=date(2000, 1, 1),
        body=BODY,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def remove(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.filter(name="opportunities", version=2).delete()


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0001_initial"), ("rulebook", "0002_first_packs")]
    operations = [migrations.RunPython(add, remove)]
