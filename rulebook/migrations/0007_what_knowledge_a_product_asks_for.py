"""The figures "appropriateness": which knowledge a product asks for (MiFID II Art. 25(3), 2017/565 Art. 55, 56)."""

from datetime import UTC, date, datetime

from django.db import migrations

# Of the classes named one is enough; complex products ask for experience (Delegated Regulation 2017/565 Art. 57).
APPROPRIATENESS = {
    "knowledge": {
        "bond": ["bonds"],
        "fund": ["bonds", "equity", "real_estate"],
        "share": ["equity"],
        "structured": ["alternatives"],
        "fx": ["alternatives", "commodities"],
    },
    "least": {"bond": "basic", "fund": "basic", "share": "basic", "structured": "experienced", "fx": "basic"},
}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="appropriateness", version=1, valid_from=date(2000, 1, 1), body=APPROPRIATENESS,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0006_the_clocks_of_the_compliance_desk")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
