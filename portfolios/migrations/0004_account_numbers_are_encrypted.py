from django.db import migrations, models

import vault.fields
from vault.migrating import EncryptColumn


class Migration(migrations.Migration):

    dependencies = [
        ('portfolios', '0003_behind_the_second_wall'),
        ('vault', '0001_which_keys_are_known'),
    ]

    operations = [
        # Rows are written and their table is changed in one transaction: nothing may wait for its end.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name='account', name='an_account_number_is_given_once'),
        migrations.AlterField(
            model_name='account',
            name='number',
            field=vault.fields.EncryptedTextField(bound_to=('client_id',), indexed=True, max_length=40),
        ),
        migrations.AlterField(
            model_name='standingorder',
            name='account_to',
            field=vault.fields.EncryptedTextField(bound_to=('client_id',), max_length=40),
        ),
        EncryptColumn('portfolios_account', 'number', bound_to=('client_id',), indexed=True),
        EncryptColumn('portfolios_standingorder', 'account_to', bound_to=('client_id',)),
        migrations.AddField(
            model_name='account',
            name='number_index',
            field=vault.fields.index_of('number'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('number_index',), name='an_account_number_is_given_once'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=vault.fields.is_encrypted('number', 'an_account_number_is_encrypted'),
        ),
        migrations.AddConstraint(
            model_name='standingorder',
            constraint=vault.fields.is_encrypted('account_to', 'where_a_standing_order_goes_is_encrypted'),
        ),
    ]
