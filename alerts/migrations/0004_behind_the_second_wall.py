from django.db import migrations

from clients.wall import behind_the_wall, of_client_in_crowds


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_mails_are_written_then_sent"), ("clients", "0010_the_second_wall")]
    operations = [
        behind_the_wall("alerts_alert", seen=of_client_in_crowds),
    ]
