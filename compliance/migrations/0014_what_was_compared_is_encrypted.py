from django.db import migrations

import vault.fields
from vault.migrating import EncryptColumn

OF_HIT, OF_STEP = ('client_id', 'party_id'), ('client_id', 'hit_id')
# A paper whose value is only encrypted with another key is the same paper: nobody is compared anew for it.
TRIGGER = """
CREATE OR REPLACE FUNCTION compliance_paper_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO compliance_partytoscreen (party_id, change)
        SELECT written.party_id, nextval('compliance_change') FROM (
            SELECT DISTINCT papers.party_id FROM papers JOIN stale USING (id)
            WHERE (papers.party_id, papers.kind, papers.country, papers.number_index)
                IS DISTINCT FROM (stale.party_id, stale.kind, stale.country, stale.number_index)
        ) written
        ON CONFLICT (party_id) DO UPDATE SET change = EXCLUDED.change;
    ELSE
        INSERT INTO compliance_partytoscreen (party_id, change)
        SELECT written.party_id, nextval('compliance_change') FROM (SELECT DISTINCT party_id FROM papers) written
        WHERE NOT EXISTS (
            SELECT FROM compliance_partytoscreen waiting
            WHERE waiting.party_id = written.party_id AND waiting.xmin = pg_current_xact_id()::xid
        )
        ON CONFLICT (party_id) DO UPDATE SET change = EXCLUDED.change;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER paper_changed ON clients_identifier;
CREATE TRIGGER paper_changed AFTER UPDATE ON clients_identifier
    REFERENCING OLD TABLE AS stale NEW TABLE AS papers
    FOR EACH STATEMENT EXECUTE FUNCTION compliance_paper_written();
"""
# The sentence stays readable, for the queue is of sentences: the number that was in it goes.
SENTENCES = """
UPDATE compliance_screeninghit
SET sentence = regexp_replace(sentence, 'a paper has the same number: [^;.]*', 'a paper has the same number')
WHERE sentence LIKE '%a paper has the same number: %'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0013_behind_the_second_wall'),
        ('clients', '0013_numbers_of_papers_are_encrypted'),
    ]

    operations = [
        # Rows are written and their table is changed in one transaction: nothing may wait for its end.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, migrations.RunSQL.noop),
        migrations.RunSQL(SENTENCES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='screeninghit',
            name='compared',
            field=vault.fields.EncryptedJSONField(bound_to=OF_HIT, default=dict),
        ),
        migrations.AlterField(
            model_name='hitstep',
            name='changes',
            field=vault.fields.EncryptedJSONField(bound_to=OF_STEP, default=list),
        ),
        migrations.AlterField(
            model_name='hitstep',
            name='snapshot',
            field=vault.fields.EncryptedJSONField(bound_to=OF_STEP, default=dict),
        ),
        EncryptColumn('compliance_screeninghit', 'compared', bound_to=OF_HIT),
        EncryptColumn('compliance_hitstep', 'changes', bound_to=OF_STEP),
        EncryptColumn('compliance_hitstep', 'snapshot', bound_to=OF_STEP),
        migrations.AddConstraint(
            model_name='screeninghit',
            constraint=vault.fields.is_encrypted('compared', 'what_a_hit_compared_is_encrypted'),
        ),
        migrations.AddConstraint(
            model_name='hitstep',
            constraint=vault.fields.is_encrypted('changes', 'what_changed_is_encrypted'),
        ),
        migrations.AddConstraint(
            model_name='hitstep',
            constraint=vault.fields.is_encrypted('snapshot', 'what_a_decision_was_made_on_is_encrypted'),
        ),
    ]
