"""Which papers, of whom, by when, whose turn; and what two who save at once choose from."""

from dataclasses import replace
from datetime import date

import pytest

from onboarding import rules
from onboarding.rules import accounts, duplicates
from onboarding.rules.holders import Holder, gaps
from onboarding.rules.requirements import Whom, needs, valid_until, why_sentence, wrongs_to_date_paper
from rulebook.calendars import working_days
from tests.onboarding.stage import figures_of_an_opening
from tests.onboarding.test_rules import FIGURES, READY
from ui.rules import merging

V2 = FIGURES | figures_of_an_opening()
TODAY = date(2026, 11, 24)


def papers(kind="person", rating="low", **how):
    return [(need.document, need.party_id) for need in needs(kind, rating, V2, **how)]


@pytest.mark.parametrize(
    ("how", "more"),
    [
        ({}, []),
        ({"products": ["mortgage", "loan"]}, [("income", None), ("property", None)]),
        ({"products": ["mandate"]}, [("mandate", None)]),
        ({"countries": ["MM"]}, [("funds", None)]),
        ({"countries": ["CH", "DE"]}, []),
        (
            {"others": [Whom(9, "holder")]},
            [("identity", 9), ("address", 9), ("tax", 9)],
        ),
        ({"rating": "high", "countries": ["MM"]}, [("funds", None)]),  # asked for once, with the first reason
    ],
)
def test_what_is_needed_follows_from_who_it_is_and_what_is_wanted(how, more):
    assert papers(**how) == [("identity", None), ("address", None), ("tax", None), *more]


def test_a_large_organisation_with_owners_brings_their_papers_and_its_accounts():
    found = papers("organisation", segment="corporate", others=[Whom(3, "related"), Whom(4, "related")])
    assert found == [
        ("register", None), ("owners", None), ("tax", None), ("accounts", None), ("statutes", None),
        ("identity", 3), ("identity", 4),
    ]  # fmt: skip


def test_every_reason_has_a_sentence():
    asked = needs(
        "organisation", "high", V2, products=V2["product_documents"], countries=["IR"], segment="corporate",
        others=[Whom(1, "related")],
    )  # fmt: skip
    asked += needs(
        "person", "low", V2, products=V2["product_documents"], countries=["IR"], others=[Whom(1, "holder")]
    )
    assert {need.why for need in asked} <= set(rules.WHYS)


@pytest.mark.parametrize(
    ("document", "expires_on", "until"),
    [
        ("identity", None, None),
        ("identity", date(2030, 5, 1), date(2030, 5, 1)),
        ("register", None, date(2027, 11, 24)),
        ("register", date(2027, 1, 1), date(2027, 1, 1)),
        ("register", date(2030, 1, 1), date(2027, 11, 24)),
    ],
)
def test_a_paper_counts_to_its_own_end_or_the_packs_what_comes_first(document, expires_on, until):
    assert valid_until(document, TODAY, expires_on, V2) == until


V3 = V2 | {"oldest_months": {"address": 3}}


@pytest.mark.parametrize(
    ("document", "issued_on", "expires_on", "field", "words"),
    [
        ("address", TODAY, None, "", ""),
        ("address", date(2026, 8, 24), None, "", ""),
        ("address", date(2026, 8, 23), None, "issued_on", "at most 3 months old"),
        ("address", date(1, 1, 1), None, "issued_on", "at most 3 months old"),
        ("address", date(2026, 11, 25), None, "issued_on", "in the future"),
        ("address", None, None, "issued_on", "on which day"),
        ("address", TODAY, date(2026, 11, 23), "expires_on", "expired already"),
        ("address", TODAY, TODAY, "", ""),
        ("register", date(2025, 11, 24), None, "", ""),
        ("register", date(2025, 11, 23), None, "issued_on", "counts for 12 months"),
        ("register", date(2025, 11, 23), date(2030, 1, 1), "issued_on", "counts for 12 months"),
        ("identity", None, TODAY, "", ""),
        ("identity", None, None, "expires_on", "until when"),
        ("identity", TODAY, date(2026, 11, 23), "expires_on", "expired already"),
        ("income", None, None, "", ""),
        ("income", date(1999, 1, 1), None, "", ""),
    ],
)  # fmt: skip
def test_a_paper_is_dated_by_itself_and_not_by_its_upload(document, issued_on, expires_on, field, words):
    wrongs = wrongs_to_date_paper(document, issued_on, expires_on, TODAY, V3)
    assert [(each.field, words in each.sentence) for each in wrongs][:1] == ([(field, True)] if field else [])


def test_figures_of_before_ask_no_age():
    assert wrongs_to_date_paper("address", None, None, TODAY, {}) == []
    assert "months old" not in why_sentence("address_of_person", None)
    assert why_sentence("address_of_person", 3).endswith("At most 3 months old.")


# --- stages, plan, turn ----------------------------------------------------------------------------------

LEA = Holder(1, "Lea Lind")
WHOLE = replace(READY, holders=(LEA,))


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({}, "ready"),
        ({"facts_known": False, "documents": (rules.DocumentFact("Identity", "missing"),)}, "draft"),
        ({"facts_known": False}, "documents_pending"),
        ({"returned": True}, "revision_requested"),
        ({"documents": (rules.DocumentFact("Identity", "to_revise"),)}, "revision_requested"),
        ({"state": "in_review"}, "in_review"),
        ({"state": "in_review", "rating": "high"}, "edd_required"),
        ({"state": "in_review", "pep": True}, "edd_required"),
        ({"state": "in_review", "holders": (replace(LEA, pep=True),)}, "edd_required"),
        ({"state": "on_hold"}, "on_hold"),
        ({"state": "approved"}, "approved"),
        ({"state": "rejected"}, "rejected"),
    ],
)
def test_every_stage_follows_from_what_is_stored(changes, stage):
    facts = replace(WHOLE, **changes)
    assert rules.stage(facts, rules.missing(facts)) == stage
    assert stage in rules.STAGES


def plan_of(facts, started_on=TODAY, asked_on=None):
    after = working_days("CH").after
    return rules.action_plan(
        facts, started_on, V2, after, lambda asked: working_days("GB").after(asked, 5), asked_on
    )


def test_the_decision_has_the_clock_of_the_desk_from_the_day_it_is_asked_for():
    planned, asked = (
        next(item for item in plan_of(WHOLE, TODAY, day) if item.code == "approval")
        for day in (None, date(2026, 12, 1))
    )
    assert asked.due_on == date(2026, 12, 8)  # five working days of the desk's calendar
    late = {item.code: item.due_on for item in plan_of(WHOLE, TODAY, date(2027, 2, 1))}
    assert late["accounts"] == late["approval"]  # no account is late while it is decided in time
    submitted = next(item for item in plan_of(WHOLE) if item.code == "submission").due_on
    assert planned.due_on == working_days("GB").after(submitted, 5)


def test_the_plan_falls_on_working_days_and_says_whose_turn_it_is():
    facts = replace(WHOLE, documents=(rules.DocumentFact("Identity document", "missing", kind="identity"),))
    plan = plan_of(facts, date(2026, 12, 23))
    assert all(working_days("CH").includes(item.due_on) for item in plan)
    paper = next(item for item in plan if item.code == "document:identity")
    assert (paper.owner, paper.due_on) == ("client", date(2027, 1, 8))  # ten days over Christmas and New Year
    assert rules.turn(plan, facts).code == "document:identity"
    came = replace(facts, documents=(rules.DocumentFact("Identity document", "in_review", kind="identity"),))
    plan = plan_of(came, date(2026, 12, 23))
    assert rules.turn(plan, came).code == "submission"  # nothing is missing, and officers read meanwhile
    unknown = replace(came, owners_missing=("Nobody knows whose it is.",))
    plan = plan_of(unknown, date(2026, 12, 23))
    assert (rules.turn(plan, unknown).code, rules.turn(plan, unknown).note) == (
        "client",
        "Nobody knows whose it is.",
    )


def test_the_plan_is_done_when_the_planned_accounts_are_open():
    def left(**changes):
        return [item.code for item in plan_of(replace(WHOLE, **changes)) if not item.done]

    assert left(state="approved") == ["accounts"]
    assert left(state="approved", accounts_open=True) == []


def test_while_a_second_person_decides_it_is_not_the_clients_turn():
    facts = replace(WHOLE, state="in_review", holders=(replace(LEA, forms_missing=("CRS",)),))
    plan = plan_of(facts)
    assert rules.turn(plan, facts).owner == "second"
    senior = replace(facts, rating="high")
    assert rules.turn(plan_of(senior), senior).owner == "compliance"


def test_what_is_missing_of_each_holder_has_a_sentence():
    beat = Holder(2, "Beat Keller", main=False, facts_known=False, wealth_known=False, forms_missing=("CRS",))
    found = gaps([LEA, beat], senior=False)
    assert len(found) == 2
    assert all("Beat Keller" in sentence for sentence in found)
    assert len(gaps([replace(LEA, wealth_known=False), beat], senior=True)) == 4


def test_a_maker_of_a_holders_facts_is_a_maker():
    assert 5 in replace(WHOLE, holders=(replace(LEA, recorded_by=5),)).makers


@pytest.mark.parametrize(
    ("state", "reason", "refused"),
    [("collecting", "client_waits", False), ("in_review", "compliance_asks", False),
     ("on_hold", "other", True), ("approved", "other", True), ("collecting", "because", True)],
)  # fmt: skip
def test_what_may_be_put_on_hold(state, reason, refused):
    refusals = rules.refusals_to_hold(state, by_compliance=False, frozen=False)
    assert bool(refusals + rules.refusals_to_say_why_held(reason, "Said in words")) is refused


def test_compliance_takes_over_what_a_manager_holds_and_nobody_what_compliance_holds():
    def refused(by_compliance, frozen):
        return rules.refusals_to_hold("on_hold", by_compliance=by_compliance, frozen=frozen)

    assert refused(True, False) == []
    assert refused(False, False) == ["It is on hold already."]
    assert refused(True, True) == refused(False, True) == ["Compliance holds it already."]


# --- accounts, duplicates, two at once -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (("current", "debit", 1000, None, ""), ""),
        (("savings", "debit", None, None, ""), "belongs to a current account"),
        (("current", "", 500, None, ""), "limit without a card"),
        (("savings", "", None, 500, ""), "can be overdrawn"),
        (("current", "debit", -5, None, ""), "limit is not below 0"),
        (("current", "", None, -7, ""), "overdrawn by 0 or more"),
        (("current", "debit", 0, 0, ""), ""),
        (("current", "", None, None, "CH9300762011623852958"), "check digits"),
    ],
)
def test_what_an_account_may_be(how, words):
    refusals = accounts.refusals_to_plan_account(*how)
    assert (words in " ".join(refusals)) if words else refusals == []


def test_the_wanted_products_say_which_accounts_are_needed():
    assert accounts.accounts_needed(["current", "card", "fund", "share", "insurance"]) == [
        "current",
        "custody",
    ]


def who(name, born=None, **more):
    return duplicates.Somebody((name,), born, **{key: frozenset(value) for key, value in more.items()})


BORN = date(1980, 5, 1)


@pytest.mark.parametrize(
    ("new", "known", "reasons"),
    [
        (who("Anna Keller", BORN), who("Keller Anna", BORN), ("name", "birth")),
        (who("Александр Иванов", BORN), who("Aleksandr Ivanov", BORN), ("name", "birth")),
        (who("Ana Keller", BORN), who("Anna Keller", BORN), ("similar_name", "birth")),
        (who("Anna Keller"), who("Anna Keller"), ("name",)),
        (who("Anna Keller", BORN), who("Anna Keller", date(1955, 1, 1)), None),
        (who("Ana Keller"), who("Anna Keller"), None),
        (who("Otto Meier", BORN), who("Anna Keller", BORN), None),  # a birthday says nothing
        (
            who("Anna Meier", identifiers=["CH:x1"]),
            who("Anna Keller", identifiers=["CH:x1"]),
            ("identifier",),
        ),
        (
            who("Ana Keller", phones=["+41 79 123"]),
            who("Anna Keller", phones=["+4179123"]),
            ("phone", "similar_name"),
        ),
        (who("Beat Moser", phones=["+4179123"]), who("Anna Keller", phones=["+4179123"]), None),
        (
            who("A. Keller", emails=["A@x.ch"], phones=["+4179123"]),
            who("Anna Keller", emails=["a@x.ch"], phones=["+4179123"]),
            ("email", "phone"),
        ),
    ],
)
def test_what_says_that_somebody_is_here_already(new, known, reasons):
    found = duplicates.likeness(new, known)
    assert (found.reasons if found else None) == reasons
    if found:
        assert found.sentence.endswith(".")


def test_two_who_save_at_once_choose_only_where_both_changed():
    seen = {"purpose": "savings", "pep": "no", "products": "current"}
    current = {"purpose": "wealth", "pep": False, "products": ["current", "fund"]}
    mine = {"purpose": "credit", "pep": False, "products": ["current", "fund"], "new": "x"}
    found = merging.clashes(seen, current, mine)
    assert [(each.field, each.before, each.theirs, each.mine) for each in found] == [
        ("purpose", "savings", "wealth", "credit")
    ]
    assert "Theo changed “purpose”" in merging.refusals_to_overwrite(found, "Theo")[0]
    assert merging.clashes(merging.seen_of(merging.as_seen(current)), current, mine) == []


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', "null", "[" * 100_000])
def test_what_no_page_wrote_is_nothing_seen(text):
    assert merging.seen_of(text) == {}
