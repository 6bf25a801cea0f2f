"""The figures "keeping": how long the file of a former client is kept."""

from datetime import UTC, date, datetime

from django.db import migrations

# EU AMLR (2024/1624) Art. 77: five years, then to be deleted; an authority may ask for up to five more.
KEEPING = {"years": 5, "extension_years": 5}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="keeping", version=1, valid_from=date(2000, 1, 1), body=KEEPING,
        activated_at=datetime(2026, 11, 30, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0013_how_long_a_question_waits")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
