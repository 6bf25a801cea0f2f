"""Nobody reads from a counter how many suspicions there are: default privileges had opened them to both roles.

Rows are numbered all the same: an identity column asks for no right on its counter.
"""

from django.conf import settings
from django.db import migrations

TABLES = ["case", "entry", "filing", "fiurequest", "answer", "event"]


def close(apps, schema_editor):
    for role in {settings.APP_ROLE, settings.LOADER_ROLE}:
        for table in TABLES:
            schema_editor.execute(
                f"REVOKE ALL ON SEQUENCE suspicion_{table}_id_seq FROM {schema_editor.quote_name(role)}"
            )


class Migration(migrations.Migration):
    dependencies = [("suspicion", "0001_a_compartment_of_its_own")]
    operations = [migrations.RunPython(close, migrations.RunPython.noop)]
