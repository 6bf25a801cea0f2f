"""Who is found on the lists, and that a decision is kept."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Party
from compliance.actions import confirm_hit, propose_hit, screen_all, screen_client
from compliance.models import KycFile, ListedEntity, ScreeningHit, ScreeningRun
from compliance.selectors import active_index, names_to_compare
from staff.night import night_shift
from tests.compliance.stage import ALFA, BARAN, KONY, SHIP, bring, make_lookalike, second_officer
from ui.refusals import NotPermitted, NotVisible

pytestmark = pytest.mark.django_db


def test_a_client_who_is_listed_is_found_with_a_sentence(cast):
    bring(KONY, BARAN, SHIP, ALFA)
    client = make_lookalike(cast)
    assert screen_client(client, by=night_shift()) == 1
    hit = ScreeningHit.objects.get()
    assert (hit.client, hit.score, hit.entity.reference) == (client, 100, "1")
    assert hit.sentence == (
        "All 2 words of the name agree with the name “Joseph KONY”; the date of birth is the same; "
        "the country agrees: Uganda."
    )
    assert hit.details["born"] == "same"
    assert KycFile.objects.get(client=client).screened_at is not None


def test_everyone_on_the_file_is_screened_and_in_every_script(cast):
    bring(KONY, BARAN)
    Party.objects.create(client=cast.anna, kind="person", name="Anna's adviser", native_name="Иван Баранов")
    assert screen_client(cast.anna, by=night_shift()) == 1
    assert ScreeningHit.objects.get().details["listed_name"] == "Baranov Ivan"


def test_the_whole_bank_and_one_client_find_the_same(cast):
    bring(KONY, BARAN, SHIP, ALFA)
    clients = [make_lookalike(cast), make_lookalike(cast, "Alfa Trading AG", None, "IR", kind="organisation")]
    for client in (*clients, cast.anna, cast.omar):
        screen_client(client, by=night_shift())
    alone = set(ScreeningHit.objects.values_list("party", "entity", "score", "sentence"))
    ScreeningHit.objects.all().delete()
    run = screen_all(by=night_shift())
    assert set(ScreeningHit.objects.values_list("party", "entity", "score", "sentence")) == alone
    assert (run.new_hits, run.parties) == (len(alone), Party.objects.count())
    assert run.finished_at is not None


def test_a_second_run_finds_nothing_new_and_keeps_what_was_decided(cast):
    bring(KONY)
    make_lookalike(cast)
    screen_all(by=night_shift())
    hit = ScreeningHit.objects.get()
    propose_hit(hit, by=cast.cora, verdict="no_match", reason="common_name")
    confirm_hit(hit, by=second_officer())
    run = screen_all(by=night_shift())
    assert (run.new_hits, run.reopened, run.closed) == (0, 0, 0)
    hit.refresh_from_db()
    assert (hit.state, hit.score, hit.decided_by.login) == ("cleared", 100, "cleo")


def test_an_open_hit_takes_the_newer_facts(cast):
    bring(KONY)
    client = make_lookalike(cast)
    screen_client(client, by=night_shift())
    Party.objects.filter(client=client).update(born_on=date(1990, 1, 1))
    assert screen_client(client, by=night_shift()) == 0
    hit = ScreeningHit.objects.get()
    assert hit.score < 100
    assert "differs" in hit.sentence


def test_an_entry_that_changed_is_judged_anew_although_the_old_one_was_cleared(cast):
    bring(KONY, day="01/01/2024")
    client = make_lookalike(cast)
    screen_client(client, by=night_shift())
    ScreeningHit.objects.update(state="cleared")
    bring(KONY.replace("Uganda", "Sudan"), day="02/01/2024")
    assert screen_client(client, by=night_shift()) == 1


def test_closed_files_are_screened_no_longer(cast):
    bring(KONY)
    make_lookalike(cast, state="closed")
    assert screen_all(by=night_shift()).new_hits == 0


def test_who_serves_clients_starts_no_screening(cast):
    with pytest.raises(NotPermitted):
        screen_client(cast.anna, by=cast.rita)
    with pytest.raises(NotVisible):
        screen_client(cast.anna, by=cast.otto)


def test_the_index_follows_the_active_version():
    bring(KONY, day="01/01/2024")
    assert len(active_index().names) == 2
    bring(KONY, BARAN, day="02/01/2024")
    assert len(active_index().names) == 4


def test_the_names_of_a_list_that_just_came_are_read_by_ids_and_joined_with_nothing():
    """PostgreSQL has not counted the new entries yet: a join of twelve thousand took it eight minutes."""
    bring(KONY, BARAN)
    some = list(ListedEntity.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as asked:
        assert names_to_compare(None) == names_to_compare(some) == 4
        assert len(active_index(some).names) == 4
    of_names = [each["sql"] for each in asked if "compliance_listedname" in each["sql"]]
    assert len(of_names) == 3
    assert not any("compliance_listedentity" in sql for sql in of_names)


def test_the_command_needs_a_list_and_tells_what_it_did(cast, capsys):
    with pytest.raises(CommandError, match="No sanctions list is active"):
        call_command("screen", "--full")
    bring(KONY)
    make_lookalike(cast)
    call_command("screen", "--full", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["parties"], told["names"], told["new_hits"]) == (3, 2, 1)
    assert ScreeningRun.objects.get().threshold == 85
