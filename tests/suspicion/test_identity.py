"""Two banks equal but for a suspicion answer everyone but the MLRO with the same bytes.

Both are this database: the stage is set once, one bank lives and is undone with its counters, then the other.
In that one suspicions were handed over, worked, reported and asked about before everybody came in.
"""

import re
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import psycopg2
import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse

from audit.record import record as shared_record
from clients.access import open_file
from compliance.models import KycFile
from rmcrm.settings import database, env
from suspicion.models import Case
from tests.cast import browser_of, make_cast
from tests.house.doors import DOORS, PEOPLE
from tests.house.stage import Stage
from tests.house.test_doors import ADDRESSES, VARIABLE, address_of, what_is_sent
from ui.carrying import NIGHT_SHIFT, carry_person, carrying

pytestmark = pytest.mark.slow
NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
SECRET = "suitcase"
# Questions that a curious colleague might ask, beside every door of the house.
CURIOUS = [
    f"/search/?q={SECRET}", "/search/?q=suspicion", "/search/?q=anna", "/clients/?sort=-value",
    f"/compliance/interactions/?words={SECRET}", "/compliance/access/?person=mira",
    "/compliance/access/?client=1", "/suspicion/cases/1/", "/suspicion/cases/2/", "/suspicion/requests/1/",
    "/inbox/?urgency=1", "/api/v1/clients/?name=anna",
]  # fmt: skip
SEALED = re.compile(r"~gAAAA[\w%=-]+")  # what was typed, another seal each time (staff/typed.py)
LOOK_AGAIN = {"rita"}  # who opens everything once more when all forms are sent
PRY = {"rita", "cora"}  # who also sends the forms of the desk that they do not have


# --- two banks in one database ---------------------------------------------------------------------------
def owner():
    place = database(env("DATABASE_OWNER_URL"))
    return psycopg2.connect(
        dbname=connection.settings_dict["NAME"],
        **{key.lower(): place[key] for key in ("USER", "PASSWORD", "HOST", "PORT")},
    )


def sequences(but="suspicion_%"):
    """Every counter of the bank: what was made anywhere moves one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE sequencename NOT LIKE %s", [but]
        )
        return dict(cursor.fetchall())


def set_back(values):
    """Undoing a transaction leaves its counters where they came to."""
    with owner() as there, there.cursor() as cursor:
        for name, value in values.items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [name, value or 1, value is not None])
    there.close()


# Of the database's own clock or of chance: the moment, the transaction, the request's number, the hash, the
# name of a stored file or of a job asked for, the seed of a draw, a session; since when a row stood so;
# which of those who are told at once has which number.
OF_CHANCE = {
    "alerts_delivery": {"id"},
    "audit_event": {"at", "xid", "row_hash", "request_id"},
    "clients_document": {"file"},
    "compliance_sampleplan": {"seed"},
    "jobs_job": {"key"},
    "django_session": None,
    "ui_answer": {"at"},
    "clients_coverage": {"since_at"},
    "clients_filebirth": {"at"},
    "clients_filechange": {"at"},
    **{
        f"{table}_history": {"stood"}
        for table in (
            "clients_clientgrant",
            "clients_coverage",
            "staff_book",
            "staff_bookmember",
            "staff_team",
            "staff_user",
        )
    },
}


def rows():
    """A digest of every shared table: all that any page could ever be made from."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, array_agg(attname::text ORDER BY attnum) FROM pg_class"
            " JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND NOT relispartition AND relname NOT LIKE 'suspicion_%' GROUP BY relname"
        )
        for table, columns in cursor.fetchall():
            chance = OF_CHANCE.get(table, set())
            if chance is None:
                continue
            listed = ", ".join(f'"{column}"' for column in columns if column not in chance)
            cursor.execute(
                f"SELECT count(*), md5(string_agg(line::text, E'\\n' ORDER BY line::text)) "
                f'FROM (SELECT {listed} FROM "{table}") line'
            )
            found[table] = cursor.fetchone()
    return found


@pytest.fixture
def stage(db):
    """Everything a door is about stands on the stage, the compartment's own objects too."""
    with time_machine.travel(NOW, tick=False):
        stage = Stage(make_cast())
        KycFile.objects.create(client=stage.client, next_review_on=NOW.date() + timedelta(days=30))
        for door in DOORS:
            if door.on and not door.secret:
                getattr(stage, door.on)
        yield stage


class Bank:
    """What everybody is answered by a bank, and what it holds in the end."""

    def __init__(self, stage, secret):
        self.stage, self.secret, self.browsers = stage, secret, {}

    def live(self, doors, people):
        """All doors opened, all forms sent, all doors opened again; then all of it undone."""
        before = sequences(but="")
        # What is encrypted twice is never alike, by chance: here without it, so that equal values are.
        with patch("vault.cipher.urandom", bytes), transaction.atomic():
            self.secret(self)
            answers = self.everything_kept("after the secret")
            for round_, method in enumerate(("GET", "POST", "GET")):
                for person in people if round_ < 2 else [who for who in people if who in LOOK_AGAIN]:
                    for url, how in self.questions(doors, person, method):
                        answers[round_, person, method, url] = self.ask(person, method, url, **how)
            answers |= self.everything_kept("in the end")
            transaction.set_rollback(True)
        set_back(before)
        return answers

    @staticmethod
    def everything_kept(when):
        """Every shared table and every shared counter, whoever was answered last."""
        with carrying(None, NIGHT_SHIFT):
            found = [*rows().items(), *sequences().items()]
        return {(when, name): kept for name, kept in found}

    def questions(self, doors, person, method):
        """(address, what is sent) of every door of this method."""
        for door in doors:
            if door.get if method == "GET" else person in door.post or (door.secret and person in PRY):
                yield self.address(door), what_is_sent(door, self.stage, method)
        for url in CURIOUS if method == "GET" else ():
            yield url, {}

    def address(self, door):
        if door.secret and door.on:  # what the team has, others can only guess
            return reverse(door.name, kwargs=dict.fromkeys(ADDRESSES[door.name][1], 1))
        return address_of(door, self.stage, missing=False)

    def ask(self, person, method, url, **how):
        answer = getattr(self.browser(person), method.lower())(url, **how)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = SEALED.sub("", VARIABLE.sub("", content.decode("utf-8", "replace")))
        for pattern, put in CHANCE:
            text = re.sub(pattern, put, text)
        headers = {name: re.sub(r"nonce-[^']+", "", value) for name, value in answer.headers.items()}
        headers = {name: SEALED.sub("", value) for name, value in headers.items()}
        headers.pop("Content-Length", None)  # of the nonces too; the text is compared
        return answer.status_code, headers, text

    def browser(self, person):
        if person not in self.browsers:
            who = self.stage.people[person]
            self.browsers[person] = browser_of(who, raise_request_exception=False)
        return self.browsers[person]


# Ids that a page makes up for its own parts, and the database's own clock (the test's stands in 2027).
CHANCE = [
    (r"\b[0-9a-f]{40}\b", "KEY"),  # to the API, shown once
    (r"\b(why|no|chart)-[0-9a-f]{8}\b", r"\1-"),
    (r'<time datetime="2026-[^"]*">[^<]*</time>', "<time>"),
    (r'name="request_id" value="[^"]*"', ""),
]


# --- the secrets -----------------------------------------------------------------------------------------
def nothing(bank):
    """Everybody logs in, Mira too, as every morning; what she does at her own desk is the secret."""
    morning(bank)
    away_from_the_desk(bank, rita="/", mira="/")


def morning(bank):
    for person in (*PEOPLE, "mira"):
        bank.browser(person)
    bank.browser("mira").get("/")


def away_from_the_desk(bank, **pages):
    """The curtain falls on the page that is open, and is drawn again."""
    for person, url in pages.items():
        for to, why in (("hidden", "idle"), ("shown", "key")):
            answer = bank.browser(person).post("/screen/", {"to": to, "why": why, "next": url})
            assert (answer.status_code, answer.headers["Location"]) == (303, url)


def everything(bank):
    """Handed over by an RM, an assistant and an administrator; worked, decided, reported, asked about."""
    morning(bank)
    client, report = bank.stage.client, reverse("suspicion:report")
    said = {"ground": "payments", "what": f"A {SECRET} of cash", "knows": "no", "form_key": "k"}
    for person, about in (("rita", {"client": client.pk}), ("lena", {"client": client.pk}), ("ada", {})):
        window = bank.browser(person)
        assert window.get(report).status_code == 200
        assert window.post(report, {"client": client.pk, "form_key": "a"}).status_code == 200
        for _twice in range(2):
            assert "Handed over" in window.post(report, said | about | {"about": SECRET}).content.decode()
    mira = bank.browser("mira")

    def post(name, about=1, **data):
        answer = mira.post(reverse(f"suspicion:{name}", args=[about]), data | {"form_key": f"{name}{about}"})
        assert answer.status_code == 303, (name, answer.content.decode())

    assert SECRET in mira.get(reverse("suspicion:desk")).content.decode()
    carry_person(bank.stage.mira.pk)
    first, second, third = Case.objects.order_by("pk").values_list("pk", flat=True)
    mira.get(reverse("suspicion:case", args=[first]))
    post("assessment", first)
    post("note_new", first, text=f"Whose {SECRET}?")
    post("decision", first, decision="report", reason="It fits nothing")
    post("draft", first, grounds=f"The {SECRET}", wanted="A transfer")
    post("filing", first, reference="FIU-77", filed_on=NOW.date())
    post("fiu_answer", first, answer="consent", answered_on=NOW.date())
    post("hold", first, hold="on", reason="The FIU asked")
    post("access", first, access="withhold", reason="It would tip off")
    post("assessment", second)
    post("decision", second, decision="no_report", reason="A wedding")
    post("assessment", third)
    post("client_found", third, number=client.number)
    asked = {"reference": "F1", "received_on": NOW.date(), "about": client.name, "asked": "All"}
    made = mira.post(reverse("suspicion:request_new"), asked | {"case": first, "form_key": "q"})
    assert mira.post(made.headers["Location"], {"answer": "Sent", "form_key": "z"}).status_code == 303
    for name, about in (("case", [first]), ("paper", [first]), ("journal", []), ("desk", [])):
        assert mira.get(reverse(f"suspicion:{name}", args=about)).status_code == 200
    paper = [first, bank.stage.document["document_id"]]
    assert mira.get(reverse("suspicion:document", args=paper)).status_code == 200
    away_from_the_desk(bank, rita=f"{report}?x=1", mira=reverse("suspicion:case", args=[first]))


def differences(with_secret, without):
    assert with_secret.keys() == without.keys()
    return [key for key in with_secret if with_secret[key] != without[key]]


# --- the proof -------------------------------------------------------------------------------------------
def test_two_banks_equal_but_for_a_suspicion_answer_everyone_with_the_same_bytes(stage):
    without = Bank(stage, nothing).live(DOORS, PEOPLE)
    with_secret = Bank(stage, everything).live(DOORS, PEOPLE)
    assert differences(with_secret, without) == []
    assert len(without) > 700
    statuses = {answer[0] for key, answer in without.items() if len(key) == 4}
    assert {200, 303, 403, 404} <= statuses
    for key, answer in with_secret.items():
        if len(key) == 4:
            assert SECRET not in answer[2] or SECRET in key[3], key


def leaks_an_opening(bank):
    """As if the desk opened the client's file the way every other page does."""
    carry_person(bank.stage.mira.pk)
    open_file(bank.stage.mira, bank.stage.client.pk, why="suspicion")


def leaks_a_number(bank):
    """As if handing over kept its form where those of all rooms are: only a counter moves."""
    nothing(bank)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ui_answer_id_seq')")


def leaks_the_journal(bank):
    """As if who opens a case were recorded in the audit of the house."""
    with patch("suspicion.selectors.record", shared_record):
        everything(bank)


def leaks_a_page(bank):
    """As if the switch of the screen told which page it was pressed on, whatever page it is."""
    with patch("rmcrm.forms.ScreenForm.page", property(lambda form: form.cleaned_data["next"])):
        everything(bank)


@pytest.mark.parametrize("leak", [leaks_an_opening, leaks_a_number, leaks_the_journal, leaks_a_page])
def test_the_proof_finds_a_leak(stage, leak):
    doors = [door for door in DOORS if door.name in {"compliance:access", "clients:task_new"}]
    without = Bank(stage, nothing).live(doors, ["cora"])
    assert differences(Bank(stage, leak).live(doors, ["cora"]), without) != []
