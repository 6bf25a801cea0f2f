"""Since when a file is closed: the years for which it is kept begin there. And what is locked for ever goes with it."""

from django.db import migrations, models
from django.db.models import Q

from audit.history import with_field_history
from clients.wall import for_the_application

# Whoever closes a file, by whichever way: the day is written, and goes when the client comes back.
CLOSING = """
CREATE FUNCTION clients_closed_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'closed' THEN
        NEW.closed_on := NULL;
    ELSIF TG_OP = 'INSERT' THEN
        NEW.closed_on := coalesce(NEW.closed_on, current_date);
    ELSE
        NEW.closed_on := coalesce(NEW.closed_on, OLD.closed_on, current_date);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_since BEFORE INSERT OR UPDATE OF state, closed_on ON clients_client FOR EACH ROW
    WHEN (NEW.state = 'closed' OR NEW.closed_on IS NOT NULL) EXECUTE FUNCTION clients_closed_since();
-- Of those who left earlier: since their history knows them closed, or else since today. Rather kept too long.
UPDATE clients_client client SET closed_on = coalesce(
    (SELECT max(at)::date FROM clients_filechange was WHERE was.client_id = client.id
     AND was.kind = 'clients_client' AND was.was ->> 'state' <> 'closed'), current_date)
WHERE state = 'closed';
"""
NOT_CLOSING = """
DROP TRIGGER closed_since ON clients_client;
DROP FUNCTION clients_closed_since();
"""
# A locked record and an addendum are taken away by nobody but the function of the owner that deletes a whole file
# (compliance 0020): it names the client, and only the owner of the tables is believed.
GOING = """
CREATE FUNCTION is_being_deleted(client bigint) RETURNS boolean LANGUAGE sql STABLE
RETURN coalesce(current_setting('rmcrm.deleting', true) = client::text, false)
    AND current_user = (SELECT relowner::regrole::text FROM pg_class WHERE oid = 'clients_client'::regclass);
CREATE OR REPLACE FUNCTION clients_record_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND is_being_deleted(OLD.client_id) THEN
        RETURN OLD;
    END IF;
    IF OLD.logged_at + make_interval(hours => OLD.lock_hours) <= clock_timestamp() THEN
        RAISE EXCEPTION 'the record of contact % is locked', OLD.id;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF (NEW.client_id, NEW.by_id, NEW.logged_at, NEW.lock_hours)
       IS DISTINCT FROM (OLD.client_id, OLD.by_id, OLD.logged_at, OLD.lock_hours) THEN
        RAISE EXCEPTION 'of whom, by whom and when contact % was logged does not change', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION clients_addendum_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND is_being_deleted(OLD.client_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'an addendum is neither changed nor removed';
END $$;
"""
WORKED_OUT = ("value", "value_on", "last_contact_on")


class Migration(migrations.Migration):
    dependencies = [("clients", "0020_a_segment_is_counted_in_its_index")]
    operations = [
        migrations.AddField("client", "closed_on", models.DateField(blank=True, null=True)),
        migrations.RunSQL(CLOSING, NOT_CLOSING),
        migrations.AddConstraint(
            "client",
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="a_closed_file_says_since_when",
            ),
        ),
        migrations.AddIndex(
            "client",
            models.Index(
                fields=["closed_on", "id"], name="client_closed", condition=Q(closed_on__isnull=False)
            ),
        ),
        with_field_history("clients_client", client="id", without=WORKED_OUT),
        migrations.RunSQL(GOING, migrations.RunSQL.noop),
        for_the_application("is_being_deleted"),
    ]
