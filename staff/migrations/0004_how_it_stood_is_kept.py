from django.db import migrations

from audit.history import KEEPING, NOT_KEEPING, with_history

class Migration(migrations.Migration):
    dependencies = [("staff", "0002_who_comes_in")]
    operations = [
        migrations.RunSQL(KEEPING, NOT_KEEPING),
        with_history("staff_user", "role", "is_active", "team_id"),
        with_history("staff_team", "parent_id"),
        with_history("staff_book", "team_id", found_by=("team_id",)),
        with_history("staff_bookmember", "book_id", "user_id", "role", "during", found_by=("book_id", "user_id")),
    ]
