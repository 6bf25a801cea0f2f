"""The officer's search through what was said with clients: a GIN index over summary and notes.

"simple" takes words as they are: the bank's notes mix languages. selectors.interactions.WORDS is the same expression.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0003_the_figures_of_the_rating"),
        ("clients", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX interaction_words ON clients_interaction"
            " USING gin (to_tsvector('simple', summary || ' ' || notes))",
            "DROP INDEX interaction_words",
        )
    ]
