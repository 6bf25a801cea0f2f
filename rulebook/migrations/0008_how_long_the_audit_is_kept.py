"""The figures "audit": how long what was recorded is kept."""

from datetime import UTC, date, datetime

from django.db import migrations

# MiFID II Art. 16(7) asks 5 years of records of services, 7 where the authority says so; AMLR Art. 77 asks 5, up to 10.
AUDIT = {"keep_years": 10}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="audit", version=1, valid_from=date(2000, 1, 1), body=AUDIT,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0007_what_knowledge_a_product_asks_for")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
