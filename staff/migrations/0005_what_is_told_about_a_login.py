"""What a person hears of the own login, the code for a first password, and which session there began one here.

Recovery codes were derived from a seed that was kept; now hashes are. Those of before cannot be turned into
hashes and end: the account page says that there are none, and makes new ones.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

WHAT = [
    ("device", "Log-in on a device that was not known"),
    ("half", "The right password, but a wrong second factor"),
    ("tries", "Too many tries with wrong passwords or codes"),
    ("password", "Password changed"),
    ("started", "A new password was started by an administrator"),
    ("added", "Second factor added"),
    ("removed", "Second factor removed"),
    ("revoked", "All second factors taken away by an administrator"),
    ("codes", "New recovery codes made"),
    ("code used", "Recovery code used"),
    ("token", "New key to the API made"),
]


def end_seeds(apps, schema_editor):
    apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes").delete()


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_how_it_stood_is_kept"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [
        migrations.AddField("loginsession", "bank_sid", models.CharField(blank=True, default="", max_length=255), preserve_default=False),
        migrations.CreateModel(
            name="PasswordCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("ends_at", models.DateTimeField()),
                ("user", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="password_code", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="LoginNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(choices=WHAT, max_length=10)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("address", models.GenericIPAddressField(null=True)),
                ("browser", models.CharField(blank=True, max_length=20)),
                ("system", models.CharField(blank=True, max_length=20)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="login_notices", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-at"], name="notices_of_a_login"),
                    models.Index(condition=models.Q(("mailed_at__isnull", True)), fields=["user"], name="notices_to_mail"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("what__in", [each for each, _words in WHAT])), name="a_notice_is_of_a_known_kind")
                ],
            },
        ),
        migrations.AlterField("savedview", "query", models.CharField(blank=True, max_length=2000)),
        migrations.RunPython(end_seeds, migrations.RunPython.noop),
    ]
