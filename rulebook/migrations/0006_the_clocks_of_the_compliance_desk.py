"""The figures "desk": by when compliance decides what waits for it, in working days."""

from datetime import UTC, date, datetime

from django.db import migrations

DESK = {
    "calendar": "CH",  # whose working days count; the demo bank's seat
    "hit_days": 5,  # supervisory practice: a hit is decided within a week
    "approval_days": 5,
    "override_days": 3,
    "remind_days": 10,  # what a reminder asks of a relationship manager is done within two weeks
    # Files opened before lie, with their papers, where the bank kept them before RM CRM.
    "papers_from": "2026-01-01",
}


def add(apps, schema_editor):
    apps.get_model("rulebook", "RulePack").objects.create(
        name="desk", version=1, valid_from=date(2000, 1, 1), body=DESK,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0005_what_an_opening_needs")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
