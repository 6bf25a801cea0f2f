"""The figures "access": how long a file stays open by break-glass, and by when compliance looks at it."""

from datetime import UTC, date, datetime

from django.db import migrations

ACCESS = {
    "calendar": "CH",  # whose working days count for compliance; the demo bank's seat
    "recertify": {"months": 6, "notice_days": 20},
    "brake": {"least": 20, "share_percent": 25, "most": 50, "releases": 1},
    "grant_days": 90,
    "cover_days": 60,
    "glass": {"minutes": 60, "reason_letters": 20, "review_days": 2, "waiting_at_most": 3},
}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="access", version=1, valid_from=date(2000, 1, 1), body=ACCESS,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0009_the_figures_of_the_audit_of_interactions")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
