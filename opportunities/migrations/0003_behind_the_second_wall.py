from django.db import migrations

from clients.wall import behind_the_wall, of_client_in_crowds


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0002_figures_for_suggestions"), ("clients", "0010_the_second_wall")]
    operations = [
        behind_the_wall("opportunities_opportunity", seen=of_client_in_crowds),
    ]
