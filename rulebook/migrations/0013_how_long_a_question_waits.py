"""The figures "access" gain: how long a question to a second person waits."""

from django.db import migrations

NEW = {"proposal_days": 30}


def add(apps, schema_editor):
    """Beside each version that is in force on some day stands one of the same day with the new figure."""
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
    dependencies = [("rulebook", "0012_a_handover_and_a_large_export")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
