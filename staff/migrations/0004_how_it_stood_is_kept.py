from django.db import migrations

from audit.history import KEEPING, NOT_KEEPING, with_history

# From when on history tells the truth: what was before this migration nobody kept. A function, for it never changes.
BEGINS = """
DO $$ BEGIN
    EXECUTE format('CREATE FUNCTION history_begins() RETURNS timestamptz LANGUAGE sql IMMUTABLE RETURN %L::timestamptz',
                   now());
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_who_comes_in")]
    operations = [
        migrations.RunSQL(KEEPING, NOT_KEEPING),
        migrations.RunSQL(BEGINS, "DROP FUNCTION history_begins"),
        with_history("staff_user", "role", "is_active", "team_id"),
        with_history("staff_team", "parent_id"),
        with_history("staff_book", "team_id", found_by=("team_id",)),
        with_history("staff_bookmember", "book_id", "user_id", "role", "during", found_by=("book_id", "user_id")),
    ]
