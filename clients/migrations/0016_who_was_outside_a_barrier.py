from django.db import migrations

from clients.wall import for_the_application

# For who could see a client at any instant (ADR 21): when it stood behind a barrier (user_id is null), and when it
# was open to which insider. Told to who sees the whole bank, of files that are open to them.
SPANS = """
CREATE FUNCTION barrier_spans(clients bigint[])
RETURNS TABLE (client_id bigint, user_id bigint, held tstzmultirange)
LANGUAGE sql STABLE SECURITY DEFINER BEGIN ATOMIC
    SELECT file.client_id, NULL::bigint, range_agg(file.during)
    FROM clients_barrierfile file
    WHERE file.client_id = ANY (clients) AND sees_every_book() AND is_open_to(file.client_id)
    GROUP BY file.client_id
    UNION ALL
    SELECT file.client_id, insider.user_id, range_agg(file.during * insider.during)
    FROM clients_barrierfile file JOIN clients_barrierinsider insider ON insider.barrier_id = file.barrier_id
    WHERE file.client_id = ANY (clients) AND sees_every_book() AND is_open_to(file.client_id)
    GROUP BY file.client_id, insider.user_id;
END;
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0015_how_a_file_stood_is_kept")]
    operations = [
        migrations.RunSQL(SPANS, "DROP FUNCTION barrier_spans"),
        for_the_application("barrier_spans"),
    ]
