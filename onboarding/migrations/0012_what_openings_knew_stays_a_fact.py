"""Products wanted and joint holders' answers of openings that are there become facts, by which a file is rated."""

from django.db import migrations

FACTS = """
UPDATE compliance_kycfile kyc SET products = ARRAY(
    SELECT DISTINCT each FROM jsonb_array_elements_text(opening.products) each ORDER BY each
)
FROM onboarding_onboarding opening
WHERE opening.client_id = kyc.client_id AND jsonb_array_length(opening.products) > 0;
UPDATE compliance_kycfile kyc SET pep_holders = said.yes
FROM (SELECT client_id, array_agg(party_id ORDER BY party_id) AS yes FROM onboarding_holderfacts WHERE pep GROUP BY 1) said
WHERE said.client_id = kyc.client_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0011_a_lead_is_set_aside"),
        ("compliance", "0022_products_and_joint_holders_are_rated"),
    ]
    operations = [migrations.RunSQL(FACTS, migrations.RunSQL.noop)]
