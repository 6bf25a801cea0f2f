"""The figures "interactions": when a record is locked, what is sampled, by when it is answered and attested."""

from datetime import UTC, date, datetime

from django.db import migrations

INTERACTIONS = {
    "lock_hours": 24,
    "late_hours": 24,
    "sampling": {
        "always_risk": ["high"],
        "always_kinds": ["late", "off_channel", "advice_gaps"],
        "random_percent": 5,
    },
    "review_days": 20,
    "query_days": 5,
    "remediation_days": 10,
    "attestation_months": 3,
    "attestation_days": 10,
    "calendar": "CH",  # whose working days count for compliance; the demo bank's seat
}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="interactions", version=1, valid_from=date(2000, 1, 1), body=INTERACTIONS,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0008_how_long_the_audit_is_kept")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
