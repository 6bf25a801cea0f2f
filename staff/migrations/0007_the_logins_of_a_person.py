import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0006_a_role_takes_two"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                django.db.models.functions.text.Lower(django.db.models.functions.text.Trim("email")),
                name="logins_of_a_person",
            ),
        ),
    ]
