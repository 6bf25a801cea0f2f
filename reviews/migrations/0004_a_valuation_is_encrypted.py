from django.db import migrations

import vault.fields
from vault.migrating import EncryptColumn


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0003_behind_the_second_wall'),
        ('vault', '0001_which_keys_are_known'),
    ]

    operations = [
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
