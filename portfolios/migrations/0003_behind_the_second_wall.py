from django.db import migrations

from clients.wall import behind_the_wall


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0002_a_mandate_knows_when_it_was_reviewed"),
        ("clients", "0010_the_second_wall"),
    ]
    operations = [
        behind_the_wall(
            "portfolios_account",
            "portfolios_accountparty",
            "portfolios_card",
            "portfolios_holding",
            "portfolios_loan",
            "portfolios_mandate",
            "portfolios_posting",
            "portfolios_standingorder",
        ),
    ]
