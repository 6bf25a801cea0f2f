"""Version 2 of the figures "kyc": what each factor of the risk rating weighs (FATF risk factors)."""

from datetime import UTC, date, datetime

from django.db import migrations

RATING = {
    "medium_from": 26,
    "high_from": 51,
    "increased_monitoring": 20,
    "kind": {"organisation": 8},
    "source_of_funds": {
        "business_income": 8, "inheritance": 4, "sale_of_property": 4, "gift": 14, "cash_business": 18,
        "crypto": 22, "other": 14,
    },
    "purpose": {"cross_border": 14, "business": 8, "wealth": 4, "other": 10},
    "product": {"trade_finance": 14, "payments": 6, "fx": 8, "loan": 2},
}


def add(apps, schema_editor):
    pack = apps.get_model("rulebook", "RulePack")
    first = pack.objects.get(name="kyc", version=1)
    pack.objects.create(
        name="kyc", version=2, valid_from=date(2000, 1, 1), body=first.body | {"rating": RATING},
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0002_lists_keep_the_past_and_facts_their_author"),
        ("rulebook", "0002_first_packs"),
    ]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
