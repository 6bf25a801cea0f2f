"""What a model declares stands in the database: a rule that had gone lost, and an index that stood there twice."""

from django.db import migrations

# Migration 0006 took the index of a party's client away, and Django with it this one, which has the same column.
ONE_MAIN_PARTY = """
CREATE UNIQUE INDEX IF NOT EXISTS a_file_has_one_main_party ON clients_party (client_id) WHERE is_client
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0018_a_question_waits_until_a_day")]

    operations = [
        migrations.RunSQL(ONE_MAIN_PARTY, migrations.RunSQL.noop),
        # Django gives a text that is a primary key the same index by itself (clients_searchword_word_…_like).
        migrations.RemoveIndex("searchword", "search_word_prefix"),
    ]
