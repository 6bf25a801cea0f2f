"""The whole record of a contact; locked, it is neither changed nor removed, and only added to."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Also for who walks around the application: what was locked stays as it was.
LOCK = """
CREATE FUNCTION clients_record_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
CREATE FUNCTION clients_addendum_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an addendum is neither changed nor removed';
END $$;
CREATE TRIGGER record_is_locked BEFORE UPDATE OR DELETE ON clients_interaction
    FOR EACH ROW EXECUTE FUNCTION clients_record_is_locked();
CREATE TRIGGER addendum_stays BEFORE UPDATE OR DELETE ON clients_addendum
    FOR EACH ROW EXECUTE FUNCTION clients_addendum_stays();
"""
UNLOCK = """
DROP TRIGGER addendum_stays ON clients_addendum;
DROP TRIGGER record_is_locked ON clients_interaction;
DROP FUNCTION clients_addendum_stays();
DROP FUNCTION clients_record_is_locked();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0008_the_richest_of_a_segment_are_found_by_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='interaction',
            name='colleagues',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)), default=list, size=None, verbose_name='colleagues who attended'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='follow_up',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='follow-up'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='inducement',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='inducement or gift'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='jurisdiction',
            field=models.CharField(blank=True, db_default='', default='', max_length=2, verbose_name='country where the client was'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='late_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='why it is logged late'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='lock_hours',
            field=models.PositiveSmallIntegerField(db_default=24),
        ),
        migrations.AddField(
            model_name='interaction',
            name='off_channel',
            field=models.BooleanField(db_default=False, default=False, verbose_name='on a channel that is not recorded'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='order_details',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='order'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='products',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='products discussed'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='recording',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='recording'),
        ),
        migrations.AlterField(
            model_name='interaction',
            name='attendees',
            field=models.CharField(blank=True, max_length=300, verbose_name='attendees of the client'),
        ),
        migrations.CreateModel(
            name='Addendum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='addendum')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addenda', to='clients.client')),
                ('interaction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addenda', to='clients.interaction')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='an_addendum_says_something')],
            },
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['logged_at'], name='interaction_logged'),
        ),
        migrations.RunSQL(LOCK, UNLOCK),
    ]
