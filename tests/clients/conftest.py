"""A bank large enough for the planner to have to choose: temporary copies of our tables and their indexes."""

import psycopg2
import pytest

TABLES = ("clients_client", "clients_searchname", "clients_searchword", "clients_searchkey")
CROWD = """
INSERT INTO clients_client (
    id, number, kind, name, book_id, domicile, language, currency, preferred_channel, preferences, branch,
    vulnerable, since_on, state, segment, stage, risk, kyc_due_on, value, last_contact_on)
SELECT g, 'C-' || g, 'person', md5(g::text), 1 + g % 40, CASE WHEN g % 200 = 0 THEN 'IR' ELSE 'CH' END,
    'en', 'EUR', 'call', '', '', false, '2020-01-01',
    CASE WHEN g % 50 = 0 THEN 'closed' ELSE 'active' END,
    CASE WHEN g % 100 = 0 THEN 'corporate' ELSE 'mass' END,
    CASE WHEN g % 100 = 1 THEN 'student' ELSE 'family' END,
    CASE WHEN g % 90 = 0 THEN 'high' ELSE 'low' END,
    date '2026-11-01' + g * 7919 % 4000, g * 104729 % 5050000, date '2026-11-01' - g * 31 % 91
FROM generate_series(1, 20000) g;
INSERT INTO clients_searchname SELECT g, ARRAY[md5((g % 15000)::text), md5((g % 300)::text || 'x')]
FROM generate_series(1, 20000) g;
INSERT INTO clients_searchword SELECT DISTINCT unnest(words) FROM clients_searchname;
INSERT INTO clients_searchkey (id, client_id, key) SELECT g, g, md5(g::text || 'k')
FROM generate_series(1, 20000) g;
"""


@pytest.fixture(scope="session")
def plan_of(django_db_setup):
    """`plan_of(sql, params)`: how PostgreSQL would run it over 20,000 clients in 40 books, statistics made.

    As the owner, in temporary tables that hide the real ones and are gone with the connection.
    """
    from django.db import connection

    from rmcrm.settings import database, env

    owner = database(env("DATABASE_OWNER_URL"))
    bank = psycopg2.connect(
        dbname=connection.settings_dict["NAME"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        host=owner["HOST"],
        port=owner["PORT"],
    )
    bank.autocommit = True  # VACUUM wants it, and without VACUUM a GIN index looks dear
    with bank.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING INDEXES INCLUDING DEFAULTS)"
            )
        cursor.execute(CROWD)
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")

        def explained(sql, params=None):
            cursor.execute(f"EXPLAIN {sql}", params)
            return "\n".join(line for (line,) in cursor.fetchall())

        yield explained
    bank.close()
