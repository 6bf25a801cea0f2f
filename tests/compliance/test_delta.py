"""Comparing only what changed finds what a whole run finds: the same hits, scores, states and traces."""

import os
import random
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from clients.models import Client, Party
from compliance.actions import confirm_hit, import_list, propose_hit, screen_all, screen_changes
from compliance.lists import READERS
from compliance.models import HitStep, ListedEntity, ScreeningHit
from staff.night import night_shift
from tests.compliance.stage import ALFA, BARAN, KONY, SHIP, bring, entry, make_lookalike, second_officer
from tests.drills import DRILL

pytestmark = pytest.mark.django_db
SHARED = Path(os.environ.get("RMCRM_SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))
REAL = {  # list -> its files with entities, names as written, and (added, removed) since the file before
    "ofac": [
        ("ofac_sdn_2021-03-10.xml", 8832, 22926, None),
        ("ofac_sdn_2024-05-07.xml", 14966, 36720, (7083, 949)),
    ],
    "eu": [
        ("eu_fsf_2021-03-02.xml", 2248, 9544, None),
        ("eu_fsf_2024-05-13.xml", 4808, 25257, (2738, 178)),
    ],
    "un": [
        ("un_consolidated_2021-03-12.xml", 1004, 4065, None),
        ("un_consolidated_2024-05-15.xml", 875, 3968, (35, 164)),
        ("un_consolidated_2026-02-27.xml", 1003, 4133, (141, 13)),
    ],
}


class _Undone(Exception):
    """Takes back what a run did, so that another kind of run starts from the same bank."""


def outcome(run):
    """All that `run` leaves behind; then it is undone."""
    kept = []
    try:
        with transaction.atomic():
            run(by=night_shift())
            hits = ScreeningHit.objects.order_by("party", "entity__source", "entity__reference")
            told = hits.values_list("party", "entity", "score", "sentence", "state", "frozen")
            # What is encrypted is read from its row.
            kept.append([(*row, hit.compared) for row, hit in zip(told, hits, strict=True)])
            steps = HitStep.objects.order_by("hit__party", "entity", "pk")
            said = steps.values_list("hit__party", "said")
            kept.append([(*row, step.changes) for row, step in zip(said, steps, strict=True)])
            raise _Undone
    except _Undone:
        return kept


def assert_delta_is_full():
    delta, full = outcome(screen_changes), outcome(screen_all)
    assert delta == full
    return delta


def test_on_a_small_list_that_adds_amends_and_removes(cast):
    nova, nova_amended = entry(5, "NOVA", "Ana", born="1970"), entry(5, "NOVA", "Ana", born="1971")
    bring(KONY, BARAN, SHIP, ALFA, nova, day="01/01/2024")
    names = ["Joseph Kony", "Ivan Petrovich Baran", "Alfa Trading", "Ana Nova", "Petra Stern", "Nobody Here"]
    for name in names:
        make_lookalike(cast, name, None, "CH")
    screen_all(by=night_shift())
    assert ScreeningHit.objects.count() == 4
    cleo = second_officer()
    for hit in ScreeningHit.objects.filter(entity__reference__in=["2", "5"]):
        propose_hit(hit, by=cast.cora, verdict="no_match", reason="common_name")
        confirm_hit(hit, by=cleo)
    bring(
        KONY, SHIP, ALFA.replace("Iran", "Syria"), nova_amended, entry(6, "STERN", "Petra"), day="02/01/2024"
    )
    Party.objects.filter(name="Nobody Here").update(name="Josef Kony")
    hits, _ = assert_delta_is_full()
    states = sorted(hit[4] for hit in hits)
    assert states == ["delisted", "open", "open", "open", "open", "open"]


def make_bank(cast, listed):
    """Clients: listed names as they are, turned around and misspelt, beside people of no list."""
    people = [
        f"{first} {last}" for first in ("Anna", "Beat", "Carla") for last in ("Keller", "Muster", "Vogt")
    ]
    for place, name in enumerate(listed):
        words = name.replace(",", " ").split()
        if place % 3 == 1:
            words = words[::-1]
        elif place % 3 == 2 and len(words[0]) > 4:
            words[0] = words[0][:2] + words[0][3:]
        people.append(" ".join(words)[:250])
    clients = Client.objects.bulk_create(
        Client(
            number=f"D-{place}", name=name, book=cast.rita_book, kind="person", segment="affluent",
            stage="family", state="active", domicile="CH", since_on="2021-03-01", kyc_due_on="2030-01-01",
            last_contact_on="2026-01-01",
        )
        for place, name in enumerate(people)
    )  # fmt: skip
    Party.objects.bulk_create(
        Party(
            client=client, kind="person", is_client=True, name=client.name, nationality="RU", residence="CH"
        )
        for client in clients
    )


@pytest.mark.parametrize(("processors", "lanes"), [(1, 2), (3, 3), (16, 4)])
def test_a_large_bank_has_a_lane_for_each_processor_and_nobody_is_left_out(
    cast, monkeypatch, processors, lanes
):
    monkeypatch.setattr("compliance.actions.screening.WORTH_A_LANE", 2)
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    bring(KONY, day="01/01/2024")
    for place in range(8):
        make_lookalike(cast, f"Nobody {place}", None, "CH")
    run = screen_all(by=night_shift())
    assert run.lanes.count() == lanes
    assert sum(lane.parties for lane in run.lanes.all()) == run.all_parties == Party.objects.count()


@pytest.mark.slow
@pytest.mark.parametrize("sources", [["un"], ["ofac", "eu", "un"]], ids="+".join)
def test_on_the_real_lists_of_several_years(cast, monkeypatch, sources):
    """The UN's each time; all three take two minutes, so only as a drill: RMCRM_DRILLS=1."""
    if len(sources) > 1 and not DRILL:
        pytest.skip("a drill of two minutes: set RMCRM_DRILLS=1")
    real = {source: REAL[source] for source in sources}
    paths = {name: SHARED / "sanctions" / name for files in real.values() for name, *_ in files}
    if absent := [name for name, path in paths.items() if not path.exists()]:
        pytest.skip(f"real lists are not here ({', '.join(absent)}): set RMCRM_SHARED_DATA")
    parsed = {}
    for source, files in real.items():
        for name, *_ in files:
            with paths[name].open("rb") as file:
                parsed[name] = READERS[source](file)

    def bring_file(source, name, entities, names, changed):
        monkeypatch.setattr("compliance.actions.lists._read", lambda *_: parsed[name])  # read once
        with paths[name].open("rb") as file:
            version = import_list(None, by=night_shift(), source=source, file=file)
        listed = ListedEntity.objects.listed().filter(source=source)
        assert (version.entities, version.names, listed.count()) == (entities, names, entities)
        assert changed is None or (version.added, version.removed) == changed

    dice, planted = random.Random(7), []
    for files in real.values():
        for name, *_ in files:
            persons = [entry.names[0].name for entry in parsed[name].entries if entry.kind == "person"]
            planted += dice.sample(persons, 12)
    make_bank(cast, planted)
    for source, files in real.items():
        bring_file(source, *files[0])
    screen_all(by=night_shift())
    cleared = ScreeningHit.objects.order_by("pk").values_list("pk", flat=True)[:20]
    ScreeningHit.objects.filter(pk__in=list(cleared)).update(state="cleared")
    found = ScreeningHit.objects.count()
    for source, files in real.items():
        for name, *expected in files[1:]:
            bring_file(source, name, *expected)
            hits, _ = assert_delta_is_full()
            screen_changes(by=night_shift())
            assert len(hits) >= found
            found = len(hits)
    assert set(ScreeningHit.objects.values_list("state", flat=True)) >= {"open", "cleared", "delisted"}
    if "ofac" in sources:
        kony = ListedEntity.objects.listed().get(name="Joseph KONY", source="ofac")
        assert {"CD", "UG"} <= set(kony.countries.split())
