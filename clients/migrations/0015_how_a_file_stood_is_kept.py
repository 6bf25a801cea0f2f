from django.db import migrations

from audit.history import KEEPING_FILES, NOT_KEEPING_FILES, only_triggers_write, with_field_history
from clients.wall import behind_the_wall, for_the_application

# Nothing of an erased client stays. Of a client who is there, nobody takes a line away.
FORGETTING = """
CREATE OR REPLACE FUNCTION forget_history_of(client bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM clients_client WHERE id = client) THEN
        RETURN false;
    END IF;
    DELETE FROM clients_coverage_history WHERE client_id = client;
    DELETE FROM clients_clientgrant_history WHERE content_object_id = client;
    DELETE FROM clients_filechange WHERE client_id = client;
    RETURN true;
END $$;
"""
# What other rooms keep here of their own, for lists: it changes by night, for the whole bank, and is worked out.
WORKED_OUT = ("value", "value_on", "last_contact_on")


class Migration(migrations.Migration):
    dependencies = [("clients", "0014_who_could_see_a_client_is_kept")]
    operations = [
        migrations.RunSQL(KEEPING_FILES, NOT_KEEPING_FILES),
        only_triggers_write("clients_filechange", "clients_filebirth"),
        behind_the_wall("clients_filechange"),
        migrations.RunSQL(FORGETTING, migrations.RunSQL.noop),
        for_the_application("forget_history_of"),
        with_field_history("clients_client", client="id", without=WORKED_OUT),
        with_field_history(
            "clients_party",
            "clients_relationship",
            "clients_contactpoint",
            "clients_identifier",
            "clients_taxresidence",
        ),
    ]
