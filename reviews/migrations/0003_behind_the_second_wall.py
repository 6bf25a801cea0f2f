from django.db import migrations

from clients.wall import behind_the_wall


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0002_a_client_has_one_review_under_way"),
        ("clients", "0010_the_second_wall"),
    ]
    operations = [
        behind_the_wall("reviews_review"),
    ]
