"""Two officers decide a hit; nobody else learns that there is one."""

import re
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.models import Document
from compliance.actions import confirm_hit, propose_hit, return_hit, screen_client
from compliance.forms import HIT_REASONS
from compliance.models import ListedEntity, ScreeningHit
from compliance.rules import hits as hit_rules
from compliance.rules.hits import refusals_to_confirm, refusals_to_propose
from staff.night import night_shift
from staff.roles import Role
from tests.cast import make_client, make_person
from tests.compliance.stage import KONY, WHY, bring, make_lookalike, second_officer
from ui.refusals import NotPermitted, NotVisible, Refused


@pytest.fixture
def hit(cast):
    bring(KONY)
    screen_client(make_lookalike(cast), by=night_shift())
    return ScreeningHit.objects.get()


@pytest.fixture
def cleo(cast):
    return second_officer()


def decide(hit, by, **changes):
    return propose_hit(hit, by=by, **({"verdict": "no_match", "reason": "common_name"} | changes))


@pytest.mark.parametrize(
    ("verdict", "reason", "state"),
    [("no_match", "common_name", "cleared"), ("match", "client_says", "confirmed")],
)
def test_one_proposes_another_confirms(hit, cora, cleo, verdict, reason, state):
    decide(hit, cora, verdict=verdict, reason=reason)
    confirm_hit(hit, by=cleo)
    hit.refresh_from_db()
    assert (hit.state, hit.proposed_by, hit.decided_by) == (state, cora, cleo)


def test_the_second_may_return_it(hit, cora, cleo):
    decide(hit, cora)
    return_hit(hit, by=cleo, **WHY)
    hit.refresh_from_db()
    assert (hit.state, hit.verdict, hit.proposed_by) == ("open", "", None)


@pytest.mark.parametrize("role", ["compliance", "mlro"])
def test_the_same_person_is_not_the_second_whatever_the_role_today(hit, cora, role):
    decide(hit, cora)
    cora.role = role
    cora.save(update_fields=["role"])
    for verb in (confirm_hit, partial(return_hit, **WHY)):
        with pytest.raises(Refused, match="another officer"):
            verb(hit, by=cora)
    hit.refresh_from_db()
    assert hit.state == "proposed"


def test_the_database_says_so_too(hit, cora):
    with pytest.raises(IntegrityError, match="a_hit_is_decided_by_a_second_person"), transaction.atomic():
        ScreeningHit.objects.update(proposed_by=cora, decided_by=cora)


@pytest.mark.parametrize(
    ("state", "verdict", "reason", "refused"),
    [
        ("open", "no_match", "common_name", False),
        ("open", "match", "same_birth", False),
        ("open", "match", "common_name", True),  # a reason of the other verdict
        ("open", "maybe", "common_name", True),
        ("open", "no_match", "", True),
        ("proposed", "no_match", "common_name", True),
        ("cleared", "no_match", "common_name", True),
        ("confirmed", "match", "same_birth", True),
    ],
)
def test_what_may_be_proposed(state, verdict, reason, refused):
    assert bool(refusals_to_propose(state, verdict, reason)) is refused


@pytest.mark.parametrize(
    ("state", "own", "refused"),
    [
        ("proposed", False, False),
        ("proposed", True, True),
        ("open", False, True),
        ("cleared", False, True),
        ("confirmed", False, True),
    ],
)
def test_what_may_be_confirmed(state, own, refused):
    assert bool(refusals_to_confirm(state, own=own)) is refused


def test_nobody_else_can(hit, rita, theo, otto):
    for person, error in ((rita, NotPermitted), (theo, NotPermitted), (otto, NotVisible)):
        with pytest.raises(error):
            decide(hit, person)


@pytest.mark.parametrize("person", ["rita", "theo", "otto", "ada"])
def test_for_who_serves_clients_no_hit_exists(page_of, cast, hit, person):
    """The same answer for a hit of the own client, of a foreign one and for none."""
    browser = page_of(getattr(cast, person))
    for name, method in (("hit", "get"), ("hit_decision", "post"), ("hit_confirmation", "post")):
        answers = [
            getattr(browser, method)(reverse(f"compliance:{name}", args=[pk])).status_code
            for pk in (hit.pk, 999_999)
        ]
        assert answers == [404, 404]
    assert browser.get(reverse("compliance:hits")).status_code == 403


def test_the_rm_reads_only_that_a_check_is_open(page_of, rita, cora, hit):
    url = reverse("compliance:client", args=[hit.client_id])
    page = page_of(rita).get(url).content.decode()
    assert "A compliance check of this client is open" in page
    for secret in ("KONY", "creening hit", "sanction", reverse("compliance:hit", args=[hit.pk])):
        assert secret not in page
    assert "KONY" in page_of(cora).get(url).content.decode()


def test_in_the_browser(page_of, cora, cleo, hit):
    page = page_of(cora).get(reverse("compliance:hit", args=[hit.pk]))
    assert "All 2 words of the name agree" in page.content.decode()
    url = reverse("compliance:hit_decision", args=[hit.pk])
    assert page_of(cora).post(url, {"reason": ""}).status_code == 422
    assert page_of(cora).post(url, {"reason": "common_name"}).status_code == 303
    second = reverse("compliance:hit_confirmation", args=[hit.pk])
    assert page_of(cora).post(second, {"agreed": "yes"}).status_code == 409
    assert page_of(cleo).post(second, {"agreed": "yes"}).status_code == 409, "of no page that was read"
    assert page_of(cleo).post(second, the_button(page_of(cleo), hit)).status_code == 303
    hit.refresh_from_db()
    assert hit.state == "cleared"


def the_button(browser, hit):
    """What Confirm sends from the page as it is now."""
    page = browser.get(reverse("compliance:hit", args=[hit.pk])).content.decode()
    url = reverse("compliance:hit_confirmation", args=[hit.pk])
    form = page.split(f'action="{url}"')[1].split("</form>")[0]
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))


def test_a_verdict_is_not_confirmed_from_a_page_that_showed_another(page_of, cora, cleo, hit):
    """Cleo reads “match”; meanwhile it is returned, and Cora decides that it is no match."""
    decide(hit, cora, verdict="match", reason="same_birth")
    read = the_button(page_of(cleo), hit)
    return_hit(hit, by=make_person("carl", Role.COMPLIANCE), **WHY)
    decide(hit, cora)
    answer = page_of(cleo).post(reverse("compliance:hit_confirmation", args=[hit.pk]), read)
    assert (answer.status_code, "decided anew" in answer.content.decode()) == (409, True)
    hit.refresh_from_db()
    assert hit.state == "proposed"


def test_the_list_is_ordered_by_score(page_of, cast, cora, django_assert_num_queries):
    bring(KONY)
    for name, country in (("Joseph Kony", "DE"), ("Joseph Kony", "UG"), ("Josef Kony", "CH")):
        screen_client(make_lookalike(cast, name, None, country), by=night_shift())
    browser, url = page_of(cora), reverse("compliance:hits")
    browser.get(url)  # the first request of a session also saves it
    with django_assert_num_queries(15):  # three for what is offered by the dozen
        page = browser.get(url)
    scores = [hit.score for hit in page.context["page"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_every_reason_has_its_words_once():
    codes = [code for reasons in hit_rules.REASONS.values() for code in reasons]
    codes += hit_rules.RETURN_REASONS
    assert sorted(HIT_REASONS) == sorted(codes)
    assert len(set(map(str, HIT_REASONS.values()))) == len(codes)


# --- papers, and why it comes back -----------------------------------------------------------------------


@pytest.fixture
def paper(hit, rita):
    return Document.objects.create(
        client_id=hit.client_id, kind="identity", title="pass.pdf", file="documents/1.pdf",
        content_type="application/pdf", size=1, sha256="0" * 64, uploaded_by=rita,
    )  # fmt: skip


@pytest.mark.parametrize(("verdict", "reason"), [("no_match", "other_person"), ("match", "same_papers")])
def test_what_papers_show_names_a_paper(page_of, hit, cora, cleo, paper, verdict, reason):
    ListedEntity.objects.update(identifiers=[["passport", "B7654321", "UG"]])
    for words in ("", "  ", "the passport"):
        with pytest.raises(Refused, match="which paper it was and who saw it"):
            decide(hit, cora, verdict=verdict, reason=reason, paper=words)
    browser, url = page_of(cora), reverse("compliance:hit_decision", args=[hit.pk])
    answer = browser.post(url, {"reason": reason, "note": "As I was told."})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"paper"}
    assert "As I was told." in answer.content.decode()
    assert browser.post(url, {"reason": reason, "document": paper.pk}).status_code == 303
    hit.refresh_from_db()
    assert (hit.document, hit.paper.endswith(": pass.pdf")) == (paper, True)
    page = page_of(cleo).get(reverse("compliance:hit", args=[hit.pk])).content.decode()
    assert reverse("clients:document", args=[hit.client_id, paper.pk]) in page
    step = confirm_hit(hit, by=cleo).steps.get(said="decided")
    assert step.paper == step.snapshot["paper"] == hit.paper
    paper.delete()
    hit.refresh_from_db()
    assert (hit.document, hit.paper.endswith(": pass.pdf")) == (None, True)


def test_a_paper_that_is_not_on_file_is_told_in_words(hit, cora):
    decide(hit, cora, reason="other_person", paper="Passport seen by Cora on 12 March")
    assert hit.steps.get().paper == "Passport seen by Cora on 12 March"


def test_a_paper_of_another_file_is_none(page_of, cast, hit, cora, paper):
    Document.objects.filter(pk=paper.pk).update(client=make_client("Somebody Else", cast.rita_book))
    with pytest.raises(NotVisible):
        decide(hit, cora, reason="other_person", document=paper.pk)
    url = reverse("compliance:hit_decision", args=[hit.pk])
    answer = page_of(cora).post(url, {"reason": "other_person", "document": paper.pk})
    assert answer.status_code == 422
    assert "document" in answer.context["form"].errors
    hit.refresh_from_db()
    assert hit.state == "open"


def test_a_reason_that_the_facts_contradict_stands_at_its_field(page_of, hit, cora):
    browser, url = page_of(cora), reverse("compliance:hit_decision", args=[hit.pk])
    for reason, sentence in (
        ("other_kind", "Both are of the same kind: this reason does not hold."),
        ("same_papers", "The list tells no number of a paper: this reason does not hold."),
        ("delisted", "The entry is still on the list: this reason does not hold."),
    ):
        sent = {"reason": reason, "paper": "Passport seen by Cora", "note": "Looked it up."}
        answer = browser.post(url, sent)
        assert answer.status_code == 422
        assert answer.context["form"].errors["reason"] == [sentence]
        assert "Looked it up." in answer.content.decode()


def test_who_returns_it_says_why_and_the_first_reads_it(page_of, hit, cora, cleo):
    decide(hit, cora)
    url, browser = reverse("compliance:hit_confirmation", args=[hit.pk]), page_of(cleo)
    seen = the_button(browser, hit)["seen"]
    for sent in (
        {},  # crafted: not even whether
        {"agreed": "no", "seen": seen},
        {"agreed": "no", "seen": seen, "reason": "not_shown", "note": " "},
        {"agreed": "no", "seen": seen, "reason": "because", "note": "Look again."},
        {"agreed": "no", "seen": seen, "note": "Look again."},
    ):
        answer = browser.post(url, sent)
        assert answer.status_code == 422
        assert answer.context["return_form"].errors
    assert "Look again." in answer.content.decode()
    hit.refresh_from_db()
    assert hit.state == "proposed"
    for reason, note in (("", "Look again."), ("not_shown", " ")):
        with pytest.raises(Refused):
            return_hit(hit, by=cleo, reason=reason, note=note)
    assert browser.post(url, {"agreed": "no", "seen": 1} | WHY).status_code == 409, "of no page that was read"
    assert browser.post(url, {"agreed": "no", "seen": seen} | WHY).status_code == 303
    assert browser.post(url, {"agreed": "no", "seen": seen} | WHY).status_code == 409, "returned already"
    hit.refresh_from_db()
    assert (hit.state, hit.assigned_to, hit.reason) == ("open", cora, "")
    page = page_of(cora).get(reverse("compliance:hit", args=[hit.pk])).content.decode()
    assert f"{cleo.name} returned the decision:" in page
    assert page.count(WHY["note"]) == 2  # above the form, and in what happened
    assert str(HIT_REASONS[WHY["reason"]]) in page
    decide(hit, cora)
    page = page_of(cora).get(reverse("compliance:hit", args=[hit.pk])).content.decode()
    assert "returned the decision:" not in page
    assert page.count(WHY["note"]) == 1  # it is kept


def test_the_reason_of_a_return_is_no_reason_of_a_decision(hit, cora, cleo):
    decide(hit, cora)
    confirm_hit(hit, by=cleo)
    decide(hit, cora, verdict="match", reason="client_says")
    return_hit(hit, by=cleo, **WHY)
    hit.refresh_from_db()
    assert (hit.state, hit.verdict, hit.reason) == ("cleared", "no_match", "common_name")
    assert hit.decided_by == cleo
    assert hit.steps.order_by("-pk").first().reason == WHY["reason"]


def test_of_two_officers_who_decide_at_once_the_later_hears_of_it(page_of, hit, cora, cleo):
    url = reverse("compliance:hit_decision", args=[hit.pk])
    assert page_of(cora).post(url, {"reason": "common_name"}).status_code == 303
    for sent in ({"reason": "common_name"}, {"reason": "same_papers"}, {}):
        answer = page_of(cleo).post(url, sent)
        assert answer.status_code == 409
        assert "A colleague has decided this hit meanwhile" in answer.content.decode()
