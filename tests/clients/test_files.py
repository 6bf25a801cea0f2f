"""A file is opened and kept right: leads, contact points, related people, preferences, tasks, documents."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients import rules
from clients.actions import (
    add_contact_point,
    add_related_party,
    add_task,
    change_preferences,
    finish_task,
    open_lead,
    remove_contact_point,
    upload_document,
)
from clients.models import (
    Client,
    ContactPoint,
    Document,
    Identifier,
    Party,
    Relationship,
    Task,
    TaxResidence,
)
from clients.selectors import search
from tests.cast import make_client
from tests.clients.test_documents import PDF
from ui.refusals import NotPermitted, NotVisible, Refused

A_LEAD = {
    "kind": "person",
    "name": "Nina Neuhaus",
    "segment": "affluent",
    "stage": "family",
    "domicile": "CH",
    "language": "de",
    "contact_kind": "phone",
    "contact_value": "+41 44 765 43 21",
}


# --- leads -----------------------------------------------------------------------------------------------
def test_rita_opens_a_lead_in_her_book_and_finds_it_at_once(cast):
    client = open_lead(None, by=cast.rita, book_id=cast.rita_book.pk, **A_LEAD)
    assert (client.state, client.book_id) == ("lead", cast.rita_book.pk)
    assert client.number == f"C-{client.pk:07}"
    assert ContactPoint.objects.get(client=client).value == "+41447654321"
    assert [found.client for found in search(cast.rita, "neuhaus")] == [client]
    assert [found.how for found in search(cast.rita, "044 765")] == ["phone"]
    event = AuditEvent.objects.get(verb="lead opened")
    assert (event.subject_id, event.payload["book_id"]) == (client.pk, cast.rita_book.pk)


def test_a_lead_goes_into_no_foreign_and_no_missing_book(cast):
    for book_id in (cast.otto_book.pk, 999_999):
        with pytest.raises(NotVisible):
            open_lead(None, by=cast.rita, book_id=book_id, **A_LEAD)
    with pytest.raises(NotPermitted):
        open_lead(None, by=cast.cora, book_id=cast.rita_book.pk, **A_LEAD)
    assert Client.objects.count() == 2


def test_a_person_is_no_company(cast):
    with pytest.raises(Refused) as refused:
        open_lead(
            None, by=cast.rita, book_id=cast.rita_book.pk, **A_LEAD | {"segment": "sme", "stage": "growth"}
        )
    assert len(refused.value.sentences) == 2


def test_in_the_browser_a_lead_is_opened_and_shown(page_of, cast):
    url = reverse("clients:lead_new")
    browser = page_of(cast.rita)
    assert browser.get(url).status_code == 200
    answer = browser.post(url, A_LEAD | {"book_id": cast.rita_book.pk, "form_key": "l1"})
    client = Client.objects.get(name="Nina Neuhaus")
    assert (answer.status_code, answer["Location"]) == (303, reverse("client", args=[client.pk]))
    wrong = browser.post(url, A_LEAD | {"name": "", "book_id": cast.rita_book.pk, "form_key": "l2"})
    assert wrong.status_code == 422
    assert "+41 44 765 43 21" in wrong.content.decode()
    for kind, more, field in (
        ("person", {"segment": "sme"}, "segment"),
        ("person", {"stage": "growth"}, "stage"),
        ("organisation", {"segment": "hnw", "stage": "growth"}, "segment"),
        ("person", {"contact_value": "044"}, "contact_value"),
    ):
        told = A_LEAD | {"kind": kind, "book_id": cast.rita_book.pk, "form_key": f"{kind}{field}"} | more
        answer = browser.post(url, told)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    foreign = browser.post(url, A_LEAD | {"book_id": cast.otto_book.pk, "form_key": "l3"})
    assert foreign.status_code == 422  # the choice is not among hers
    assert page_of(cast.cora).get(url).status_code == 403


def test_what_is_wrong_with_a_lead_stands_at_its_field_and_nothing_typed_is_lost(page_of, cast):
    browser, url = page_of(cast.rita), reverse("clients:lead_new")
    sent = A_LEAD | {"book_id": cast.rita_book.pk, "form_key": "l4"}
    for wrong, field in (
        ({"segment": "sme"}, "segment"),
        ({"stage": "growth"}, "stage"),
        ({"contact_kind": "phone", "contact_value": "044 123 45 67"}, "contact_value"),
        ({"contact_kind": "", "contact_value": "+41 44 123 45 67"}, "contact_kind"),
    ):
        answer = browser.post(url, sent | wrong)
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, [field])
        assert "Nina Neuhaus" in answer.content.decode()
    assert not Client.objects.filter(name="Nina Neuhaus").exists()
    anna = Client.objects.get(name="Anna Keller")
    preferences = {
        "preferred_channel": anna.preferred_channel,
        "language": "de",
        "stage": "growth",
        "preferences": "Tea.",
    }
    answer = browser.post(reverse("clients:preferences", args=[anna.pk]), preferences)
    assert (answer.status_code, [*answer.context["form"].errors]) == (422, ["stage"])
    assert "Tea." in answer.content.decode()


# --- contact points and related people -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("phone", "+41 44 123 45 67", "+41441234567"),
        ("phone", "0041 44 123 45 67", "+41441234567"),
        ("phone", "044 123 45 67", None),
        ("phone", "+41", None),
        ("email", " anna@example.com ", "anna@example.com"),
        ("email", "anna@localhost", None),
        ("email", "anna example.com", None),
        ("address", "Seestrasse 1, Zürich", "Seestrasse 1, Zürich"),
        ("address", "  ", None),
    ],
)
def test_a_contact_point_is_kept_only_when_it_reaches_someone(kind, value, kept):
    tidy = rules.tidy_contact(kind, value)
    assert bool(rules.refusals_to_reach_by(kind, tidy)) is (kept is None)
    if kept:
        assert tidy == kept


def test_a_new_preferred_phone_takes_the_place_of_the_last(cast):
    party = Party.objects.get(client=cast.anna)
    for last in (1, 2):
        add_contact_point(
            cast.anna,
            by=cast.rita,
            party_id=party.pk,
            kind="phone",
            value=f"+4144123450{last}",
            preferred=True,
        )
    assert [point.value for point in ContactPoint.objects.filter(preferred=True)] == ["+41441234502"]


def test_a_party_of_another_file_is_not_there(cast):
    party = Party.objects.get(client=cast.omar)
    with pytest.raises(NotVisible):
        add_contact_point(cast.anna, by=cast.rita, party_id=party.pk, kind="email", value="a@b.example")


@pytest.mark.parametrize(
    ("file", "relation", "share", "shared", "allowed"),
    [
        ("person", "spouse", None, 0, True),
        ("person", "child", None, 0, True),
        ("person", "adviser", None, 0, True),
        ("person", "owner", 50, 0, False),
        ("person", "director", None, 0, False),
        ("organisation", "spouse", None, 0, False),
        ("organisation", "director", None, 0, True),
        ("organisation", "director", 10, 0, False),
        ("organisation", "owner", None, 0, False),
        ("organisation", "owner", 60, 40, True),
        ("organisation", "owner", 61, 40, False),
    ],
)
def test_who_can_belong_to_whom(file, relation, share, shared, allowed):
    share = None if share is None else Decimal(share)
    assert (not rules.refusals_to_relate(file, relation, share, Decimal(shared))) is allowed


def test_rita_adds_a_spouse(cast):
    party = add_related_party(cast.anna, by=cast.rita, relation="spouse", name="Beat Keller")
    role = Relationship.objects.get(party=party)
    assert (role.kind, role.of.is_client, role.client) == ("spouse", True, cast.anna)


def test_preferences_change_what_was_named_and_nothing_else(cast):
    change_preferences(
        cast.anna, by=cast.rita, fields=["preferences"], preferences="No calls on Friday", language="fr"
    )
    cast.anna.refresh_from_db()
    assert (cast.anna.preferences, cast.anna.language) == ("No calls on Friday", "en")
    assert "Friday" not in str(AuditEvent.objects.get(verb="preferences changed").payload)


WRITES = {
    "contact point": lambda client, by: add_contact_point(
        client, by=by, party_id=client.parties.get().pk, kind="email", value="a@b.example"
    ),
    "party": lambda client, by: add_related_party(client, by=by, relation="spouse", name="B"),
    "preferences": lambda client, by: change_preferences(client, by=by, fields=["language"], language="fr"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_nobody_else_can_change_the_file(cast, write):
    with pytest.raises(NotVisible):
        write(cast.anna, cast.otto)
    with pytest.raises(NotPermitted):
        write(cast.anna, cast.cora)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_closed_file_stays_as_it_was(cast, write):
    closed = make_client("Ines Frei", cast.rita_book, state="closed")
    with pytest.raises(Refused):
        write(closed, cast.rita)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("clients:contact_point_new", {"kind": "email", "value": "anna@keller.example"}),
        ("clients:related_party_new", {"relation": "spouse", "kind": "person", "name": "Beat Keller"}),
        (
            "clients:preferences",
            {"preferred_channel": "email", "language": "fr", "stage": "retirement", "preferences": "Quiet"},
        ),
        ("clients:task_new", {"kind": "call", "title": "Call back", "due_on": "2027-01-04"}),
    ],
)
def test_each_form_works_refuses_and_hides(page_of, cast, name, form):
    url = reverse(name, args=[cast.anna.pk])
    form = form | {"party_id": Party.objects.get(client=cast.anna).pk}
    browser = page_of(cast.rita)
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"form_key": "a"}).status_code == 422
    assert browser.post(url, form | {"form_key": "b"}).status_code == 303
    for ask in (page_of(cast.otto).get, lambda url: page_of(cast.otto).post(url, form | {"form_key": "c"})):
        assert ask(url).status_code == ask(reverse(name, args=[999_999])).status_code == 404
    assert page_of(cast.cora).post(url, form | {"form_key": "d"}).status_code == 403


def test_a_contact_point_is_removed_by_rita_and_not_by_otto(page_of, cast):
    party = Party.objects.get(client=cast.anna)
    point = add_contact_point(cast.anna, by=cast.rita, party_id=party.pk, kind="email", value="a@b.example")
    url = reverse("clients:contact_point_removal", args=[point.pk])
    assert page_of(cast.otto).post(url).status_code == 404
    with pytest.raises(NotVisible):
        remove_contact_point(point.pk, by=cast.otto)
    assert page_of(cast.rita).post(url).status_code == 303
    assert not ContactPoint.objects.exists()


# --- tasks -----------------------------------------------------------------------------------------------
def test_my_tasks_are_mine_by_day_and_done_with_an_undo(page_of, cast):
    for day, title in ((5, "Later"), (1, "Sooner")):
        add_task(
            cast.anna, by=cast.rita, kind="call", title=title, due_on=timezone.localdate().replace(day=day)
        )
    add_task(cast.omar, by=cast.otto, kind="call", title="Other", due_on=timezone.localdate())
    browser = page_of(cast.rita)
    tasks = browser.get(reverse("clients:tasks")).context["page"].rows
    assert [task.title for task in tasks] == ["Sooner", "Later"]
    url = reverse("clients:task_completion", args=[tasks[0].pk])
    done = browser.post(url, {"back": "tasks", "form_key": "t1"}, follow=True)
    assert [task.title for task in done.context["page"]] == ["Later"]
    assert "Undo" in done.content.decode()
    again = browser.post(url, {"undo": "1", "back": "tasks", "form_key": "t2"}, follow=True)
    assert [task.title for task in again.context["page"]] == ["Sooner", "Later"]
    assert page_of(cast.otto).post(url).status_code == 404


def test_a_task_is_done_once(cast):
    task = add_task(cast.anna, by=cast.rita, kind="call", title="Call", due_on=timezone.localdate())
    finish_task(task, by=cast.rita)
    with pytest.raises(Refused):
        finish_task(task, by=cast.rita)
    assert Task.objects.get().done_at


# --- documents in the browser ----------------------------------------------------------------------------
def test_a_paper_is_sent_in_and_handed_out_as_a_file_only(page_of, cast):
    browser = page_of(cast.rita)
    url = reverse("clients:documents", args=[cast.anna.pk])
    sent = SimpleUploadedFile("passport.pdf", PDF, "application/pdf")
    assert browser.post(url, {"file": sent, "kind": "identity", "form_key": "d1"}).status_code == 303
    document = Document.objects.get()
    answer = browser.get(reverse("clients:document", args=[cast.anna.pk, document.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="passport.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "no-store"
    assert AuditEvent.objects.filter(verb="file opened", why=f"document {document.pk}").exists()


def test_a_file_that_is_not_what_it_says_is_refused_in_the_browser(page_of, cast):
    url = reverse("clients:documents", args=[cast.anna.pk])
    sent = SimpleUploadedFile("passport.pdf", b"<html><script>1</script></html>", "application/pdf")
    answer = page_of(cast.rita).post(url, {"file": sent, "kind": "identity", "form_key": "d2"})
    assert answer.status_code == 422
    assert "not what its name says" in answer.content.decode()
    assert not Document.objects.exists()


def test_otto_gets_no_paper_by_any_address(page_of, cast):
    document = upload_document(
        cast.anna, by=cast.rita, file=SimpleUploadedFile("a.pdf", PDF), kind="other", title="Secret"
    )
    otto = page_of(cast.otto)
    for client_id, document_id in (
        (cast.anna.pk, document.pk),
        (cast.omar.pk, document.pk),  # through his own client
        (cast.omar.pk, 999_999),
    ):
        answer = otto.get(reverse("clients:document", args=[client_id, document_id]))
        assert answer.status_code == 404
    assert otto.get(reverse("clients:documents", args=[cast.anna.pk])).status_code == 404


def test_a_paper_whose_file_is_gone_says_so(page_of, cast):
    document = upload_document(cast.anna, by=cast.rita, file=SimpleUploadedFile("a.pdf", PDF), kind="other")
    document.file.storage.delete(document.file.name)
    answer = page_of(cast.rita).get(reverse("clients:document", args=[cast.anna.pk, document.pk]))
    assert answer.status_code == 409


# --- contacts page by page -------------------------------------------------------------------------------
def test_the_contacts_go_on_page_by_page(page_of, cast):
    from datetime import timedelta

    from clients.models import Interaction

    for number in range(60):
        Interaction.objects.create(
            client=cast.anna, channel="call", purpose="service", summary=f"Talk {number:02}", by=cast.rita,
            at=timezone.now() - timedelta(days=number),
        )  # fmt: skip
    browser = page_of(cast.rita)
    url = reverse("clients:interactions", args=[cast.anna.pk])
    first = browser.get(url)
    assert "Talk 49" in first.content.decode()
    assert "Talk 50" not in first.content.decode()
    after = first.context["page"].after
    headers = {"HX-Request": "true", "HX-Target": "section#interactions"}
    second = browser.get(url, {"after": after}, headers=headers).content.decode()
    assert second.lstrip().startswith('<section class="card" id="interactions"')
    assert "Talk 59" in second
    assert page_of(cast.otto).get(url).status_code == 404


# --- what the database holds -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("model", "values"),
    [
        (ContactPoint, {"kind": "phone", "value": "+41446681800"}),
        (Identifier, {"kind": "passport", "country": "CH", "number": "X1"}),
        (TaxResidence, {"country": "CH", "number": "7"}),
    ],
)
def test_what_hangs_on_a_party_hangs_on_the_file_of_that_party(cast, model, values):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="is_of_a_party_of_its_file"), transaction.atomic():
        model.objects.create(client=cast.anna, party=cast.omar.parties.get(), **values)


def test_a_client_number_is_given_once(cast):
    with pytest.raises(IntegrityError, match="a_client_number_is_given_once"), transaction.atomic():
        Client.objects.filter(pk=cast.anna.pk).update(number=cast.omar.number)
