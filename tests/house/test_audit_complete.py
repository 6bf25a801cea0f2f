"""Through every door once: what was read, changed or denied is in the audit exactly once, and without the
audit nothing of a client is served."""

from collections import Counter

import psycopg2
import pytest
from django.db import connection, transaction

from rmcrm.settings import database, env
from tests.drills import DRILL
from tests.house.doors import DOORS, Door
from tests.house.stage import Stage
from tests.house.standing import *  # noqa: F403
from tests.house.test_doors import address_of, what_is_sent

# A page that is read without an event, and why: nothing of a client is on it.
NOTHING_READ = {
    "alerts:bell": "a poll: a number",
    "outbox": "mails carry counts and links only",
    "team": "figures of books; the clients behind one are a list of its own",
    "job": "how far a job is",
    "clients:lead_new": "an empty form",
    "compliance:glass_new": "an empty form",
    "clients:brake": "how many files one opened oneself",
    "compliance:recertifications": "which team owes what: no client is on it",
    "clients:covers": "who works here: no client is on it",
    "onboarding:opening_new": "an empty form; what it finds alike is an event of its own",
    "onboarding:imports": "numbers of files that were brought in",
    "onboarding:import_mapping_file": "which column of a file is which field",
    **dict.fromkeys(("account", "account_sessions_of"), "one's own account"),
    "account_password_of": "an empty form",
    "api:schema": "a description of the API",
    "compliance:reports": "which reports there are",
    **{
        f"compliance:report_{code}": "counts of clients"
        for code in ("risk", "reviews", "screening", "interactions")
    },
    "compliance:sample_plans": "counts of records; what was drawn is a list of its own",
    "compliance:sample_plan": "likewise",
    "compliance:attestation": "an empty form of one's own",
    "compliance:attestations": "who of the staff attested",
    "compliance:lists": "what sanctions lists hold",
    "compliance:list_version": "what a sanctions list holds",
    "compliance:trial": "of a draft that was never tried: no client is judged yet",
    "compliance:dry_run": "of a draft that was never tried: no client is judged yet",
    **{
        f"rulebook:{name}": "figures of the bank"
        for name in ("packs", "countries", "pack", "version", "figures")
    },
    "suspicion:report": "an empty form, and one answer for all",
    "suspicion:request_new": "an empty form",
}  # fmt: skip


def reads_nothing(door: Door, person: str) -> bool:
    # The first page is what the person's own first page is: a lead's and an administrator's have no client.
    return door.name in NOTHING_READ or (door.name == "home" and person in ("theo", "ada"))


def events_behind(cursor, last: dict[str, int], stage: Stage) -> list[str]:
    """Verbs of what was recorded since, in the audit and in the journal of the compartment, which Mira may
    read."""
    cursor.execute("SELECT set_config('rmcrm.person', %s, true)", [str(stage.mira.pk)])
    verbs = []
    for table, number in last.items():
        cursor.execute(f"SELECT verb FROM {table} WHERE id > %s ORDER BY id", [number])
        verbs += [verb for (verb,) in cursor.fetchall()]
    return verbs


def ask(browser, method: str, url: str, stage: Stage, **how):
    """The answer, and the verbs recorded meanwhile; everything is undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        last = {}
        cursor.execute("SELECT set_config('rmcrm.person', %s, true)", [str(stage.mira.pk)])
        for table in ("audit_event", "suspicion_event"):
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            (last[table],) = cursor.fetchone()
        answer = getattr(browser, method.lower())(url, **how)
        answer.headers  # noqa: B018
        verbs = events_behind(cursor, last, stage)
        transaction.set_rollback(True)
    return answer, verbs


def askers(door: Door) -> list[str]:
    """One person for each way the door answers, and Mira, who has another journal; the drill takes all."""
    if DRILL:
        return door.people
    ways = {}
    for person in door.people:
        way = [door.expected(person, method, gone) for method in ("GET", "POST") for gone in (False, True)]
        ways.setdefault((person == "mira", *way), person)
    return list(ways.values())


@pytest.mark.parametrize("door", DOORS, ids=[door.name for door in DOORS])
def test_what_happens_behind_a_door_is_recorded_once(door: Door, stage, logged_in):
    wrong = []
    for missing in (False, True) if door.on else (False,):
        url = address_of(door, stage, missing)
        for person in askers(door):
            for method in ("GET", "POST"):
                answer, verbs = ask(
                    logged_in[person], method, url, stage, **what_is_sent(door, stage, method)
                )
                why = refusal_of(door, person, method, answer.status_code, verbs)
                if why:
                    wrong.append(f"{person} {method} {url} {answer.status_code} {verbs}: {why}")
    assert wrong == []


def refusal_of(door: Door, person: str, method: str, status: int, verbs: list[str]) -> str:
    """Why these events are not the right ones, or ""."""
    if status in (403, 404):
        return "" if verbs == ["denied"] else "a denial is recorded once, and nothing else"
    if method == "GET" and status == 200:
        if reads_nothing(door, person):
            return "" if verbs == [] else "nothing was read there: why an event?"
        return "" if len(verbs) == 1 else "what was read is recorded once"
    if status in (
        200,
        201,
        303,
    ):  # a write; behind the form of a file the file was opened, which is another fact
        twice = [verb for verb, count in Counter(verbs).items() if count > 1 and verb not in MANY]
        writes = [verb for verb in verbs if verb != "file opened"]
        nothing = door.name in NOTHING_WRITTEN or (method == "POST" and door.name in ASKED_BY_POST)
        return "" if (writes and not twice) or nothing else "a change is recorded once"
    if status == 422 and door.on and not reads_nothing(door, person):
        return "" if len(verbs) == 1 else "the form again shows the file: recorded once"
    if status == 422 and door.name in LISTS_WITH_A_FORM:
        return "" if verbs == ["list shown"] else "the list again, with what was typed: recorded once"
    if status == 409 and door.name in TRIED:
        return "" if verbs == ["denied"] else "that it was tried is recorded once"
    return "" if verbs in ([], ["file opened"]) else "nothing was done there"


MANY = {"consent given", "alerts looked for"}  # one for each purpose; one for each rule
TRIED = {"compliance:glass_new"}  # where a refusal is worth an event
# Where what is typed is posted, and leads to an address: the list that this shows is recorded (ADR 24).
ASKED_BY_POST = {
    "clients:list", "search", "compliance:interactions", "compliance:access", "compliance:owner_search",
}  # fmt: skip
# What is done by the dozen is posted to its own list, which tells what was wrong.
LISTS_WITH_A_FORM = {"compliance:kyc", "compliance:gaps", "compliance:hits"}
# Doors whose POST may find that there is nothing to do: then nothing is written down.
NOTHING_WRITTEN = {
    "suspicion:report": "in the journal of the compartment, as who reported it",
    "clients:view_removal": "a view that is not there need not be removed",
    "compliance:attestation": "a form that asks again, empty as it was sent",
}


# --- the audit takes nothing -------------------------------------------------------------------------------
@pytest.fixture
def broken_audit(stage):
    """(break it, mend it): the owner takes INSERT away from the application, and gives it back."""
    owner = database(env("DATABASE_OWNER_URL"))
    place = {key.lower(): owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    link = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    link.autocommit = True
    app = database(env("DATABASE_URL"))["USER"]
    columns = (
        "verb, by_id, by_login, by_role, path, why, subject_type, subject_id, client_id, source, ip,"
        " request_id, payload"
    )

    def run(sql):
        with link.cursor() as cursor:
            cursor.execute(sql)

    def mend():
        run(f"GRANT INSERT ({columns}) ON audit_event, suspicion_event TO {app}")

    yield lambda: run(f"REVOKE INSERT ({columns}) ON audit_event, suspicion_event FROM {app}"), mend
    mend()
    link.close()


def test_without_the_audit_no_door_serves_anything_of_a_client(stage, logged_in, broken_audit):
    revoke, give_back = broken_audit
    doors = [(door, address_of(door, stage, False)) for door in DOORS]
    sent = {
        (door.name, method): what_is_sent(door, stage, method) for door in DOORS for method in ("GET", "POST")
    }
    for person in {person for door in DOORS for person in door.people}:
        logged_in[person]  # a login is an event, too
    names = [stage.cast.anna.name.encode(), stage.cast.omar.name.encode(), b"C-00000"]
    wrong, tried = [], 0
    revoke()
    try:
        for door, url in doors:
            for person in door.people:
                for method in ("GET", "POST"):
                    expected = door.expected(person, method, False)
                    if expected == (405,):
                        continue
                    with transaction.atomic():
                        answer = getattr(logged_in[person], method.lower())(url, **sent[door.name, method])
                        body = b"" if answer.streaming else answer.content
                        transaction.set_rollback(True)
                    tried += 1
                    silent = reads_nothing(door, person) or door.name in NOTHING_WRITTEN
                    silent |= method == "POST" and door.name in ASKED_BY_POST
                    if any(name in body for name in names) or answer.streaming:
                        wrong.append(f"{door.name} {person} {method}: client data, {answer.status_code}")
                    elif (
                        answer.status_code != 503
                        and not silent
                        and (
                            expected == (200,)
                            or expected in ((403,), (404,))
                            or answer.status_code in (200, 303)
                        )
                    ):
                        wrong.append(f"{door.name} {person} {method}: {answer.status_code}")
    finally:
        give_back()
    assert wrong == []
    assert tried > 1000
