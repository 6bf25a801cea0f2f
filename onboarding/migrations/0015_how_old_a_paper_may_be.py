"""The figures "onboarding" gain: how old a paper may be when it is brought."""

from django.db import migrations

# EU AMLR Art. 22 asks where a client lives, and says nothing of months; three are what banks ask for.
NEW = {"oldest_months": {"address": 3}}


def add(apps, schema_editor):
    """Beside each version that is in force on some day stands one of the same day with the new figure."""
    packs = apps.get_model("rulebook", "RulePack").objects.filter(name="onboarding")
    version = packs.order_by("-version").first().version
    activated = packs.filter(activated_at__isnull=False).order_by("valid_from", "version")
    for known in {each.valid_from: each for each in activated}.values():
        version += 1
        packs.create(
            name="onboarding", version=version, valid_from=known.valid_from, body=NEW | known.body,
            activated_at=known.activated_at,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0014_no_limit_is_below_nothing"),
        ("rulebook", "0015_one_clock_for_an_approval"),
    ]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
