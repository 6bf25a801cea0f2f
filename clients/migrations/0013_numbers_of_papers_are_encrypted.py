from django.db import migrations, models
from django.db.models import Q

import vault.fields
from vault.cipher import box
from vault.migrating import CHUNK, EncryptColumn

ON_PARTY = ('client_id', 'party_id')
# Of the keys a search goes by, those of accounts: neither the client's number, nor a phone, nor an address.
_PLAIN = r"""
SELECT each.id, each.key FROM clients_searchkey each JOIN clients_client client ON client.id = each.client_id
WHERE each.id > %s AND each.key NOT LIKE '=%%' AND position('@' IN each.key) = 0
  AND each.key <> lower(regexp_replace(client.number, '[^0-9A-Za-z]', '', 'g'))
  AND NOT EXISTS (SELECT FROM clients_contactpoint point WHERE point.client_id = each.client_id
                  AND each.key = lower(regexp_replace(point.value, '[^0-9A-Za-z]', '', 'g')))
ORDER BY each.id LIMIT %s
"""


class HideAccountKeys(migrations.RunPython):
    """Of an account only the blind index stays: it is found by its whole number."""

    reduces_to_sql = False

    def __init__(self):
        super().__init__(self._hide, migrations.RunPython.noop)

    def deconstruct(self):
        return self.__class__.__qualname__, [], {}

    @staticmethod
    def _hide(apps, schema_editor):
        last = 0
        with schema_editor.connection.cursor() as cursor:
            while True:
                cursor.execute(_PLAIN, [last, CHUNK])
                rows = cursor.fetchall()
                if not rows:
                    return
                keys = [f"={box().index_of('clients_searchkey.key', key)}" for _id, key in rows]
                cursor.execute(
                    "UPDATE clients_searchkey SET key = new.key FROM unnest(%s::bigint[], %s::text[]) AS new (id, key)"
                    " WHERE clients_searchkey.id = new.id",
                    [[pk for pk, _key in rows], keys],
                )
                last = rows[-1][0]


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0012_a_file_is_opened_for_a_purpose_and_in_need'),
        ('vault', '0001_which_keys_are_known'),
    ]

    operations = [
        # Rows are written and their table is changed in one transaction: nothing may wait for its end.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name='identifier', name='identifier_number'),
        migrations.AlterField(
            model_name='identifier',
            name='number',
            field=vault.fields.EncryptedTextField(bound_to=ON_PARTY, indexed=True, max_length=50),
        ),
        migrations.AlterField(
            model_name='taxresidence',
            name='number',
            field=vault.fields.EncryptedTextField(blank=True, bound_to=ON_PARTY, indexed=True, max_length=50),
        ),
        EncryptColumn('clients_identifier', 'number', bound_to=ON_PARTY, indexed=True),
        EncryptColumn('clients_taxresidence', 'number', bound_to=ON_PARTY, indexed=True),
        HideAccountKeys(),
        migrations.AddField(
            model_name='identifier',
            name='number_index',
            field=vault.fields.index_of('number'),
        ),
        migrations.AddField(
            model_name='taxresidence',
            name='number_index',
            field=vault.fields.index_of('number'),
        ),
        migrations.AddIndex(
            model_name='identifier',
            index=models.Index(fields=['number_index'], name='identifier_number'),
        ),
        migrations.AddIndex(
            model_name='taxresidence',
            index=models.Index(condition=~Q(number_index=''), fields=['number_index'], name='tax_number'),
        ),
        migrations.AddConstraint(
            model_name='identifier',
            constraint=vault.fields.is_encrypted('number', 'the_number_of_a_paper_is_encrypted'),
        ),
        migrations.AddConstraint(
            model_name='taxresidence',
            constraint=vault.fields.is_encrypted('number', 'a_tax_number_is_encrypted'),
        ),
    ]
