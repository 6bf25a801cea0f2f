from django.db import migrations

from audit.history import with_field_history


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0014_what_was_compared_is_encrypted"),
        ("clients", "0015_how_a_file_stood_is_kept"),
    ]
    operations = [
        # When it was compared with the lists stands with the comparison, and changes in every run.
        with_field_history("compliance_kycfile", without=("screened_at",)),
        with_field_history("compliance_consent"),
    ]
