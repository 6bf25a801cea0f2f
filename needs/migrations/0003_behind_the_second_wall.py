from django.db import migrations

from clients.wall import behind_the_wall


class Migration(migrations.Migration):
    dependencies = [("needs", "0002_the_first_questionnaire"), ("clients", "0010_the_second_wall")]
    operations = [
        behind_the_wall("needs_assessment", "needs_goal"),
    ]
