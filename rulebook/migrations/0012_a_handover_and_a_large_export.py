"""The figures "access" gain: within how many days a new owner speaks with a client, and what a large export is."""

from django.db import migrations

NEW = {"handover": {"introduce_days": 14}, "export_clients": 100}


def add(apps, schema_editor):
    """Beside each version that is in force on some day stands one of the same day with the new figures."""
    packs = apps.get_model("rulebook", "RulePack").objects.filter(name="access")
    version = packs.order_by("-version").first().version
    activated = packs.filter(activated_at__isnull=False).order_by("valid_from", "version")
    for known in {each.valid_from: each for each in activated}.values():
        version += 1
        packs.create(
            name="access", version=version, valid_from=known.valid_from, body=known.body | NEW,
            activated_at=known.activated_at,
        )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0011_how_much_a_person_sends_in_a_day")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
