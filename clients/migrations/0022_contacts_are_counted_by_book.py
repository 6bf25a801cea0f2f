"""How often the owners of many books were in contact: counted without asking of each contact whose it is."""

from django.db import migrations

from clients.wall import for_the_application

# Of the contacts of a whole team no row is shown, and a policy would ask of each by a look-up of its own. This asks
# once for all, as the searches do (0010): what is carried, and what the first wall lets it ask for besides.
COUNTING = """
CREATE FUNCTION contacts_by_book(
    books bigint[], walled bigint[], people bigint[], since timestamptz, until timestamptz, anew timestamptz
) RETURNS TABLE (by_id bigint, book_id bigint, before bigint, after bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 100 AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT i.by_id, c.book_id, count(*) FILTER (WHERE i.at < $5), count(*) FILTER (WHERE i.at >= $6)'
        ' FROM clients_interaction i JOIN clients_client c ON c.id = i.client_id'
        ' WHERE c.book_id = ANY ($1) AND c.id <> ALL ($2) AND i.by_id = ANY ($3) AND i.at >= $4 AND %s'
        ' GROUP BY 1, 2', carried_condition()
    ) USING books, walled, people, since, until, anew;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0021_a_closed_file_says_since_when")]
    operations = [
        migrations.RunSQL(COUNTING, "DROP FUNCTION contacts_by_book"),
        for_the_application("contacts_by_book"),
    ]
