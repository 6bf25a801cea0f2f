"""A decision on a hit names the paper it rests on; the figures "hits" say what is obviously nobody on a list."""

import django.db.models.deletion
from django.db import migrations, models

from vault.fields import EncryptedTextField, is_encrypted

NEW = {"batch_birth_years": 5, "batch_other_kind": True}
SHIPPED, NOW = 85, 70  # as high as the threshold of an alert it bounded nothing


def paper(of):
    return EncryptedTextField(blank=True, bound_to=("client_id", of), db_default="", max_length=300)


def add(apps, schema_editor):
    """Beside each version that is in force on some day stands one of the same day with the new figures."""
    packs = apps.get_model("rulebook", "RulePack").objects.filter(name="hits")
    version = packs.order_by("-version").first().version
    activated = packs.filter(activated_at__isnull=False).order_by("valid_from", "version")
    for known in {each.valid_from: each for each in activated}.values():
        version += 1
        highest = known.body["batch_highest_score"]
        packs.create(
            name="hits", version=version, valid_from=known.valid_from,
            body={"batch_highest_score": NOW if highest == SHIPPED else highest} | NEW,
            activated_at=known.activated_at,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0001_initial"),
        ("compliance", "0024_a_recertification_begun_by_hand"),
        ("rulebook", "0004_a_pack_is_drafted_tried_and_withdrawn"),
    ]
    operations = [
        migrations.AddField("screeninghit", "paper", paper("party_id")),
        migrations.AddField(
            "screeninghit",
            "document",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="clients.document",
            ),
        ),
        migrations.AddField("hitstep", "paper", paper("hit_id")),
        migrations.AddConstraint("screeninghit", is_encrypted("paper", "the_paper_of_a_decision_is_encrypted")),
        migrations.AddConstraint("hitstep", is_encrypted("paper", "the_paper_of_a_step_is_encrypted")),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
