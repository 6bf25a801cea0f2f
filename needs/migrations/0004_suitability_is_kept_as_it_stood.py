from django.db import migrations

from audit.history import with_field_history


class Migration(migrations.Migration):
    dependencies = [("needs", "0003_behind_the_second_wall"), ("clients", "0015_how_a_file_stood_is_kept")]
    operations = [with_field_history("needs_assessment", "needs_goal")]
