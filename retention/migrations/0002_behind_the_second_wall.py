from django.db import migrations

from clients.wall import behind_the_wall


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_the_value_a_quarter"), ("clients", "0010_the_second_wall")]
    operations = [
        behind_the_wall("retention_quartervalue"),
    ]
