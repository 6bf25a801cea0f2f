"""T19, in small: what a thief of the database reads. Numbers typed by any way there is are in no row."""

import base64
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Party
from compliance.actions import confirm_hit, propose_hit, screen_client
from compliance.models import HitStep, ScreeningHit
from jobs.actions import run_due
from onboarding.actions import compare_openings
from onboarding.models import ClientImport, Onboarding, StagedClient
from portfolios.models import Account
from reviews.actions import prepare_review
from staff.night import night_shift
from tests.compliance.stage import KONY, bring, second_officer
from tests.onboarding.imports import EMIL, FIRM, HEAD, NORA, told, upload
from tests.portfolios.make import account, holding, mandate, price, product, rate
from tests.rmcrm.test_import_bank import SMALL

NAME = "Josefina Koni"  # readable, and alike to one on the list
TAX, IBAN, MINE = "756.3047.5009.62", "CH56 0483 5012 3456 7800 9", "DE89 3704 0044 0532 0130 00"
PASSPORT, WRONG = "QX7788123", "QW5544332211"
LINE = {"passport": "QL99887766", "tax": "756.1234.5678.97", "iban": "GB82 WEST 1234 5698 7654 32"}
UID = "CHE-116.281.710"
CZECH, ORDER = "0000000010/9999", "87144583"
SECRETS = {PASSPORT, WRONG, TAX, IBAN, MINE, *LINE.values(), UID, CZECH, ORDER}


# All that the application reads; a compartment keeps apart what it does not (ADR 9).
_TABLES = """
SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
AND has_table_privilege(oid, 'SELECT')
"""


def spelled(text):
    return re.sub("[^0-9a-z]", "", text.lower())


def told_by_the_database(secrets):
    """(table, secret) for each that is readable in a row of a table: as text, in hexadecimal or base64."""
    forms = {}
    for secret in secrets:
        for form in (secret, secret.replace(" ", ""), secret.encode().hex()):
            forms[spelled(form)] = secret
        for at in range(3):  # wherever in a group of three bytes it begins
            inner = base64.b64encode(b"\0" * at + secret.encode()).decode()
            forms[spelled(inner[4:-4])] = secret
    found, patterns = set(), [f"%{form}%" for form in forms]
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT told FROM (SELECT regexp_replace(lower(t::text), '[^0-9a-z]', '', 'g') AS told"
                f' FROM "{table}" t) AS rows WHERE told LIKE ANY (%s)',
                [patterns],
            )
            found |= {(table, forms[form]) for (row,) in cursor.fetchall() for form in forms if form in row}
    for session in Session.objects.all():
        held = spelled(str(session.get_decoded()))
        found |= {("django_session", secret) for form, secret in forms.items() if form in held}
    return found


def sent_twice(browser, cast, **changes):
    """The form that opens a client: first compared with who is here, then sent again."""
    typed = {
        "kind": "person", "name": NAME, "native_name": "", "born_on": "1964-09-18", "contact_kind": "phone",
        "contact_value": "+41 79 555 66 77", "identifier_kind": "passport", "identifier_country": "CH",
        "identifier_number": PASSPORT, "domicile": "UG", "language": "en", "segment": "affluent",
        "stage": "family", "products": ["current"], "book_id": cast.rita_book.pk,
    } | changes  # fmt: skip
    address = reverse("onboarding:opening_new")
    page = browser.post(address, typed)
    return browser.post(address, typed | {"checked": page.context["compared"]})


def by_the_forms(page_of, cast):
    rita = page_of(cast.rita)
    sent_twice(rita, cast)
    opened = Onboarding.objects.get()
    party = Party.objects.get(client=opened.client_id)
    today = timezone.localdate()
    tax = {"form": "crs", "signed_on": today, "country1": "CH", "number1": TAX}
    answer = rita.post(reverse("onboarding:certification", args=[opened.pk, party.pk]), tax)
    assert answer.status_code == 303, answer.content.decode()
    wrong = tax | {"number1": WRONG}
    assert (
        rita.post(reverse("onboarding:certification", args=[opened.pk, party.pk]), wrong).status_code == 422
    )
    new = {"kind": "current", "currency": "CHF", "statements": "monthly", "funded_from": IBAN}
    answer = rita.post(reverse("onboarding:account_new", args=[opened.pk]), new)
    assert answer.status_code == 303, answer.content.decode()
    compare_openings(by=night_shift())
    for typed in (PASSPORT, TAX, IBAN):
        assert rita.get(reverse("search"), {"q": typed}).status_code == 200
    return opened.client


def by_a_file(page_of, cast):
    mapping = told(
        passport={"column": "Pass"}, passport_country={"value": "CH"}, tax_number={"column": "Tax"},
        tax_country={"value": "CH"}, iban={"column": "Iban"},
    )  # fmt: skip
    numbers = ";".join(LINE.values())
    head = HEAD + ";Pass;Tax;Iban"
    bad = f"{EMIL};{LINE['passport']};{WRONG};{WRONG}"
    for lines in ((f"{NORA};{numbers}", bad), (f"{NORA};{numbers}", f"{FIRM};{LINE['passport']};{UID};")):
        found = upload(cast.cora, *lines, head=head, mapping=mapping)
        cora = page_of(cast.cora)
        assert cora.post(reverse("onboarding:import_check", args=[found.pk])).status_code == 303
        run_due()
        yield ClientImport.objects.get(pk=found.pk)
    assert StagedClient.objects.count() >= 2
    assert cora.post(reverse("onboarding:import_load", args=[found.pk])).status_code == 303
    run_due()
    assert Client.objects.get(number="N-1").parties.get().identifiers.get().number == LINE["passport"]
    yield found


def by_the_compliance_desk(client, cast):
    bring(KONY, day="01/01/2024")
    Party.objects.filter(client=client).update(name="Joseph Kony")
    screen_client(client.pk, by=night_shift())
    hit = ScreeningHit.objects.get(client=client)
    propose_hit(hit.pk, by=cast.cora, verdict="no_match", reason="common_name")
    confirm_hit(hit.pk, by=second_officer())
    party = client.parties.get()
    paper = party.identifiers.get()
    paper.number = LINE["passport"][::-1]
    paper.save()
    screen_client(client.pk, by=night_shift())
    step = HitStep.objects.get(hit=hit, said="reopened")
    assert any(PASSPORT in str(change) for change in step.changes)  # who may, reads what changed


def by_a_review(cast):
    fund = product("GLCR")
    price(fund, timezone.localdate(), "12.50")
    rate("USD", "1.0876", on=timezone.localdate())
    mandate(cast.anna)
    holding(account(cast.anna), fund, quantity="77", cost="4321.09")
    held = account(cast.anna, kind="current", currency="EUR", balance="10", balance_on=timezone.localdate())
    held.number = MINE
    held.save()
    review = prepare_review(cast.anna.pk, by=cast.rita)
    assert MINE in str(review.valuation)
    return held


@pytest.mark.django_db
def test_no_number_that_was_typed_is_readable_in_the_database(page_of, cast, tmp_path):
    client = by_the_forms(page_of, cast)
    assert told_by_the_database(SECRETS) == set()
    for _found in by_a_file(page_of, cast):
        assert told_by_the_database(SECRETS) == set()
    by_the_compliance_desk(client, cast)
    held = by_a_review(cast)
    rita = page_of(cast.rita)
    assert rita.post(f"/identifiers/account/{held.pk}/").status_code == 200
    assert rita.get(f"/api/v1/clients/{cast.anna.pk}/holdings/?identifiers=full").status_code == 200
    for name, text in SMALL.items():
        (tmp_path / f"{name}.asc").write_text(text.replace("\n", "\r\n"), encoding="utf-8", newline="")
    call_command("import_bank", "berka", tmp_path, "--json")
    assert Account.objects.get(number=CZECH).number == CZECH
    assert told_by_the_database(SECRETS) == set()
    # And the walk would hear it: what is meant to be readable is found.
    assert ("clients_party", "Nora Lind") in told_by_the_database({"Nora Lind"})
