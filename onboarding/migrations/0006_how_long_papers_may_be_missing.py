"""The figures "onboarding" say after how many days missing papers are told of: it stood in the code."""

from datetime import UTC, datetime

from django.db import migrations


def add(apps, schema_editor):
    """Beside each version in force, now or later, one that says it too."""
    pack = apps.get_model("rulebook", "RulePack")
    every = pack.objects.filter(name="onboarding")
    version = every.latest("version").version
    activated = every.filter(activated_at__isnull=False).order_by("valid_from", "version")
    for last in {each.valid_from: each for each in activated}.values():
        version += 1
        pack.objects.create(
            name="onboarding", version=version, valid_from=last.valid_from,
            body={"missing_days": 14} | last.body, activated_at=datetime(2026, 11, 1, tzinfo=UTC),
        )


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0005_a_line_draws_its_numbers_itself'),
        ('rulebook', '0005_what_an_opening_needs'),
    ]

    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
