"""Whom a draft of any figures would move: behind the wall, as the rows of the dry run of "kyc" are."""

import django.db.models.deletion
from django.db import migrations, models

from clients.wall import behind_the_wall


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0024_what_was_never_so_is_struck_out"),
        ("compliance", "0028_a_paper_that_nobody_named_is_none"),
    ]
    operations = [
        migrations.CreateModel(
            "TrialRow",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pack_id", models.BigIntegerField()),
                ("way", models.CharField(max_length=20)),
                ("now", models.CharField(max_length=300)),
                ("then", models.CharField(max_length=300)),
                ("why", models.JSONField(default=list)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clients.client"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pack_id", "client", "way"), name="a_dry_run_lists_a_client_once_a_way"
                    )
                ],
            },
        ),
        behind_the_wall("compliance_trialrow"),
    ]
