"""An owner entered by mistake is corrected or struck out, and does not end; who owns may be a client with a file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from audit.history import with_field_history


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("clients", "0023_a_paper_has_a_date_of_its_own"),
    ]
    operations = [
        migrations.AddField("party", "own_file", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField(
            "relationship",
            "struck_at",
            models.DateTimeField("struck out at", editable=False, null=True),
        ),
        migrations.AddField(
            "relationship",
            "struck_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                django.db.models.deletion.PROTECT,
                verbose_name="struck out by",
                db_index=False,
                editable=False,
                null=True,
                related_name="+",
            ),
        ),
        migrations.AddField(
            "relationship",
            "struck_why",
            models.CharField(
                "what was wrong", blank=True, db_default="", default="", editable=False, max_length=300
            ),
        ),
        migrations.AddField(
            "relationship",
            "instead_of",
            models.ForeignKey(
                "clients.relationship",
                django.db.models.deletion.CASCADE,
                db_index=False,
                editable=False,
                null=True,
                related_name="+",
            ),
        ),
        migrations.AddIndex(
            "relationship",
            models.Index(fields=["struck_at"], name="role_struck_out", condition=Q(struck_at__isnull=False)),
        ),
        migrations.AddConstraint(
            "party",
            models.UniqueConstraint(
                fields=["client", "own_file"],
                condition=Q(own_file__isnull=False),
                name="a_client_is_one_party_of_a_file",
            ),
        ),
        migrations.AddConstraint(
            "relationship",
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_why="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_why=""),
                name="who_strikes_a_role_out_says_why",
            ),
        ),
        migrations.AddConstraint(
            "relationship",
            models.UniqueConstraint(
                fields=["instead_of"],
                condition=Q(instead_of__isnull=False),
                name="a_role_is_corrected_once",
            ),
        ),
        # Which row is meant never changes.
        with_field_history("clients_relationship", without=("instead_of_id",)),
        # Which other file is meant is for who may see that one, and so in no history of this.
        with_field_history("clients_party", without=("own_file",)),
    ]
