import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BY = {"null": True, "on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": settings.AUTH_USER_MODEL}


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0018_a_question_waits_until_a_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("kycfile", "facts_by", models.ForeignKey(db_index=False, **BY)),
        migrations.AlterField("kycfile", "reviewed_by", models.ForeignKey(db_index=False, **BY)),
    ]
