"""An opening that comes to nothing is set aside as a lead is; and a cause for what was opened by mistake."""

from django.db import migrations, models
from django.db.models import Q

CAUSES = ["no_interest", "unreached", "other_bank", "not_ours", "twice", "mistake", "other"]
LABELS = [
    "Not interested", "Cannot be reached", "Chose another bank", "No client for this bank",
    "Has a file already, under another number", "Opened by mistake: the wrong kind, or the wrong person",
    "Another reason",
]  # fmt: skip
KNOWN = "a_lead_is_set_aside_for_a_known_cause"


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0015_how_old_a_paper_may_be")]
    operations = [
        migrations.AlterField(
            model_name="onboarding",
            name="state",
            field=models.CharField(
                choices=[
                    ("collecting", "Collecting data and documents"),
                    ("in_review", "Waiting for a second person"),
                    ("on_hold", "On hold"),
                    ("set_aside", "Set aside"),
                    ("approved", "Approved, client is active"),
                    ("rejected", "Rejected"),
                ],
                default="collecting",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="setaside",
            name="cause",
            field=models.CharField(
                choices=list(zip(CAUSES, LABELS, strict=True)), max_length=20, verbose_name="reason"
            ),
        ),
        migrations.RemoveConstraint(model_name="setaside", name=KNOWN),
        migrations.AddConstraint(
            model_name="setaside",
            constraint=models.CheckConstraint(condition=Q(cause__in=CAUSES), name=KNOWN),
        ),
    ]
