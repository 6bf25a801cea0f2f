import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clients.wall import for_the_application

PURPOSES = ["advice", "opinion", "service", "complaint", "transaction", "break_glass"]

# A file that the person does not see is found by its number here and nowhere else, and only together with the grant
# that says so: nobody learns of a file and leaves no trace. Whoever is carried must be on the staff and have books;
# a barrier hides the file in spite of the grant, and who asked undoes it then; behind one nothing is made, or the
# number that is drawn for a grant would tell of it.
# A number that several files bear opens none.
BREAKING = """
CREATE FUNCTION break_glass(wanted text, why text, since timestamptz, until timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person bigint := nullif(current_setting('rmcrm.person', true), '')::bigint;
    file bigint;
    made bigint;
BEGIN
    SELECT c.id INTO file FROM clients_client c WHERE c.number = wanted;
    INSERT INTO clients_clientgrant
        (user_id, permission_id, content_object_id, granted_by_id, purpose, reason, starts_at, ends_at)
    SELECT u.id, p.id, file, u.id, 'break_glass', why, since, until
    FROM staff_user u, auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
    WHERE u.id = person AND u.is_active AND reach_of_role(u.role) IN ('books', 'team') AND file IS NOT NULL
        AND t.app_label = 'clients' AND t.model = 'client' AND p.codename = 'view_client'
        AND is_open_to(file)
    RETURNING id INTO made;
    RETURN made;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0011_information_barriers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "clientgrant",
            "purpose",
            models.CharField(
                choices=[
                    ("advice", "Specialist advice"),
                    ("opinion", "Second opinion"),
                    ("service", "Service of the client"),
                    ("complaint", "Work on a complaint"),
                    ("transaction", "A transaction or a project"),
                    ("break_glass", "Break-glass"),
                ],
                db_default="advice",
                default="advice",
                max_length=20,
                verbose_name="purpose",
            ),
        ),
        migrations.AddField(
            "clientgrant",
            "ended_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "clientgrant",
            models.CheckConstraint(
                condition=models.Q(purpose__in=PURPOSES), name="a_grant_has_a_known_purpose"
            ),
        ),
        migrations.AddConstraint(
            "clientgrant",
            models.CheckConstraint(
                condition=~models.Q(purpose="break_glass") | models.Q(ends_at__isnull=False),
                name="a_broken_glass_is_whole_again",
            ),
        ),
        migrations.RunSQL(BREAKING, "DROP FUNCTION break_glass"),
        for_the_application("break_glass"),
    ]
