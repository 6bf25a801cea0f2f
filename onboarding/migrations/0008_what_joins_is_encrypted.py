from django.db import migrations

import vault.fields
from vault.migrating import EncryptColumn

ON_PARTY = ('client_id', 'party_id')
STAGED = {
    'passport': ('clients_identifier', 50),
    'id_card': ('clients_identifier', 50),
    'register': ('clients_identifier', 50),
    'lei': ('clients_identifier', 20),
    'tax_number': ('clients_taxresidence', 50),
}
# Lines that wait to be loaded are checked anew, which encrypts them; what was told of wrong cells loses the cells.
ANEW = """
DELETE FROM onboarding_stagedclient;
UPDATE onboarding_clientimport SET state = 'uploaded' WHERE state IN ('checking', 'checked', 'loading');
UPDATE onboarding_importproblem SET value = '' WHERE value <> '';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0007_behind_the_second_wall'),
        ('vault', '0001_which_keys_are_known'),
    ]

    operations = [
        # Rows are written and their table is changed in one transaction: nothing may wait for its end.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(ANEW, migrations.RunSQL.noop),
        *(
            migrations.AlterField(
                model_name='stagedclient',
                name=name,
                field=vault.fields.EncryptedTextField(
                    bound_to=ON_PARTY, indexed=True, max_length=most, stands_for=f'{table}.number'
                ),
            )
            for name, (table, most) in STAGED.items()
        ),
        migrations.AlterField(
            model_name='plannedaccount',
            name='funded_from',
            field=vault.fields.EncryptedTextField(blank=True, bound_to=('client_id',), max_length=34),
        ),
        migrations.AlterField(
            model_name='selfcertification',
            name='residences',
            field=vault.fields.EncryptedJSONField(bound_to=ON_PARTY, default=list),
        ),
        EncryptColumn('onboarding_plannedaccount', 'funded_from', bound_to=('client_id',)),
        EncryptColumn('onboarding_selfcertification', 'residences', bound_to=ON_PARTY),
        *(
            migrations.AddConstraint(
                model_name='stagedclient',
                constraint=vault.fields.is_encrypted(name, f'a_staged_{name}_is_encrypted'),
            )
            for name in STAGED
        ),
        migrations.AddConstraint(
            model_name='plannedaccount',
            constraint=vault.fields.is_encrypted('funded_from', 'where_first_money_comes_from_is_encrypted'),
        ),
        migrations.AddConstraint(
            model_name='selfcertification',
            constraint=vault.fields.is_encrypted('residences', 'what_was_certified_is_encrypted'),
        ),
    ]
