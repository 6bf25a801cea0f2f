"""The officer's desk: every figure opens exactly its rows, at a known cost; what is missing; who sees it."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alerts.actions import look_at_everything
from alerts.models import Alert
from clients.models import Identifier, Party
from compliance.actions import screen_client, sweep
from compliance.models import (
    Approval,
    Attestation,
    FileGap,
    KycFile,
    RatingOverride,
    Recertification,
    ReviewTrigger,
    SampleItem,
    SamplePlan,
    ScreeningHit,
)
from compliance.rules import desk
from compliance.selectors.desk import clock_on, queues
from dashboards.selectors.compliance import QUEUES, Counted, asked_of, board, capped_cells, console
from rulebook.calendars import working_days
from staff.models import Team, User
from staff.night import night_shift
from staff.roles import Role
from tests.cast import make_client, make_person
from tests.compliance.stage import KONY, bring, contact, make_lookalike
from tests.house.stage import break_glass
from tests.onboarding.stage import submitted

URL = "/compliance/"
TODAY = timezone.localdate
# A day in each column, both of its edges.
DAYS = (-400, -1, 0, 1, 7, 8, 30, 31, 60, 61, 90)
SAMPLED = ("drawn", "queried", "answered", "failed")
EXPECTED = {"overdue": 2, "today": 1, "week": 2, "month": 2, "due_60": 2, "due_90": 2}


@pytest.fixture
def busy(cast):
    """A hit, an onboarding that waits."""
    bring(KONY)
    screen_client(make_lookalike(cast), by=night_shift())
    return submitted(cast)


def everywhere(cast):
    """A row of every queue in every column; of what waits, one for each working day back."""
    today = TODAY()
    clients = []
    plan = SamplePlan.objects.create(
        first_on=today, last_on=today, seed="1", pack_version=1, figures={}, population=44, always=44
    )
    for place, days in enumerate(DAYS):
        due = today + timedelta(days=days)
        client = make_client(f"Client {place}", cast.rita_book, kyc_due_on=due)
        clients.append(client)
        ReviewTrigger.objects.create(client=client, code="officer", occurrence="1", due_on=due)
        RatingOverride.objects.create(
            client=client, level="high", computed="low", upward=True, reason="x", until_on=due,
            state="in_force", asked_by=cast.cora, pack_version=1,
        )  # fmt: skip
        for kind in ("identity", "crs", "monitoring"):
            FileGap.objects.create(client=client, kind=kind, ends_on=due, risk="low")
        FileGap.objects.create(client=client, kind="born", risk="low")
        began = timezone.make_aware(datetime.combine(today - timedelta(days=place), time(12)))
        waiting = RatingOverride.objects.create(
            client=client, level="low", computed="high", upward=False, reason="x", until_on=due,
            asked_by=cast.cora, pack_version=1,
        )  # fmt: skip
        RatingOverride.objects.filter(pk=waiting.pk).update(asked_at=began)
        asked = Approval.objects.create(
            client=client, kind="onboarding", subject_id=900 + place, asked_by=cast.rita
        )
        Approval.objects.filter(pk=asked.pk).update(asked_at=began)
        for state in SAMPLED:
            SampleItem.objects.create(
                client=client, plan=plan, interaction=contact(client, cast.rita), author=cast.rita,
                why="risk", channel="call", risk="high", state=state, due_on=due,
                **({"reviewed_by": cast.cora, "decided_at": began} if state == "failed" else {}),
            )  # fmt: skip
        break_glass(client, cast.otto, hours_ago=2, due_on=due)
        Recertification.objects.create(
            team=Team.objects.create(name=f"Team {place}"), due_on=due, pack_version=1
        )
        Attestation.objects.create(
            person=cast.rita, first_on=due, last_on=due, due_on=due, pack_version=1
        )  # fmt: skip
    bring(KONY)
    screen_client(make_lookalike(cast), by=night_shift())
    hit = ScreeningHit.objects.order_by("-pk")[0]
    for place, client in enumerate(clients):
        began = timezone.make_aware(datetime.combine(today - timedelta(days=place), time(12)))
        party = client.parties.get(is_client=True)
        for state in ("open", "proposed"):
            ScreeningHit.objects.create(
                client=client, party=party if state == "open" else Party.objects.create(
                    client=client, kind="person", name="Other"
                ), entity=hit.entity, score=90, sentence="x", state=state, opened_at=began,
            )  # fmt: skip
    hit.delete()


def test_every_cell_opens_a_list_of_exactly_as_many_rows(page_of, cast):
    everywhere(cast)
    browser = page_of(cast.cora)
    page = browser.get(URL)
    rows = {row.name: row for row in page.context["console"].board}
    assert set(rows) == set(QUEUES)
    for row in rows.values():
        whole = browser.get(row.url).context["page"]
        for cell in row.cells:
            listed = browser.get(cell.url).context["page"]
            assert listed.count == cell.figure.count == len(listed), (row.name, cell.column)
            assert cell.url.replace("&", "&amp;") in page.content.decode()
        if row.name not in ("hits_first", "hits_second", "approvals", "overrides_waiting"):
            got = {cell.column: cell.figure.count for cell in row.cells}
            assert got == EXPECTED, row.name
        else:
            assert sum(cell.figure.count for cell in row.cells) == whole.count == len(DAYS), row.name


def test_what_waits_is_late_after_the_bank_s_working_days(cast):
    everywhere(cast)
    clock = clock_on(TODAY())
    days = working_days(clock.figures["calendar"])
    within = clock.figures["approval_days"]
    expected = dict.fromkeys(desk.COLUMNS, 0)
    for place in range(len(DAYS)):
        due = days.after(TODAY() - timedelta(days=place), within)
        for column in desk.COLUMNS:
            first, end = desk.due_window(column, TODAY())
            expected[column] += first <= due < end
    row = next(row for row in board(cast.cora, TODAY()) if row.name == "approvals")
    assert {cell.column: cell.figure.count for cell in row.cells} == expected
    assert expected["overdue"]


def test_the_figures_of_what_is_missing_are_those_of_their_lists(page_of, cast):
    sweep(TODAY())
    browser = page_of(cast.cora)
    missing = browser.get(URL).context["console"].missing
    assert {each.kind for each in missing.kinds} >= {"born", "owners", "review", "rating"}
    for each in missing.kinds:
        listed = browser.get(reverse("compliance:gaps"), {"kind": each.kind})
        assert listed.context["page"].count == each.missing
        assert each.sentence in listed.content.decode().replace("&quot;", '"')
    assert missing.missing == browser.get(reverse("compliance:gaps")).context["page"].count
    assert missing.as_of is not None


def test_what_was_mended_since_says_so_and_opens_nothing(page_of, cast):
    sweep(TODAY())
    gap = FileGap.objects.get(client=cast.anna, kind="born")
    page = page_of(cast.cora).get(reverse("compliance:gaps"), {"kind": "born"}).content.decode()
    assert reverse("compliance:facts", args=[cast.anna.pk]) in page
    cast.anna.parties.update(born_on=TODAY())
    page = page_of(cast.cora).get(reverse("compliance:gaps"), {"kind": "born"}).content.decode()
    assert "Mended since" in page
    assert f'value="{gap.pk}"' not in page


def test_an_rm_sees_what_the_own_clients_lack_and_nobody_else_s(page_of, cast):
    sweep(TODAY())
    assert {gap.client_id for gap in page_of(cast.rita).get("/compliance/gaps/").context["page"]} == {
        cast.anna.pk
    }
    assert {gap.client_id for gap in page_of(cast.otto).get("/compliance/gaps/").context["page"]} == {
        cast.omar.pk
    }
    assert not page_of(cast.ada).get("/compliance/gaps/").context["page"].rows
    assert "Do it" not in page_of(cast.rita).get("/compliance/gaps/").content.decode()


def test_before_the_first_look_the_page_says_how_to_begin(page_of, cast):
    page = page_of(cast.cora).get(URL).content.decode()
    assert "Look again" in page
    assert "Nobody has looked through the files yet" in page
    assert (
        "Nobody has looked through the files yet"
        in page_of(cast.cora).get("/compliance/gaps/").content.decode()
    )


def test_what_nobody_looked_for_is_not_told_to_be_none(page_of, cast):
    """A nought in the queue of identity papers says that none ends: before the first look nobody knows."""

    def cells(name):
        page = page_of(cast.cora).get(URL).content.decode()
        row = page[page.index(f"</svg>{name}</a>") :]
        return re.findall(r"<td[^>]*>(?:<[^>]*>)*([^<]+)<", row[: row.index("</tr>")])

    for name in ("Identity papers", "Tax forms and proofs", "Enhanced measures"):
        assert set(cells(name)) == {"–"}
    assert cells("Missing on files")[0] == "–"
    assert set(cells("KYC reviews")) != {"–"}, "what is counted as it stands is told"
    sweep(TODAY())
    assert set(cells("Identity papers")) == {"0"}
    assert cells("Missing on files")[0] != "–"


def test_an_opening_is_decided_on_its_review_page_alone_and_the_maker_reads_why_not(page_of, cast, busy):
    approve, review = (reverse(f"onboarding:{each}", args=[busy.pk]) for each in ("approval", "review"))
    for place, decided in (
        (URL, False),
        (reverse("onboarding:workspace", args=[busy.pk]), False),
        (review, True),
    ):
        page = page_of(cast.cora).get(place).content.decode()
        assert (f'action="{approve}"' in page, review in page or place == review) == (decided, True)
    cast.rita.role = Role.COMPLIANCE
    cast.rita.save(update_fields=["role"])
    page = page_of(cast.rita).get(URL).content.decode()
    assert "You asked for this: a second" in page
    assert review not in page


def test_the_auditor_reads_and_decides_nothing(page_of, cast, busy):
    udo = make_person("udo", Role.AUDITOR)
    page = page_of(udo).get(URL).content.decode()
    assert "KONY" not in page
    assert reverse("onboarding:review", args=[busy.pk]) not in page
    assert "creening hits" not in page
    assert "first officer" not in page
    assert "Overrides" not in page
    assert "Look again" not in page


def test_the_auditor_reads_a_neutral_reason_for_what_only_hits_tell(page_of, cast):
    ReviewTrigger.objects.create(
        client=cast.anna, code="hit_confirmed", occurrence="hit 1", due_on=TODAY() + timedelta(days=3)
    )
    udo = make_person("udo", Role.AUDITOR)
    told = page_of(udo).get("/compliance/triggers/").content.decode()
    assert "Compliance asked for it" in told
    assert "sanctions list" not in told
    assert "sanctions list" in page_of(cast.cora).get("/compliance/triggers/").content.decode()


def test_it_is_the_first_page_of_who_audits_and_nobody_else_s(page_of, cast):
    assert b"KYC reviews by their clock" in page_of(cast.cora).get("/").content
    for person in (cast.rita, cast.theo, cast.otto, cast.ada):
        assert page_of(person).get(URL).status_code == 403


def test_it_costs_the_same_however_busy_the_bank_is(page_of, cast, busy, django_assert_num_queries):
    browser = page_of(cast.cora)
    browser.get(URL)  # the first request of a session also saves it
    for _round in range(2):
        with django_assert_num_queries(20):  # 18, and the begin and end of the transaction
            browser.get(URL)
        officer = User.objects.get(pk=cast.cora.pk)  # as for every page: barriers and logins are asked anew
        with django_assert_num_queries(12):
            console(officer, TODAY())
        if not FileGap.objects.exists():
            everywhere(cast)
            sweep(TODAY())


@pytest.mark.parametrize(
    "name", ["gaps", "approvals", "overrides", "triggers", "reviews", "samples", "attestations"]
)
def test_a_queue_costs_the_same_however_long_it_is(page_of, cast, name, django_assert_max_num_queries):
    url = reverse(f"compliance:{name}")
    browser = page_of(cast.cora)
    everywhere(cast)
    browser.get(url)
    with django_assert_max_num_queries(21):
        browser.get(url, {"clock": "month"})


def test_nothing_is_counted_further_than_the_cap(cast):
    for n in range(3):
        make_client(f"Client {n}", cast.rita_book, kyc_due_on=TODAY() - timedelta(days=n + 1))
    asked = asked_of(queues(cast.cora), ["kyc"], cap=2)
    found = capped_cells(asked, clock_on(TODAY()), cap=2)
    assert found["kyc", "overdue"] == Counted(2, True)
    assert found["kyc", "today"] == Counted(0, False)


def test_the_clocks_of_kyc_enter_an_index_of_whom_the_bank_serves(cast, plan_of):
    """At a million clients: 1.6 ms with the older index, which walks past closed files, 0.1 with this one."""
    rows = queues(night_shift())["kyc"].within(clock_on(TODAY()), "week").values("pk")
    plan = plan_of(*rows.query.sql_with_params())
    assert "Index Cond: ((kyc_due_on >=" in plan
    assert "Filter" not in plan


def test_a_paper_that_ends_stands_in_its_column(page_of, cast):
    party = cast.anna.parties.get(is_client=True)
    KycFile.objects.create(client=cast.anna, next_review_on=TODAY())
    Identifier.objects.create(
        client=cast.anna, party=party, kind="passport", country="CH", number="1",
        expires_on=TODAY() + timedelta(days=5),
    )  # fmt: skip
    sweep(TODAY())
    page = page_of(cast.cora).get("/compliance/gaps/", {"group": "paper", "clock": "week"})
    assert [gap.client_id for gap in page.context["page"]] == [cast.anna.pk]


@pytest.mark.parametrize(("ago", "late"), [(0, False), (20, True)])
def test_one_approval_has_one_last_day_wherever_it_is_told(page_of, cast, busy, ago, late):
    asked = timezone.now() - timedelta(days=ago)
    Approval.objects.filter(subject_id=busy.pk).update(asked_at=asked)
    by = clock_on(TODAY()).decide_by(asked, "approval_days")
    assert (by < TODAY()) == late
    overdue = next(row for row in board(cast.cora, TODAY()) if row.name == "approvals").cells[0]
    assert (overdue.column, overdue.figure.count) == ("overdue", int(late))
    browser = page_of(cast.cora)
    told = [
        *(each.decide_by for each in browser.get(reverse("compliance:approvals")).context["page"]),
        *(each.approval.decide_by for each in browser.get(URL).context["console"].approvals),
    ]
    plan = browser.get(reverse("onboarding:plan", args=[busy.pk])).context["plan"]
    told += [each["item"].due_on for each in plan if each["item"].code == "approval"]
    look_at_everything(TODAY())
    alerts = Alert.objects.filter(rule__in=["compliance.approval_waiting", "onboarding.decision_waiting"])
    told += alerts.values_list("due_on", flat=True)
    assert told == [by] * 5
    assert {each.urgency for each in alerts} == {1 if late else 2}
