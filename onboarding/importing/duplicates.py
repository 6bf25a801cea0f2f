"""Who of a staged file is in the bank already, or twice in the file: found for all lines at once.

A duplicate is a judgement and stops nothing: it is told, and a person decides.
"""

from typing import Any

LISTED = 1_000  # of those who are here already; all are counted

# A number that stands behind a barrier is told by the barrier: who imports manages those too, but does not
# see the file, so the line is counted and not listed.
MARK_KNOWN = """
UPDATE onboarding_stagedclient staged SET known = true
FROM (SELECT number FROM clients_client UNION ALL
      SELECT number FROM clients_barrierfile WHERE upper_inf(during)) client
WHERE staged.of_id = %(of)s AND NOT staged.known AND client.number = staged.number
"""
LIST_KNOWN = """
INSERT INTO onboarding_importproblem (of_id, kind, line, "column", value, reason, other_id)
SELECT of_id, 'known', line, 'number', staged.number,
       CASE WHEN client.kind = staged.kind AND lower(client.name) = lower(staged.name)
            THEN 'is here already; the line changes nothing'
            ELSE 'is the number of somebody called otherwise here; the line changes nothing' END,
       client.id
FROM onboarding_stagedclient staged JOIN clients_client client ON client.number = staged.number
WHERE of_id = %(of)s AND known
ORDER BY (lower(client.name) <> lower(staged.name)) DESC, line LIMIT %(listed)s
"""
_FIND = """
INSERT INTO onboarding_importproblem (of_id, kind, line, "column", value, reason, other_id)
"""
# The words of a name in any order and without accents, and the day of birth; of firms the country.
TWICE_BY_NAME = """
WITH line AS (
    SELECT line, name, words, kind, coalesce(born_on::text, domicile) AS born FROM onboarding_stagedclient
    WHERE of_id = %(of)s AND NOT known AND (kind = 'organisation' OR born_on IS NOT NULL)
), twice AS (
    SELECT words, kind, born, min(line) AS first FROM line GROUP BY words, kind, born HAVING count(*) > 1
)
SELECT %(of)s, 'duplicate', line, 'name', left(name, 200),
       'is called and born like line ' || first || '; both would be loaded', NULL::bigint
FROM line JOIN twice USING (words, kind, born) WHERE line <> first
"""
# Their blind indexes: equal numbers, however they are written, have equal ones.
_PAPERS = """
(VALUES ('passport', passport_country, split_part(passport, '.', 2)),
        ('id_card', id_card_country, split_part(id_card, '.', 2)),
        ('register', register_country, split_part(register, '.', 2)), ('lei', '', split_part(lei, '.', 2))
) AS paper (kind, country, number)
"""
TWICE_BY_PAPER = f"""
WITH paper AS (
    SELECT line, paper.kind, paper.country, paper.number
    FROM onboarding_stagedclient staged CROSS JOIN LATERAL {_PAPERS}
    WHERE of_id = %(of)s AND NOT known AND paper.number <> ''
), twice AS (
    SELECT kind, country, number, min(line) AS first FROM paper
    GROUP BY kind, country, number HAVING count(*) > 1
)
SELECT %(of)s, 'duplicate', line, kind, '',
       'is the number of line ' || first || ' too; both would be loaded', NULL::bigint
FROM paper JOIN twice USING (kind, country, number) WHERE line <> first
"""  # noqa: S608
HERE_BY_NAME = """
SELECT DISTINCT ON (staged.line) %(of)s, 'duplicate', staged.line, 'name', left(staged.name, 200),
       'somebody of this name and birth is here under another number', same.client_id
FROM onboarding_stagedclient staged JOIN (
    SELECT party.client_id, staged.id FROM onboarding_stagedclient staged
    JOIN clients_party party ON party.is_client AND party.born_on = staged.born_on
     AND lower(party.name) = lower(staged.name)
    WHERE staged.of_id = %(of)s AND NOT staged.known
    UNION
    SELECT party.client_id, staged.id FROM onboarding_stagedclient staged
    JOIN clients_searchname found ON found.words = staged.words
    JOIN clients_party party ON party.client_id = found.client_id AND party.is_client
     AND party.kind = staged.kind AND (party.born_on = staged.born_on OR party.kind = 'organisation')
    WHERE staged.of_id = %(of)s AND NOT staged.known
) AS same ON same.id = staged.id
ORDER BY staged.line, same.client_id
"""
# Papers first, and by themselves: else the planner compares every line with every paper of the bank.
HERE_BY_PAPER = f"""
WITH paper AS MATERIALIZED (
    SELECT line, paper.kind, paper.country, paper.number
    FROM onboarding_stagedclient staged CROSS JOIN LATERAL {_PAPERS}
    WHERE of_id = %(of)s AND NOT known AND paper.number <> ''
)
SELECT DISTINCT ON (paper.line) %(of)s, 'duplicate', paper.line, paper.kind, '',
       'somebody with this paper is here under another number', known.client_id
FROM paper JOIN clients_identifier known ON known.number_index = paper.number AND known.kind = paper.kind
WHERE known.country = paper.country OR paper.kind = 'lei'
ORDER BY paper.line, known.client_id
"""  # noqa: S608


# The staging table was just filled, so the planner takes it for empty and would look line by line.
_PLAN = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"


def mark_known(cursor: Any, import_id: int) -> int:
    """Lines whose client number is here: they change nothing. How many."""
    cursor.execute(_PLAN)
    asked = {"of": import_id, "listed": LISTED}
    cursor.execute(MARK_KNOWN, asked)
    known = int(cursor.rowcount)
    if known:
        cursor.execute(LIST_KNOWN, asked)
    return known


def find(cursor: Any, import_id: int) -> int:
    """Tell of each line that may be a duplicate; how many there are."""
    cursor.execute(_PLAN)
    found = 0
    for query in (TWICE_BY_NAME, TWICE_BY_PAPER, HERE_BY_NAME, HERE_BY_PAPER):
        cursor.execute(_FIND + query, {"of": import_id})
        found += int(cursor.rowcount)
    return found
