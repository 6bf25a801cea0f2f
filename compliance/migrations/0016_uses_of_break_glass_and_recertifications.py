import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from clients.wall import behind_the_wall, for_the_application

# Whose right rests is asked by who no longer sees the files: a count and a day tell of none.
WAITING = """
CREATE FUNCTION glass_waiting(person bigint, OUT waiting bigint, OUT first_due date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*), min(due_on) FROM compliance_glassuse WHERE user_id = person AND verdict = ''
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0015_kyc_and_consents_are_kept_as_they_stood"),
        ("staff", "0002_who_comes_in"),
        ("clients", "0012_a_file_is_opened_for_a_purpose_and_in_need"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="GlassUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("pack_version", models.PositiveSmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("justified", "Justified"), ("not_justified", "Not justified")],
                        max_length=20,
                    ),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=1000, verbose_name="what the review found"),
                ),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="glass_uses",
                        to="clients.client",
                    ),
                ),
                (
                    "grant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="glass_use",
                        to="clients.clientgrant",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="glass_uses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["due_on", "id"], name="glass_waiting", condition=Q(verdict="")),
                    models.Index(fields=["user"], name="glass_waiting_person", condition=Q(verdict="")),
                    models.Index(fields=["-at", "-id"], name="glass_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("user")),
                        name="nobody_reviews_the_glass_they_broke",
                    ),
                    models.CheckConstraint(
                        condition=Q(verdict="", words="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                        | (
                            Q(verdict__in=["justified", "not_justified"], reviewed_by__isnull=False)
                            & Q(reviewed_at__isnull=False)
                            & ~Q(words="")
                        ),
                        name="a_review_of_a_use_says_what_by_whom_and_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recertification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("due_on", models.DateField()),
                ("pack_version", models.PositiveSmallIntegerField()),
                ("certified_at", models.DateTimeField(null=True)),
                ("lines", models.JSONField(default=list)),
                ("seal", models.CharField(blank=True, max_length=64)),
                (
                    "certified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recertifications",
                        to="staff.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["due_on", "id"],
                        name="recertification_open",
                        condition=Q(certified_at__isnull=True),
                    ),
                    models.Index(fields=["team", "-certified_at"], name="recertification_team"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["team"],
                        condition=Q(certified_at__isnull=True),
                        name="a_team_owes_one_recertification_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=Q(certified_at__isnull=True, certified_by__isnull=True, seal="")
                        | (Q(certified_at__isnull=False, certified_by__isnull=False) & ~Q(seal="")),
                        name="a_signed_recertification_says_by_whom",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WAITING, "DROP FUNCTION glass_waiting"),
        for_the_application("glass_waiting"),
        behind_the_wall("compliance_glassuse"),
    ]
