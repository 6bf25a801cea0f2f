"""A rule pack is drafted by one person, activated by another, and never changes afterwards."""

import html
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from rulebook import rules
from rulebook.actions import activate_pack, change_draft, draft_pack, note_dry_run, withdraw_draft
from rulebook.models import RulePack
from rulebook.rules.figures import TEXTS, explained, leaves
from rulebook.selectors import in_force, pack, version_page
from staff.roles import Role
from tests.cast import make_person
from ui.refusals import NotPermitted, NotVisible, Refused
from ui.rules.merging import seen_of

TODAY = timezone.localdate


@pytest.fixture
def cleo(cast):
    return make_person("cleo", Role.COMPLIANCE)


@pytest.fixture
def pia(cast):
    return make_person("pia", Role.PRODUCT)


def drafted(by, name="contact", reason="Clients asked for it", valid_from=None, **figures):
    draft = draft_pack(None, by=by, name=name)
    body = rules.with_values(draft.body, {path.replace("__", "."): value for path, value in figures.items()})
    return change_draft(
        None, by=by, pack_id=draft.pk, body=body, valid_from=valid_from or TODAY(), reason=reason
    )


def activated(draft, by):
    if draft.name == "contact":  # its dry run was seen: tests/compliance/test_trials.py
        note_dry_run(draft.pk, rules.digest(draft.body))
    return activate_pack(None, by=by, pack_id=draft.pk, seen=rules.digest(draft.body))


def test_a_second_person_brings_a_draft_into_force(cora, cleo):
    before = pack("contact", TODAY())
    draft = drafted(cora, days__hnw=21)
    assert pack("contact", TODAY()).version == before.version, "a draft judges nothing"
    activated(draft, cleo)
    after = pack("contact", TODAY())
    assert (after.version, after["days"]["hnw"]) == (draft.version, 21)
    assert after["days"]["mass"] == before["days"]["mass"]


def test_the_author_alone_does_not(cora, cleo):
    draft = drafted(cora, days__hnw=21)
    with pytest.raises(Refused, match="second person"):
        activated(draft, cora)
    with pytest.raises(IntegrityError), transaction.atomic():  # and the database holds it too
        RulePack.objects.filter(pk=draft.pk).update(activated_by_id=cora.pk, activated_at=timezone.now())


def test_what_was_activated_never_changes(cora, cleo):
    made = activated(drafted(cora, days__hnw=21), cleo)
    with pytest.raises(InternalError, match="never changes"), transaction.atomic():
        RulePack.objects.filter(pk=made.pk).update(body={})
    with pytest.raises(Refused, match="never changes"):
        change_draft(None, by=cora, pack_id=made.pk, body=made.body, valid_from=TODAY(), reason="Again")
    with pytest.raises(Refused, match="never changes"):
        withdraw_draft(None, by=cora, pack_id=made.pk)


def test_a_version_holds_from_its_day_on_and_the_past_can_be_asked(cora, cleo):
    before = pack("contact", TODAY()).version
    draft = drafted(cora, days__hnw=21, valid_from=TODAY() + timedelta(days=10))
    activated(draft, cleo)
    assert pack("contact", TODAY() + timedelta(days=9)).version == before
    assert pack("contact", TODAY() + timedelta(days=10)).version == draft.version


def test_a_draft_reaches_neither_into_the_past_nor_before_what_is_decided(cora, cleo):
    with pytest.raises(Refused, match="today at the earliest"):
        drafted(cora, days__hnw=21, valid_from=TODAY() - timedelta(days=1))
    draft = RulePack.objects.drafts().get()
    change = {
        "pack_id": draft.pk,
        "body": draft.body | {"days": draft.body["days"] | {"hnw": 9}},
        "reason": "x",
    }
    activated(change_draft(None, by=cora, valid_from=TODAY() + timedelta(days=30), **change), cleo)
    with pytest.raises(Refused, match="later version is decided"):
        drafted(cora, days__hnw=22)


def test_one_draft_at_a_time_and_only_its_author_changes_it(cora, cleo):
    draft = drafted(cora, days__hnw=21)
    with pytest.raises(Refused, match="draft of this pack already"):
        draft_pack(None, by=cleo, name="contact")
    with pytest.raises(Refused, match="its author changes it"):
        change_draft(None, by=cleo, pack_id=draft.pk, body=draft.body, valid_from=TODAY(), reason="Mine")
    withdraw_draft(None, by=cleo, pack_id=draft.pk)
    with pytest.raises(Refused, match="withdrawn"):
        activated(draft, cleo)
    assert draft_pack(None, by=cleo, name="contact").version == draft.version + 1


def test_a_draft_that_changes_nothing_or_does_not_say_why_is_not_activated(cora, cleo):
    draft = drafted(cora)
    with pytest.raises(Refused, match="Nothing differs"):
        activated(draft, cleo)
    draft = change_draft(
        None, by=cora, pack_id=draft.pk, body=rules.with_values(draft.body, {"days.hnw": 9}),
        valid_from=TODAY(), reason="",
    )  # fmt: skip
    with pytest.raises(Refused, match="does not say why"):
        activated(draft, cleo)


def test_who_activates_has_read_the_draft_as_it_is(cora, cleo):
    draft = drafted(cora, days__hnw=21)
    seen = rules.digest(draft.body)
    change_draft(
        None, by=cora, pack_id=draft.pk, body=rules.with_values(draft.body, {"days.hnw": 1}),
        valid_from=TODAY(), reason="Sly",
    )  # fmt: skip
    with pytest.raises(Refused, match="changed since you opened it"):
        activate_pack(None, by=cleo, pack_id=draft.pk, seen=seen)


def test_figures_that_judge_risk_are_tried_before_they_are_activated(cora, cleo):
    draft = drafted(cora, name="kyc", warn_days=90)
    with pytest.raises(Refused, match="dry run is missing"):
        activated(draft, cleo)


def test_nobody_else_can(cast, pia):
    for person in (cast.rita, cast.theo, cast.ada):
        with pytest.raises(NotPermitted):
            draft_pack(None, by=person, name="contact")
    with pytest.raises(NotPermitted):  # products write what judges no client's risk
        draft_pack(None, by=pia, name="kyc")
    draft = drafted(pia, days__hnw=21)
    with pytest.raises(NotPermitted):
        activated(draft, pia)
    with pytest.raises(NotVisible):
        draft_pack(None, by=cast.cora, name="nothing")


def test_the_audit_holds_every_figure_before_and_after(cora, cleo):
    draft = drafted(cora, days__hnw=21)
    activated(draft, cleo)
    events = AuditEvent.objects.filter(verb__startswith="rule pack").order_by("pk")
    assert [(event.verb, event.by_login) for event in events] == [
        ("rule pack drafted", "cora"),
        ("rule pack figures changed", "cora"),
        ("rule pack draft changed", "cora"),
        ("rule pack activated", "cleo"),
    ]
    assert events[1].payload == {"figures": {"days.hnw": [30, 21]}}


# --- figures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(rules.PACKS))
def test_every_figure_of_every_pack_is_explained_and_possible(db, name):
    body = pack(name, TODAY()).body
    unexplained = [
        path for path, _value in rules.leaves(body) if not rules.explained(rules.PACKS[name], path)[0].label
    ]
    assert unexplained == []
    assert rules.refusals_to_body(rules.PACKS[name], body, body) == []


def test_every_pack_is_in_the_catalogue(db):
    assert set(RulePack.objects.values_list("name", flat=True)) == set(rules.PACKS)


@pytest.mark.parametrize(
    ("name", "path", "value", "sentence"),
    [
        ("kyc", "review_months.high", 13, "At most 12 months"),
        ("kyc", "review_months.low", 61, "from 1 to 60"),
        ("kyc", "review_months.medium", 6, "not reviewed later"),
        ("kyc", "rating.high_from", 26, "above medium"),
        ("kyc", "rating.floors", ["sanctions_match", "high_risk_country"], "high whatever the sum"),
        ("kyc", "high_risk_countries", ["IR", "XX"], "Not known: XX"),
        ("kyc", "high_risk_countries", ["IR", "IR"], "only once"),
        ("kyc", "increased_monitoring", ["IR"], "On both FATF lists"),
        ("kyc", "pep_tail_months", 11, "from 12"),
        ("kyc", "warn_days", "soon", "Give a number"),
        ("kyc", "warn_days", True, "Give a number"),
        ("suitability", "band_from_score.2", 10, "above the one before"),
        ("coverage", "mass.1", 100, "must rise"),
        ("portfolio", "cash_max", 1, "must exceed"),
    ],
)
def test_an_impossible_figure_is_named_at_its_field(db, name, path, value, sentence):
    before = pack(name, TODAY()).body
    found = rules.refusals_to_body(rules.PACKS[name], rules.with_values(before, {path: value}), before)
    assert any(sentence in told for _path, told in found), found


def test_another_shape_is_refused(db):
    before = pack("contact", TODAY()).body
    assert "missing" in rules.refusals_to_body(None, {"days": {"mass": 1}}, before)[0][1]
    assert "Nothing reads" in rules.refusals_to_body(None, before | {"more": 1}, before)[0][1]


# --- pages -----------------------------------------------------------------------------------------------


def typed(browser, url):
    """What the form of a draft sends when nothing is changed."""
    form = browser.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {
        name: ", ".join(value) if isinstance(value, list) and name not in TICKED else value
        for name, value in data.items()
    }


def test_the_form_is_made_from_the_packs_shape_and_names_the_field(page_of, cora, cleo):
    browser = page_of(cora)
    answer = browser.post(reverse("rulebook:draft_new", args=["kyc"]))
    draft = RulePack.objects.drafts().get()
    url = reverse("rulebook:figures", args=[draft.pk])
    assert (answer.status_code, answer["Location"]) == (303, url)
    data = typed(browser, url)
    answer = browser.post(url, data | {"reason": "Shorter", "review_months.high": "13"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["review_months.high"]
    answer = browser.post(
        url, data | {"reason": "Shorter", "review_months.high": "9", "high_risk_countries": "ir kp, MM"}
    )
    assert list(answer.context["form"].errors) == ["high_risk_countries"]
    answer = browser.post(url, data | {"reason": "Shorter", "review_months.high": "9"})
    assert answer.status_code == 303
    draft.refresh_from_db()
    before = pack("kyc", TODAY()).body
    assert [change.path for change in rules.changes(None, before, draft.body)] == ["review_months.high"]
    changes = version_page(draft, TODAY()).changes
    assert [(each.before, each.after) for each in changes] == [("12 months", "9 months")]
    assert "12 months" in page_of(cleo).get(reverse("rulebook:version", args=[draft.pk])).content.decode()


def test_everything_that_is_wrong_is_told_at_once_and_what_was_typed_stays(page_of, cora):
    browser = page_of(cora)
    browser.post(reverse("rulebook:draft_new", args=["kyc"]))
    draft = RulePack.objects.drafts().get()
    url = reverse("rulebook:figures", args=[draft.pk])
    wrong = {
        "valid_from": "2020-01-01",
        "reason": "",
        "warn_days": "soon",  # no number
        "document_warn_days": "9999",  # out of bounds
        "high_risk_countries": "IR, XX",  # unknown
        "rating.high_from": "20",  # below medium: between figures
        "review_months.high": "13",  # the law
        "edd.high": ["dancing"],
    }
    answer = browser.post(url, typed(browser, url) | wrong)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, set(wrong))
    page = answer.content.decode()
    for told in ("It can be in force from today", "Not known: XX", "High must begin above medium"):
        assert page.count(told) == 2, told  # on top, and at its field
    for name in set(wrong) - {"edd.high", "high_risk_countries"}:
        assert f'value="{wrong[name]}"' in page or not wrong[name] or name == "reason", name
    assert "IR, XX" in page
    assert '<a href="#id_rating.high_from">High from (points)</a>' in page
    draft.refresh_from_db()
    assert draft.body == pack("kyc", TODAY()).body


def test_two_windows_on_one_draft_offer_the_choice_and_neither_wins_unseen(page_of, cora):
    """The author alone writes a draft; a second window of hers is what could be overwritten."""
    browser = page_of(cora)
    browser.post(reverse("rulebook:draft_new", args=["kyc"]))
    draft = RulePack.objects.drafts().get()
    url = reverse("rulebook:figures", args=[draft.pk])
    opened = typed(browser, url) | {"reason": "Shorter", "seen": browser.get(url).context["seen"]}
    assert f'name="seen" value="{html.escape(opened["seen"])}"' in browser.get(url).content.decode()
    high = draft.body["review_months"]["high"]
    first = opened | {"review_months.high": "9", "warn_days": "44"}
    assert browser.post(url, first).status_code == 303
    other_day = (TODAY() + timedelta(days=9)).isoformat()

    second = opened | {"review_months.high": "8", "valid_from": other_day}
    answer = browser.post(url, second)
    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "Another window of yours saved this meanwhile" in page
    clash = answer.context["clash"]
    told = {each.name: (each.before, each.theirs[1], each.mine[1], each.untouched) for each in clash.choices}
    assert told["review_months.high"] == (str(high), "9", "8", False)
    assert told["warn_days"][1::2] == ("44", True), "what she did not touch here is proposed as it is stored"
    draft.refresh_from_db()
    assert (draft.body["review_months"]["high"], draft.valid_from) == (9, TODAY()), "nothing is saved yet"

    chosen = dict(clash.kept) | {"review_months.high": "8", "warn_days": "44", "seen": clash.seen}
    for name, value in clash.kept:
        if name in TICKED:
            chosen[name] = [each for key, each in clash.kept if key == name]
            assert value
    assert browser.post(url, chosen).status_code == 303
    draft.refresh_from_db()
    assert (draft.body["review_months"]["high"], draft.body["warn_days"]) == (8, 44)
    assert draft.valid_from.isoformat() == other_day
    with pytest.raises(
        Refused, match="Another window changed “warn days” meanwhile"
    ):  # between look and save
        change_draft(
            None, by=cora, pack_id=draft.pk, body=draft.body | {"warn_days": 12}, valid_from=draft.valid_from,
            reason="Late", seen=seen_of(opened["seen"]),
        )  # fmt: skip


def test_a_box_that_clashes_is_sent_as_it_is_shown(page_of, cora):
    browser = page_of(cora)
    browser.post(reverse("rulebook:draft_new", args=["hits"]))
    draft = RulePack.objects.drafts().get()
    url = reverse("rulebook:figures", args=[draft.pk])
    opened = {name: value for name, value in typed(browser, url).items() if value is not False}
    opened |= {"reason": "Kinds", "seen": browser.get(url).context["seen"]}
    assert draft.body["batch_other_kind"] is True
    without = {name: value for name, value in opened.items() if name != "batch_other_kind"}
    assert browser.post(url, without).status_code == 303
    answer = browser.post(url, opened | {"reason": "Kinds differ"})
    (box,) = [each for each in answer.context["clash"].choices if each.name == "batch_other_kind"]
    assert (box.theirs, box.untouched) == (("false", "no"), True)
    clash = answer.context["clash"]
    assert browser.post(
        url, dict(clash.kept) | {"batch_other_kind": box.theirs[0], "reason": "Both", "seen": clash.seen}
    ).status_code == 303  # fmt: skip
    draft.refresh_from_db()
    assert (draft.body["batch_other_kind"], draft.reason) == (False, "Both")


def test_a_number_that_is_none_raises_no_complaint_about_the_figures_beside_it(page_of, cora):
    before = pack("kyc", TODAY()).body
    body = rules.with_values(before, {"rating.medium_from": "abc"})
    assert [path for path, _told in rules.refusals_to_body(rules.PACKS["kyc"], body, before)] == [
        "rating.medium_from"
    ]


def test_beside_each_figure_stands_what_is_in_force_its_unit_and_where_it_is_from(page_of, cora):
    draft = drafted(cora, name="kyc", pep_tail_months=18)
    page = page_of(cora).get(reverse("rulebook:figures", args=[draft.pk])).content.decode()
    assert "PEP after leaving office (months)" in page
    assert 'value="18"' in page
    for told in ("<strong>12 months</strong>", "Art. 45: at least 12 months", "Currency hedging (points)"):
        assert told in page, told
    for raw in ("Product: fx", ">Pep<", "General"):
        assert raw not in page, raw
    assert (
        page.index("When a file is reviewed") < page.index("Country lists") < page.index("Enhanced measures")
    )


TICKED = {"rating.floors", "edd.high", "edd.pep"}


def test_the_figures_of_a_past_day_can_be_shown(page_of, cora, cleo):
    activated(drafted(cora, days__hnw=21), cleo)
    url = reverse("rulebook:pack", args=["contact"])
    assert "21 days" in page_of(cora).get(url).content.decode()
    answer = page_of(cora).get(url + "?on=2026-01-01")
    assert answer.context["found"].shown.pack.version < RulePack.objects.get(body__days__hnw=21).version
    assert page_of(cora).get(url + "?on=1999-01-01").context["found"].shown is None


def test_the_tables_of_countries_are_dated(page_of, cora, cleo):
    draft = drafted(cora, name="kyc", increased_monitoring=["BO", "FR"])
    RulePack.objects.filter(pk=draft.pk).update(tried=rules.digest(draft.body))
    activated(draft, cleo)
    lists = {
        each.code: each for each in page_of(cora).get(reverse("rulebook:countries")).context["found"].lists
    }
    assert dict(lists["increased_monitoring"].countries) == {"BO": None, "FR": TODAY()}
    before = page_of(cora).get(reverse("rulebook:countries") + "?on=2026-01-01").context["found"]
    grey = next(each for each in before.lists if each.code == "increased_monitoring")
    assert ("VN", None) in grey.countries
    assert date(2000, 1, 1) == before.version.valid_from


def test_the_pages_cost_the_same_whatever_they_show(page_of, cora, django_assert_num_queries):
    draft = drafted(cora, name="kyc", warn_days=90)
    browser = page_of(cora)
    browser.get(reverse("rulebook:packs"))
    for name, args, queries in (("packs", [], 7), ("pack", ["kyc"], 8), ("version", [draft.pk], 12)):
        with django_assert_num_queries(queries):
            assert browser.get(reverse(f"rulebook:{name}", args=args)).status_code == 200


def test_the_pack_of_a_day_is_the_first_of_those_in_force_then(db):
    """pack() asks in SQL of its own; it must say what the queryset says."""
    for day in (date(2000, 1, 1), date(2026, 11, 25), date(2031, 1, 1)):
        for name in set(RulePack.objects.values_list("name", flat=True)):
            assert in_force(name, day) == RulePack.objects.in_force(day).filter(name=name).first()


@pytest.mark.parametrize(("written", "right"), [("2026-01-01", True), ("01.01.2026", False), ("", False)])
def test_a_day_among_the_figures_is_a_day(db, written, right):
    body = pack("desk", date(2031, 1, 1)).body
    found = rules.refusals_to_body(rules.PACKS["desk"], body | {"papers_from": written}, body)
    assert bool(found) != right


@pytest.mark.parametrize("name", sorted(rules.PACKS))
def test_every_figure_that_is_a_text_is_checked_by_its_unit(db, name):
    for path, value in leaves(pack(name, TODAY()).body):
        figure, _label = explained(rules.PACKS[name], path)
        if path.rpartition(".")[2] == "calendar":
            assert figure.unit == "calendar", path
        if isinstance(value, str):
            assert figure.unit in TEXTS, path
        elif not isinstance(value, list):
            assert figure.unit not in {*TEXTS, "countries"} - {"percent"}, path


def test_a_calendar_nobody_knows_is_refused_at_its_field():
    body = {"calendar": "CH"}
    for name, told in (
        ("CH-ZH", []),
        ("DE", []),
        ("Schweiz", ["calendar"]),
        ("CH-XX", ["calendar"]),
        ("", ["calendar"]),
    ):
        found = rules.refusals_to_body(rules.PACKS["desk"], {"calendar": name}, body)
        assert [path for path, _sentence in found] == told, name
