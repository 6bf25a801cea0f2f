"""What a client may spend or owe is an amount of 0 or more: before this, a minus was taken."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0013_who_could_not_be_found_was_looked_for")]
    operations = [
        migrations.AddConstraint(
            model_name="plannedaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("card_limit__isnull", True), ("card_limit__gte", 0), _connector="OR"),
                name="a_card_limit_is_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("overdraft__isnull", True), ("overdraft__gte", 0), _connector="OR"),
                name="an_overdraft_is_not_negative",
            ),
        ),
    ]
