import django.db.models.deletion
from django.db import migrations, models

CASCADE = django.db.models.deletion.CASCADE


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0019_a_file_has_one_main_party_again"),
        ("onboarding", "0008_what_joins_is_encrypted"),
    ]

    operations = [
        migrations.RemoveField("importedclient", "id"),
        migrations.AlterField(
            "importedclient",
            "client",
            models.OneToOneField(
                on_delete=CASCADE, primary_key=True, related_name="imported", serialize=False, to="clients.client"
            ),
        ),
        # Found by import_problem_line, which begins with it.
        migrations.AlterField(
            "importproblem",
            "of",
            models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="problems", to="onboarding.clientimport"),
        ),
    ]
