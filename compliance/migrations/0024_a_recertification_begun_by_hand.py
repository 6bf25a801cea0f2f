import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("compliance", "0023_a_dry_run_says_why"),
    ]
    operations = [
        migrations.AddField(
            "recertification",
            "asked_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("recertification", "reason", models.CharField(blank=True, max_length=300)),
        migrations.AddConstraint(
            "recertification",
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True) | ~Q(reason=""),
                name="a_recertification_asked_for_has_a_reason",
            ),
        ),
    ]
