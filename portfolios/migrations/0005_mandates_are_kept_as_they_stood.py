from django.db import migrations

from audit.history import with_field_history


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0004_account_numbers_are_encrypted"), ("clients", "0015_how_a_file_stood_is_kept")]
    operations = [with_field_history("portfolios_mandate")]
