"""Drafts have a reason, a dry run and an end; what was activated never changes."""

from django.db import migrations, models

FREEZE = """
CREATE FUNCTION rulebook_activated_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An activated rule pack never changes: draft the next version.';
END $$;
CREATE TRIGGER activated_is_final BEFORE UPDATE ON rulebook_rulepack
    FOR EACH ROW WHEN (OLD.activated_at IS NOT NULL) EXECUTE FUNCTION rulebook_activated_is_final();
"""
THAW = """
DROP TRIGGER activated_is_final ON rulebook_rulepack;
DROP FUNCTION rulebook_activated_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0003_who_counts_as_beneficial_owner")]
    operations = [
        migrations.AddField("rulepack", "reason", models.CharField(blank=True, max_length=300, default=""), preserve_default=False),
        migrations.AddField("rulepack", "written_at", models.DateTimeField(auto_now_add=True, null=True)),
        migrations.AddField("rulepack", "tried", models.CharField(blank=True, max_length=64, default=""), preserve_default=False),
        migrations.AddField("rulepack", "withdrawn_by_id", models.BigIntegerField(null=True)),
        migrations.AddField("rulepack", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "rulepack",
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(activated_at__isnull=True, withdrawn_at__isnull=True),
                name="a_pack_has_one_draft_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            "rulepack",
            models.CheckConstraint(
                condition=models.Q(activated_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="an_activated_pack_is_not_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            "rulepack",
            models.CheckConstraint(
                condition=models.Q(written_by_id__isnull=True)
                | models.Q(activated_at__isnull=True)
                | models.Q(activated_by_id__isnull=False),
                name="an_activated_pack_says_by_whom",
            ),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
