from django.db import migrations

import vault.fields
from vault.migrating import EncryptColumn


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0003_behind_the_second_wall'),
        ('vault', '0001_which_keys_are_known'),
    ]

    operations = [
        # Rows are written and their table is changed in one transaction: nothing may wait for its end.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='review',
            name='valuation',
            field=vault.fields.EncryptedJSONField(bound_to=('client_id',), default=dict),
        ),
        EncryptColumn('reviews_review', 'valuation', bound_to=('client_id',)),
        migrations.AddConstraint(
            model_name='review',
            constraint=vault.fields.is_encrypted('valuation', 'a_valuation_is_encrypted'),
        ),
    ]
