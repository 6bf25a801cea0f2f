import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0016_who_was_outside_a_barrier"),
        ("rulebook", "0011_how_much_a_person_sends_in_a_day"),
    ]
    operations = [
        migrations.CreateModel(
            name="UploadDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("files", models.PositiveIntegerField(default=0)),
                ("bytes", models.PositiveBigIntegerField(default=0)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "on"), name="a_day_of_uploads_is_counted_once")
                ],
            },
        ),
    ]
