"""The figures "access" say how many papers a person may send in a day, so that nobody fills the disk."""

from datetime import UTC, datetime

from django.db import migrations

UPLOAD = {"files_a_day": 200, "megabytes_a_day": 1000}


def add(apps, schema_editor):
    """On top of whatever the bank has decided meanwhile; what judged before stays as it was."""
    packs = apps.get_model("rulebook", "RulePack").objects
    held = packs.filter(name="access", activated_at__isnull=False)
    newest = {pack.valid_from: pack for pack in held.order_by("valid_from", "version")}
    version = packs.filter(name="access").order_by("-version").first().version
    for at, (day, pack) in enumerate(newest.items(), 1):
        packs.create(
            name="access", version=version + at, valid_from=day, body=pack.body | {"upload": UPLOAD},
            activated_at=datetime(2026, 11, 1, tzinfo=UTC),
        )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0010_the_narrow_paths_to_a_file")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
