"""The figures "ownership": from which share on a person is a beneficial owner, and an entity counts as blocked."""

from datetime import UTC, date, datetime

from django.db import migrations

OWNERSHIP = {
    # EU AMLR Art. 52: 25 percent or more, direct or indirect.
    "threshold": {"percent": "25", "or_more": True},
    # What other countries ask for; of the default and the client's seat the stricter one judges.
    "countries": {
        "CH": {"percent": "25", "or_more": True},  # GwG Art. 2a(3)
        "GB": {"percent": "25", "or_more": False},  # MLR 2017 reg. 5
        "IN": {"percent": "10", "or_more": False},  # PML Rules, rule 9(3)(a) since 2023
        "US": {"percent": "25", "or_more": True},  # 31 CFR 1010.230(d)(1)
    },
    # OFAC FAQ 398, 401; EU Best Practices, AMLR Art. 20(1)(d). All blocked owners together.
    "sanctions": {
        "ofac": {"percent": "50", "or_more": True},
        "eu": {"percent": "50", "or_more": False},
    },
}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="ownership", version=1, valid_from=date(2000, 1, 1), body=OWNERSHIP,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0002_first_packs")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
