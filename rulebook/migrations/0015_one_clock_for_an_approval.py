"""By when an opening is decided, the figures "desk" alone say; those of the opening count to its submission."""

from django.db import migrations


def _without(body):
    days = {step: count for step, count in body.get("due_days", {}).items() if step != "approval"}
    return body | {"due_days": days} if "due_days" in body else body


def drop(apps, schema_editor):
    """Beside each version that is in force on some day stands one of the same day without the figure."""
    packs = apps.get_model("rulebook", "RulePack").objects.filter(name="onboarding")
    version = packs.order_by("-version").first().version
    activated = packs.filter(activated_at__isnull=False).order_by("valid_from", "version")
    for draft in packs.filter(activated_at__isnull=True, withdrawn_at__isnull=True):
        draft.body = _without(draft.body)
        draft.save()
    for known in {each.valid_from: each for each in activated}.values():
        if "approval" in known.body.get("due_days", {}):
            version += 1
            packs.create(
                name="onboarding", version=version, valid_from=known.valid_from, body=_without(known.body),
                activated_at=known.activated_at,
            )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0014_how_long_a_file_is_kept")]
    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
