"""A mail is written, then sent by a job; each rule remembers how far its looks came; an alert can be snoozed."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0002_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Walk",
            fields=[
                ("rule", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("after", models.BigIntegerField(default=0)),
                ("busy_ms", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("rest_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="mail",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="deliveries", to="alerts.mail"),
        ),
        migrations.AddField(model_name="delivery", name="snoozed_until", field=models.DateField(null=True)),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[("waiting", "Waiting"), ("sent", "Sent"), ("read", "Read"), ("uncertain", "Uncertain"), ("dropped", "Dropped")],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddField(model_name="mail", name="doubts", field=models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            model_name="mail",
            name="made_at",
            field=models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AlterField(model_name="mail", name="sent_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(model_name="mail", index=models.Index(fields=["to", "-made_at"], name="mail_to")),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(condition=models.Q(("sent_at__isnull", True)), fields=["id"], name="mail_unsent"),
        ),
    ]
