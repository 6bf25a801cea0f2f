from django.db import migrations

from clients.wall import behind_the_wall, for_the_application

# What was said, the latest first, within what is carried: see SEARCHING in clients/migrations/0010.
# The expression is that of the index "interaction_words", letter for letter.
SEARCHING = """
CREATE FUNCTION interactions_with_words(
    asked text, since timestamptz, until timestamptz, only_channel text, most integer
) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 1000 AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT i.id FROM clients_interaction i JOIN clients_client c ON c.id = i.client_id'
        ' WHERE to_tsvector(''simple'', i.summary || '' '' || i.notes) @@ websearch_to_tsquery(''simple'', $1)'
        ' AND %s%s%s%s ORDER BY i.at DESC, i.id DESC LIMIT $5',
        carried_condition(),
        CASE WHEN since IS NOT NULL THEN ' AND i.at >= $2' END,
        CASE WHEN until IS NOT NULL THEN ' AND i.at < $3' END,
        CASE WHEN only_channel <> '' THEN ' AND i.channel = $4' END
    ) USING asked, since, until, only_channel, most;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0012_the_audit_of_interactions"), ("clients", "0010_the_second_wall")]
    operations = [
        migrations.RunSQL(SEARCHING, "DROP FUNCTION interactions_with_words"),
        for_the_application("interactions_with_words"),
        behind_the_wall(
            "compliance_adversenote",
            "compliance_approval",
            "compliance_consent",
            "compliance_dryrunrow",
            "compliance_filegap",
            "compliance_hitstep",
            "compliance_kycfile",
            "compliance_kycreview",
            "compliance_measure",
            "compliance_offchanneluse",
            "compliance_peprole",
            "compliance_ratingoverride",
            "compliance_ratingrecord",
            "compliance_reminder",
            "compliance_reviewtrigger",
            "compliance_sampleitem",
            "compliance_samplestep",
            "compliance_screeninghit",
        ),
    ]
