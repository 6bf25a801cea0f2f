from django.db import migrations

# A party made in this transaction waits already, and nobody has seen it yet: its papers ask for no second turn.
# In a savepoint the row has another number and is asked for again, which does no harm.
ONCE = """
CREATE OR REPLACE FUNCTION compliance_paper_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO compliance_partytoscreen (party_id, change)
    SELECT written.party_id, nextval('compliance_change') FROM (SELECT DISTINCT party_id FROM papers) written
    WHERE NOT EXISTS (
        SELECT FROM compliance_partytoscreen waiting
        WHERE waiting.party_id = written.party_id AND waiting.xmin = pg_current_xact_id()::xid
    )
    ON CONFLICT (party_id) DO UPDATE SET change = EXCLUDED.change;
    RETURN NULL;
END $$;
"""
EACH_TIME = """
CREATE OR REPLACE FUNCTION compliance_paper_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO compliance_partytoscreen (party_id, change)
    SELECT written.party_id, nextval('compliance_change') FROM (SELECT DISTINCT party_id FROM papers) written
    ON CONFLICT (party_id) DO UPDATE SET change = EXCLUDED.change;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0007_every_rating_stays_and_figures_are_tried'),
    ]

    operations = [
        migrations.RunSQL(ONCE, EACH_TIME),
    ]
