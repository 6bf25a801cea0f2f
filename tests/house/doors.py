"""THE TABLE of every door: URL name, the object it is about, who may read it and who may write there.

A new URL is one line here. In words:

    Door("clients:interaction", on="interaction", get=SEERS),
    Door("clients:interaction_correction", on="fresh_interaction", get=DESK, post=DESK, send=A_CALL),
    Door("clients:addendum_new", on="interaction", post=DESK, send={"text": "She also asked for a card."}),
    Door("clients:task_new", on="client", get=SEERS, post=DESK, send={...})

on     the object on the stage (tests/house/stage.py) whose id the address carries, or ""
       Rita's is "own"; for Otto the same one is foreign; 999999 is missing for everyone.
sees   who can see that object; for all others it does not exist: 404, the same as missing
first  who has the role, where a view asks for it before it looks: all others are told 403
get    who is answered 200
post   who gets through: 303 done, 409 refused by a rule, 422 the form again; who sees but is not named: 403
send   what a POST carries, as the form would send it; a function gets the stage

Who is not logged in, or disabled, is sent to the login by every door but those named OPEN.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

PEOPLE = (
    "rita",
    "theo",
    "cora",
    "otto",
    "ada",
    "udo",
    "lena",
)  # udo: auditor; lena: assistant in Rita's book
OUTSIDE = ("anonymous", "dora")  # dora: disabled

EVERYONE = " ".join(PEOPLE)
SEERS = "rita theo cora udo lena"  # who sees Rita's clients
DESK = "rita theo lena"  # who serves them
ADVISERS = "rita theo"  # who advises them
FRONT = "rita theo otto lena"  # everyone with clients to serve, for addresses without an object
SELLERS = "rita theo otto"  # everyone who advises
SAVERS = "rita theo cora otto udo lena"  # everyone but the administrator has lists to come back to
WORKERS = "rita theo cora otto lena"  # who gets alerts and works them; an auditor changes nothing
OFFICERS = "cora"
AUDITORS = "cora udo"
LEADS = "theo"
HANDING = "theo cora"  # who hands clients over
STAFFING = "cora ada"  # who asks for other roles
TEAM = "mira"  # the MLRO: walks only through the doors that name her


@dataclass(frozen=True)
class Door:
    name: str
    on: str = ""
    get: str = ""
    post: str = ""
    sees: str = ""
    first: str = ""
    send: dict[str, Any] | Callable[[Any], dict[str, Any]] = field(default_factory=dict)
    query: str = ""
    done: tuple[int, ...] = (303, 409, 422)
    gone_is_done: bool = False  # what is not there (or not mine) need not be removed: the same answer for all
    about: str = ""  # the object that a POST names in its form, not in the address
    secret: bool = False  # for who does not see it the address itself does not exist

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone who is to walk through it."""
        return (*PEOPLE, *sorted({*self.get.split(), *self.post.split()} - {*PEOPLE}))

    def seers(self) -> set[str]:
        if self.sees:
            return set(self.sees.split())
        return set((SEERS if self.on or self.about else EVERYONE).split())

    def expected(self, person: str, method: str, missing: bool) -> tuple[int, ...]:
        """The statuses that are right, one or few."""
        if person in OUTSIDE:
            return (401,) if self.is_api else (302,)  # the pages send to the login
        allowed = set((self.get if method == "GET" else self.post).split())
        if not allowed:
            return (405,)
        if self.first and person not in self.first.split():
            return (403,)
        hidden = missing or person not in self.seers()
        if hidden and self.secret:
            return (404,)
        if hidden and not self.gone_is_done and (self.on or (self.about and method == "POST")):
            return (404,)
        if person not in allowed:
            return (403,)
        return (200,) if method == "GET" else self.done


@dataclass(frozen=True)
class Open:
    """A door that is open to who is not logged in, and why. `status`: (outside, inside) for a GET."""

    name: str
    because: str
    status: tuple[tuple[int, ...], tuple[int, ...]]
    ids: dict[str, int] = field(default_factory=dict)


ASIDE = {"cause": "unreached", "reason": "Three calls, no answer"}
AN_END = {"cause": "wish", "reason": "She moves to Lisbon and takes a bank there"}
A_CALL = {
    "channel": "call", "purpose": "service", "summary": "Asked about a card", "at": "2026-01-05T10:00",
    "late_reason": "Found in my notes",
}  # fmt: skip
A_BARRIER = {"name": "Falcon", "people_in": "otto", "reason": "A deal that is not public"}
WHY = {"reason": "The deal is public"}
A_HOLD = {"kind": "legal", "reason": "A dispute about a loan, file 12/2026"}
A_PACK = {"at": "2026-01-31", "since": "2026-01-01", "until": "2026-01-31"}
A_PLAN = {"first_on": "2025-01-01", "last_on": "2025-01-31"}
A_TASK = {"kind": "call", "title": "Call", "due_on": "2027-01-04"}
A_VIEW = {"name": "Mine", "page": "clients:list"}
A_LEAD = {
    "kind": "person", "name": "Nora Lind", "segment": "affluent", "stage": "family", "domicile": "CH",
    "language": "en",
}  # fmt: skip
A_BREAK = {"number": "C-0000001", "reason": "The owner is ill and the house sale closes today"}
A_VERDICT = {"verdict": "justified", "words": "The owner was ill"}
A_CONTACT_POINT = {"kind": "phone", "value": "+41446681800"}
A_PARTY = {"relation": "spouse", "kind": "person", "name": "Beat Keller"}
PREFERENCES = {"preferred_channel": "call", "language": "en", "stage": "family", "preferences": "Mornings"}
A_GOAL = {"name": "House", "amount": "100000", "currency": "EUR", "by_on": "2036-01-01"}


def a_talk(stage: Any) -> dict[str, Any]:
    held_on = timezone.localdate().isoformat()
    return {"talk": "All well", "recommendation": "Stay", "decision": "accepted", "held_on": held_on}


KYC_FACTS = {
    "born_on": "1980-05-05", "nationality": "CH", "residence": "CH", "source_of_funds": "salary",
    "purpose": "wealth", "pep": "no",
}  # fmt: skip
A_ROLE = {
    "capacity": "holder", "function": "parliament", "country": "CH", "level": "national",
    "source": "The client's own word",
}  # fmt: skip
A_NOTE = {"severity": "low", "source": "A newspaper", "source_on": "2026-01-05", "text": "A fine was paid."}
AN_OVERRIDE = {"level": "high", "until_on": "2099-01-01", "reason": "Looks odd"}
A_MEASURE = {"code": "monitoring", "done_on": "2026-01-05", "note": "Looked at every payment"}
A_HOLDER = {"name": "Beat Keller", "born_on": "1979-01-01", "nationality": "CH", "residence": "CH"}
AN_OWNER = {"relation": "signatory", "kind": "person", "name": "Nora Lind"}
HOLDER_FACTS = A_HOLDER | {"source_of_funds": "salary", "pep": "no"}
A_WEALTH = {"source_of_wealth": "business", "wealth_note": "Sold the family firm in 2019"}
A_TAX_FORM = {"form": "crs", "signed_on": "2026-11-02", "country1": "CH", "missing1": "not_obtained"}
AN_ACCOUNT = {"kind": "current", "currency": "CHF", "statements": "monthly", "online": "on"}
A_PAPER = {"identifier_kind": "passport", "identifier_country": "CH", "identifier_number": "X7654321"}
CONSENTS = {"purposes": ["data_processing", "recording"]}


def an_opening(stage: Any) -> dict[str, Any]:
    known = A_LEAD | {"born_on": "1990-02-03", "products": ["current"], "book_id": str(stage.book.pk)}
    return known | {"checked": "nora lind||1990-02-03|||"}


A_MOVE = {"to": "need_confirmed", "seen": "identified"}


def of_party(stage: Any) -> dict[str, Any]:
    return A_CONTACT_POINT | {"party_id": stage.party.pk}


def a_loan(stage: Any) -> dict[str, Any]:
    days = {"first_on": timezone.localdate().isoformat(), "last_on": timezone.localdate().isoformat()}
    return days | {"to": stage.gil.pk, "purpose": "opinion", "reason": "A second pair of eyes"}


def a_cover(stage: Any) -> dict[str, Any]:
    return a_loan(stage) | {"book_id": stage.book.pk, "reason": "holidays"}


def a_handover(stage: Any) -> dict[str, Any]:
    asked = {"client": [stage.client.pk], "to": f"book-{stage.cast.otto_book.pk}", "cause": "load"}
    return asked | {"effective_on": timezone.localdate().isoformat(), "reason": "Too many files"}


def a_change(stage: Any) -> dict[str, Any]:
    return {"role": "assistant", "team": stage.colleague.team_id, "reason": "Supports the desk from now on"}


def a_role(stage: Any) -> dict[str, Any]:
    return A_ROLE | {"party_id": stage.party.pk}


def a_note(stage: Any) -> dict[str, Any]:
    return A_NOTE | {"party_id": stage.party.pk}


def a_pdf(stage: Any) -> dict[str, Any]:
    return {"file": stage.paper(), "kind": "other", "title": "A paper"}


def a_bulk(stage: Any) -> dict[str, Any]:
    return {"act": "review", "rows": [stage.client.pk], "form_key": "a bulk of the doors"}


def a_batch_of_hits(stage: Any) -> dict[str, Any]:
    return {"act": "no_match", "rows": [stage.hit.pk]}


def an_identity(stage: Any) -> dict[str, Any]:
    at = stage.required_document["required_id"]
    return {f"{at}-file": stage.paper(), f"{at}-expires_on": "2099-01-01"}


def a_review_of_it(stage: Any) -> dict[str, Any]:
    return {f"{stage.required_document['required_id']}-approve": "on"}


def the_client(stage: Any) -> dict[str, Any]:
    return {"client": stage.client.pk}


def secret(name: str, on: str = "", *, get: str = "", post: str = "", **how: Any) -> Door:
    return Door(f"suspicion:{name}", on=on, get=get, post=post, sees=TEAM, secret=True, **how)


def of_officers(name: str, on: str, **how: Any) -> Door:
    return Door(f"compliance:{name}", on=on, first=OFFICERS, sees=OFFICERS, **how)


A_SUSPICION = {"about": "A man with a suitcase", "ground": "payments", "what": "Cash", "knows": "no"}
A_QUESTION = {"reference": "FIU-2", "received_on": "2026-01-05", "about": "Anna", "asked": "Statements"}
ALL_STAFF = f"{EVERYONE} {TEAM}"

DOORS = [
    # --- what a person sees first
    Door("home", get=EVERYONE),
    Door("screen", post=EVERYONE, send={"to": "shown", "next": "/"}),
    Door("my_day", get=FRONT),
    Door("day_call", on="client", get=DESK, post=DESK, first=FRONT, send=A_CALL),
    Door("team", get=LEADS),
    Door("team_duties", on="book", get=LEADS, first=LEADS, sees=LEADS),
    Door("compliance", get=AUDITORS),
    Door("client", on="client", get=SEERS),
    Door("job", on="job", get="rita", sees="rita"),
    Door("identifier", on="masked", post=SEERS, done=(200,)),
    # --- alerts and retention
    Door("inbox", get=WORKERS),
    Door("outbox", get=EVERYONE),
    Door("alerts:bell", get=EVERYONE),
    Door("alerts:dismissal", on="alert", post="rita theo cora lena", send={"reason": "handled"}),
    Door("alerts:snooze", on="alert", post="rita theo cora lena", send={"until": "2099-01-01"}),
    Door("retention:at_risk", get=SELLERS),
    Door("retention:call_new", on="client", post=ADVISERS),
    # --- handovers: a proposal is known to who leads one of the teams, and to who sees every book
    Door("cockpit:handovers", get="rita theo cora otto udo lena"),
    Door("cockpit:handover_new", get=HANDING, post=HANDING, first=HANDING, send=a_handover),
    Door("cockpit:handover", on="handover", get="theo cora udo", sees="theo cora udo", first=SEERS + " otto"),
    *(
        Door(f"cockpit:handover_{verb}", on="handover", post=HANDING, sees=HANDING, first=HANDING)
        for verb in ("confirmation", "end")
    ),
    # --- clients
    Door("clients:list", get=EVERYONE, post=EVERYONE, send={"name": "keller"}),
    Door("clients:lead_new", get=SELLERS, post=SELLERS, send=A_LEAD),
    Door("clients:view_new", post=SAVERS, send=A_VIEW),
    Door("clients:view_removal", on="saved_view", post=SAVERS, sees=EVERYONE, gone_is_done=True),
    Door("clients:tasks", get=EVERYONE),
    Door("clients:task_completion", on="task", post=DESK),
    Door("clients:contact_point_new", on="client", get=SEERS, post=DESK, send=of_party),
    Door("clients:contact_point_removal", on="contact_point", post=DESK),
    Door("clients:related_party_new", on="client", get=SEERS, post=DESK, send=A_PARTY),
    Door("clients:preferences", on="client", get=SEERS, post=DESK, send=PREFERENCES),
    Door("clients:documents", on="client", get=SEERS, post=DESK, send=a_pdf),
    Door("clients:document", on="document", get=SEERS),
    Door("clients:interactions", on="client", get=SEERS),
    Door("clients:interaction_new", on="client", get=SEERS, post=DESK, send=A_CALL),
    Door("clients:interaction", on="interaction", get=SEERS),
    Door("clients:interaction_correction", on="fresh_interaction", get=DESK, post=DESK, send=A_CALL),
    Door("clients:addendum_new", on="interaction", post=DESK, send={"text": "She also asked for a card."}),
    Door("clients:lending", on="client", get=SEERS, post=ADVISERS, send=a_loan),
    Door("clients:brake", get=SAVERS, post=SAVERS),
    Door("clients:lent", get=SAVERS),
    Door("clients:loan_end", on="loan", post=ADVISERS),
    Door("clients:covers", get=SELLERS, post=SELLERS, first=SELLERS, send=a_cover),
    Door("clients:cover_end", on="cover", post=ADVISERS, first=SELLERS, sees=ADVISERS),
    Door("clients:task_new", on="client", get=SEERS, post=DESK, send=A_TASK),
    Door("search", get=EVERYONE, post=EVERYONE, query="?q=keller", send={"q": "keller"}),
    # --- portfolios, needs, reviews
    Door("portfolios:client", on="client", get=SEERS),
    Door("needs:assess", on="client", get=SEERS, post=ADVISERS, query="?step=goals", send={"step": "goals"}),
    Door("needs:appropriateness", on="client", get=SEERS),
    Door("needs:goal_new", on="client", get=SEERS, post=ADVISERS, send=A_GOAL),
    Door("needs:goal", on="goal", get=SEERS, post=ADVISERS, send=A_GOAL),
    Door("needs:signature", on="assessment", post=ADVISERS),
    Door("needs:removal", on="assessment", post=ADVISERS),
    Door("reviews:list", get=EVERYONE, post=ADVISERS, about="client", send=the_client),
    Door("reviews:preparation", on="client", get=SEERS),
    Door("reviews:review", on="review", get=SEERS, post=ADVISERS, send=a_talk),
    Door("reviews:minutes", on="review", post=ADVISERS, send=a_talk),
    # --- opportunities
    Door("opportunities:pipeline", get=SELLERS),
    Door("opportunities:suggestions", get=SELLERS),
    Door("opportunities:client", on="client", get=SEERS),
    Door("opportunities:new", on="client", post=ADVISERS, send={"product_kind": "pension"}),
    Door("opportunities:opportunity", on="opportunity", get=SEERS),
    Door("opportunities:stage", on="opportunity", post=ADVISERS, send=A_MOVE),
    Door("opportunities:closure", on="opportunity", post=ADVISERS, send={"reason": "price"}),
    # --- compliance; that there is a screening hit, only who decides it may know
    Door("compliance:kyc", get=EVERYONE, post=OFFICERS, send=a_bulk),
    Door("compliance:client", on="client", get=SEERS),
    Door("compliance:gaps", get=EVERYONE, post=OFFICERS, send=a_bulk),
    Door("compliance:sweep_new", post=OFFICERS),
    Door("compliance:approvals", get=AUDITORS),
    Door("compliance:overrides", get=OFFICERS),
    Door("compliance:triggers", get=AUDITORS),
    Door("compliance:reviews", get=AUDITORS),
    Door("compliance:bulk_work", on="bulk", get=OFFICERS, sees=OFFICERS, first=OFFICERS),
    Door("compliance:bulk_undo", on="bulk", post=OFFICERS, sees=OFFICERS, first=OFFICERS),
    Door("compliance:reports", get=AUDITORS),
    *(
        Door(f"compliance:report_{code}{form}", get=OFFICERS if code == "screening" else AUDITORS)
        for code in ("risk", "reviews", "screening")
        for form in ("", "_sheet", "_paper")
    ),
    *(
        Door(f"compliance:report_interactions{form}", get="cora theo udo")
        for form in ("", "_sheet", "_paper")
    ),
    # --- the audit of interactions
    Door("compliance:sample_plans", get=AUDITORS, post=OFFICERS, send=A_PLAN),
    Door("compliance:sample_plan", on="sample_plan", get=AUDITORS, first=AUDITORS, sees=AUDITORS),
    Door("compliance:samples", get=AUDITORS),
    Door("compliance:sample", on="sample", get=AUDITORS, first=AUDITORS),
    Door("compliance:sample_decision", on="sample", post=OFFICERS, first=OFFICERS, send={"decision": "pass"}),
    Door("compliance:sample_closure", on="sample", post=OFFICERS, first=OFFICERS, send={"mended": "yes"}),
    Door(
        "compliance:sample_answer",
        on="sample",
        get="rita",
        post="rita",
        sees="rita",
        first=FRONT,
        send={"text": "She asked for it."},
    ),
    Door("compliance:mine", get=FRONT),
    Door("compliance:attestation", get=FRONT, post=FRONT, send={"used": "no"}, done=(200, 303, 409, 422)),
    Door("compliance:use_capture", on="off_channel_use", get=DESK, post=DESK, send=A_CALL),
    Door("compliance:attestations", get=AUDITORS),
    Door(
        "compliance:attestation_reminder",
        on="attestation",
        post=OFFICERS,
        first=OFFICERS,
        sees=OFFICERS,
    ),
    Door("compliance:review_request_withdrawal", on="client", post=OFFICERS),
    Door("compliance:facts", on="client", get=DESK, post=DESK, send=KYC_FACTS),
    Door("compliance:review", on="client", post=OFFICERS),
    Door("compliance:ownership", on="client", get=SEERS),
    Door("compliance:owner_new", on="client", post=DESK, send={"relation": "owner", "name": "Eva Lind"}),
    Door("compliance:owner_renewal", on="owner_with_a_file", post=DESK),
    Door("compliance:holding", on="holding", get=DESK),
    Door("compliance:holding_share", on="holding", post=DESK, send={"share": "5", "from_on": "2025-01-01"}),
    Door("compliance:holding_end", on="holding", post=DESK, send={"until_on": "2025-01-01"}),
    Door("compliance:holding_correction", on="holding", post=DESK, send={"share": "5", "reason": "Misread"}),
    Door("compliance:holding_mistake", on="holding", post=DESK, send={"reason": "Never so"}),
    Door("compliance:owner_search", on="client", get=DESK, post=DESK, send={"q": "Keller"}),
    Door("compliance:consent_new", on="client", post=DESK, send={"purpose": "marketing", "channel": ""}),
    Door("compliance:consent_withdrawal", on="consent", post=DESK),
    Door("compliance:hits", get=OFFICERS, post=OFFICERS, send=a_batch_of_hits),
    Door("compliance:hit", on="hit", get=OFFICERS, sees=OFFICERS),
    Door("compliance:hit_decision", on="hit", post=OFFICERS, sees=OFFICERS, send={"reason": "common_name"}),
    Door("compliance:hit_confirmation", on="hit", post=OFFICERS, sees=OFFICERS, send={"agreed": "yes"}),
    Door("compliance:hit_step", on="hit_step", get=OFFICERS, sees=OFFICERS),
    Door("compliance:lists", get=OFFICERS, post=OFFICERS),
    Door("compliance:list_version", on="list_version", get=OFFICERS, sees=OFFICERS, first=OFFICERS),
    Door("compliance:screening_new", post=OFFICERS),
    Door("compliance:work", on="work", get=OFFICERS, sees=OFFICERS, first=OFFICERS),
    Door("compliance:interactions", get=AUDITORS, post=AUDITORS, send={"words": "card"}),
    Door("compliance:review_request", on="client", post=OFFICERS),
    Door(
        "compliance:measures",
        on="client",
        get=OFFICERS,
        post=OFFICERS,
        first=OFFICERS,
        send=A_MEASURE,
        done=(303, 409, 422),
    ),
    Door("compliance:rating", on="client", get=SEERS),
    Door("compliance:override_new", on="client", post=OFFICERS, first=OFFICERS, send=AN_OVERRIDE),
    Door(
        "compliance:override_decision", on="override", post=OFFICERS, first=OFFICERS, send={"agreed": "yes"}
    ),
    Door("compliance:override_withdrawal", on="override", post=OFFICERS, first=OFFICERS),
    Door("compliance:pep", on="client", get=SEERS, post="rita theo cora lena", send=a_role),
    Door(
        "compliance:pep_role_end", on="pep_role", post="rita theo cora lena", send={"until_on": "2026-01-05"}
    ),
    Door("compliance:adverse", on="client", get=OFFICERS, post=OFFICERS, first=OFFICERS, send=a_note),
    Door(
        "compliance:adverse_closure",
        on="adverse_note",
        post=OFFICERS,
        first=OFFICERS,
        send={"reason": "Untrue"},
    ),
    Door("compliance:dry_run", on="draft", get=AUDITORS, post=OFFICERS, first=AUDITORS, sees=AUDITORS),
    Door("compliance:dry_run_sheet", on="tried", get=AUDITORS, first=AUDITORS, sees=AUDITORS),
    Door("compliance:trial", on="hits_draft", get=AUDITORS, post=OFFICERS, first=AUDITORS, sees=AUDITORS),
    Door("compliance:trial_sheet", on="hits_tried", get=AUDITORS, first=AUDITORS, sees=AUDITORS),
    # --- rule packs: no client is in them
    Door("rulebook:packs", get=AUDITORS),
    Door("rulebook:countries", get=AUDITORS),
    Door("rulebook:pack", on="pack_name", get=AUDITORS, first=AUDITORS, sees=AUDITORS),
    Door("rulebook:draft_new", on="pack_name", post=OFFICERS, first=OFFICERS, sees=OFFICERS),
    Door("rulebook:version", on="draft", get=AUDITORS, first=AUDITORS, sees=AUDITORS),
    Door(
        "rulebook:figures",
        on="draft",
        get=OFFICERS,
        post=OFFICERS,
        first=OFFICERS,
        sees=OFFICERS,
        send={"valid_from": "2099-01-01"},
    ),
    Door("rulebook:activation", on="draft", post=OFFICERS, first=OFFICERS, sees=OFFICERS),
    Door("rulebook:withdrawal", on="draft", post=OFFICERS, first=OFFICERS, sees=OFFICERS),
    Door("compliance:access", get=AUDITORS, post=AUDITORS, send={"number": "C-1"}),
    # --- information barriers: whoever manages them, whatever stands behind them
    Door("compliance:barriers", get=OFFICERS, post=OFFICERS, send=A_BARRIER),
    of_officers("barrier", "barrier", get=OFFICERS, post=OFFICERS, send=WHY),
    of_officers("barrier_lift", "barrier", post=OFFICERS, send=WHY),
    of_officers("barrier_confirmation", "proposal", post=OFFICERS),
    of_officers("barrier_end", "proposal", post=OFFICERS),
    # --- files kept long enough, and held
    Door("compliance:keeping", get=AUDITORS),
    Door("compliance:client_keeping", on="client", get=AUDITORS, post=OFFICERS, first=AUDITORS, send=A_HOLD),
    Door("compliance:lift_new", on="legal_hold", post=OFFICERS, first=OFFICERS, send=WHY),
    Door("compliance:lift_confirmation", on="hold_lift", post=OFFICERS, first=OFFICERS),
    Door("compliance:lift_end", on="hold_lift", post=OFFICERS, first=OFFICERS),
    Door("compliance:deletion_new", on="client", post=OFFICERS, first=OFFICERS),
    of_officers("deletion_confirmation", "file_deletion", post=OFFICERS),
    of_officers("deletion_end", "file_deletion", post=OFFICERS),
    Door("compliance:deletions", get=AUDITORS),
    Door("compliance:deletion", on="certificate", get=AUDITORS, first=AUDITORS, sees=AUDITORS),
    Door("file_history", on="client", get=AUDITORS),
    Door("file_pack", on="client", post=AUDITORS, send=A_PACK),
    Door("file_pack_file", on="regulator_pack", get=OFFICERS, sees=OFFICERS, first=AUDITORS),
    Door("compliance:client_access", on="client", get=AUDITORS),
    Door("compliance:person_access", on="colleague", get=AUDITORS, first=AUDITORS, sees=AUDITORS),
    # --- break-glass: whoever serves clients breaks it, compliance looks at it
    Door("compliance:glass", get=AUDITORS),
    Door("compliance:glass_new", get=FRONT, post=FRONT, send=A_BREAK),
    Door("compliance:glass_use", on="glass_use", get=AUDITORS, first=AUDITORS),
    Door("compliance:glass_review", on="glass_use", post=OFFICERS, first=OFFICERS, send=A_VERDICT),
    Door("compliance:recertifications", get="theo cora udo"),
    Door(
        "compliance:recertification_new",
        post=OFFICERS,
        first=OFFICERS,
        send=lambda stage: {"due_on": timezone.localdate() + timedelta(days=20), "reason": "An incident"},
    ),
    Door(
        "compliance:recertification",
        on="recertification",
        get="theo cora udo",
        post=LEADS,
        first="theo cora udo",
        sees="theo cora udo",
        send={"seen": "0"},
    ),
    Door("compliance:glass_end", on="broken", post="rita", sees="rita otto cora udo"),
    # --- the sealed audit: whose export it is, nobody else gets
    Door("compliance:audit", get=AUDITORS),
    Door("compliance:audit_export", post=AUDITORS, send={"since": "2026-01-01", "until": "2026-01-31"}),
    Door("compliance:export_confirmation", on="large_export", post=OFFICERS, sees=OFFICERS, first=OFFICERS),
    Door("compliance:export_end", on="large_export", post=OFFICERS, sees=OFFICERS, first=AUDITORS),
    Door("compliance:audit_check", post=AUDITORS),
    Door("compliance:audit_file", on="audit_export", get=OFFICERS, sees=OFFICERS, first=AUDITORS),
    # --- onboarding
    Door("onboarding:list", get=EVERYONE),
    Door("onboarding:new", on="client", get=ADVISERS, post=ADVISERS, send={"products": ["current"]}),
    Door("onboarding:workspace", on="onboarding", get=SEERS),
    Door("onboarding:products", on="onboarding", post=ADVISERS, send={"products": ["current"]}),
    Door("onboarding:facts", on="onboarding", post=ADVISERS, send=KYC_FACTS),
    Door("onboarding:document_file", on="required_document", post=DESK, send=an_identity),
    Door("onboarding:document_review", on="required_document", post=OFFICERS, send=a_review_of_it),
    Door("onboarding:opening_new", get=SELLERS, post=SELLERS, first=SELLERS, send=an_opening),
    Door("onboarding:duplicates", get=OFFICERS),
    Door(
        "onboarding:duplicate_decision",
        on="duplicate",
        post=OFFICERS,
        first=OFFICERS,
        sees=OFFICERS,
        send={"verdict": "different"},
    ),
    Door("onboarding:plan", on="onboarding", get=SEERS),
    Door("onboarding:review", on="onboarding", get=SEERS),
    Door(
        "onboarding:hold",
        on="onboarding",
        get="rita theo cora",
        post="rita theo cora",
        send={"reason": "client_waits"},
    ),
    Door("onboarding:resumption", on="onboarding", post="rita theo cora"),
    Door("onboarding:holder_new", on="onboarding", get=ADVISERS, post=ADVISERS, send=A_HOLDER),
    Door(
        "onboarding:owners_search",
        on="onboarding",
        get=ADVISERS,
        post=ADVISERS,
        send={"what": "The register was asked and names nobody"},
    ),
    Door("onboarding:person_new", on="onboarding", get=ADVISERS, post=ADVISERS, send=AN_OWNER),
    Door("onboarding:holder", on="joint_holder", get=ADVISERS, post=ADVISERS, send=HOLDER_FACTS),
    Door("onboarding:wealth", on="joint_holder", get=ADVISERS, post=ADVISERS, send=A_WEALTH),
    Door("onboarding:certification", on="joint_holder", get=ADVISERS, post=ADVISERS, send=A_TAX_FORM),
    Door(
        "onboarding:circumstances",
        on="self_certification",
        get=ADVISERS,
        post=ADVISERS,
        send={"changed_on": "2026-11-02"},
    ),
    Door("onboarding:account_new", on="onboarding", get=ADVISERS, post=ADVISERS, send=AN_ACCOUNT),
    Door("onboarding:account_removal", on="planned_account", post=ADVISERS),
    Door("onboarding:consents", on="onboarding", get=ADVISERS, post=ADVISERS, send=CONSENTS),
    Door("onboarding:document_removal", on="required_document", post=DESK),
    Door("onboarding:person", on="joint_holder", get=ADVISERS, post=ADVISERS, send={"name": "Beat Lind"}),
    Door("onboarding:paper_new", on="onboarding", get=ADVISERS, post=ADVISERS, send=A_PAPER),
    Door("onboarding:paper", on="shown_paper", get=ADVISERS, post=ADVISERS, send=A_PAPER),
    Door("onboarding:person_removal", on="joint_holder", post=ADVISERS),
    Door("onboarding:opening_aside", on="onboarding", post=DESK, send=ASIDE),
    Door("onboarding:document_taking", on="required_document", post=OFFICERS),
    Door("onboarding:submission", on="onboarding", post=ADVISERS),
    Door("onboarding:approval", on="onboarding", post="theo cora"),
    Door("onboarding:refusal", on="onboarding", post="theo cora", send={"reason": "facts_unclear"}),
    # --- suspicions: anyone hands one over, and for all but the MLRO's team that is all there is
    Door("suspicion:report", get=ALL_STAFF, post=ALL_STAFF, send=A_SUSPICION, done=(200,)),
    secret("desk", get=TEAM),
    secret("journal", get=TEAM),
    secret("case", "case", get=TEAM),
    secret("assessment", "case", post=TEAM),
    secret("note_new", "case", post=TEAM, send={"text": "Called the branch"}),
    secret("client_found", "case", post=TEAM, send={"number": "C-0000001"}),
    secret("decision", "case", post=TEAM, send={"decision": "report", "reason": "It does not fit"}),
    secret("draft", "case", post=TEAM, send={"grounds": "Cash"}),
    secret("filing", "case", post=TEAM, send={"reference": "1", "filed_on": "2026-01-05"}),
    secret("fiu_answer", "case", post=TEAM, send={"answer": "consent", "answered_on": "2026-01-05"}),
    secret("hold", "case", post=TEAM, send={"hold": "off", "reason": "Five years are over"}),
    secret("removal", "case", post=TEAM, done=(409,)),
    secret("access", "case", post=TEAM, send={"access": "withhold", "reason": "It would tip off"}),
    secret("paper", "case", get=TEAM),
    secret("document", "paper_of_case", get=TEAM),
    secret("request_new", get=TEAM, post=TEAM, send=A_QUESTION),
    secret("request", "fiu_request", get=TEAM, post=TEAM, send={"answer": "Sent"}),
    # --- the end of a relationship: asked for by who serves the client, decided by who approves openings
    Door("onboarding:endings", get=EVERYONE),
    Door("onboarding:ending", on="client", get=SEERS, post=DESK, send=AN_END),
    Door("onboarding:ending_confirmation", on="ending", post="theo cora"),
    Door("onboarding:ending_return", on="ending", post="theo cora", send={"answer": "Her loan first"}),
    Door("onboarding:ending_withdrawal", on="ending", post=DESK),
    Door("onboarding:lead_aside", on="client", post=DESK, send=ASIDE),
    Door("onboarding:lead_taking_up", on="lead_set_aside", post=DESK),
    Door("onboarding:imports", get=OFFICERS, post=OFFICERS, first=OFFICERS),
    *(
        Door(f"onboarding:{name}", on="client_import", get=OFFICERS, first=OFFICERS, sees=OFFICERS)
        for name in ("import", "import_mapping_file", "import_problems")
    ),
    *(
        Door(f"onboarding:import_{verb}", on="client_import", post=OFFICERS, first=OFFICERS, sees=OFFICERS)
        for verb in ("mapping", "check", "load", "undo", "removal")
    ),
    # --- the own account; sessions of others an administrator ends
    Door("account", get=ALL_STAFF),
    Door("account_session_end", on="login_session", post=EVERYONE, sees=EVERYONE, gone_is_done=True),
    Door("account_sessions_end", post=EVERYONE),
    Door("account_sessions_of", get="ada", post="ada", send={"login": "rita"}),
    Door("account_password_of", get="ada", post="ada", send={"login": "rita"}),
    # --- roles of colleagues
    Door("account_people", get=STAFFING),
    Door(
        "account_person",
        on="colleague",
        get=STAFFING,
        post=STAFFING,
        sees=STAFFING,
        first=STAFFING,
        send=a_change,
    ),
    Door("account_person_disablement", on="colleague", post=STAFFING, sees=STAFFING, first=STAFFING),
    Door("account_change_confirmation", on="person_change", post=OFFICERS, sees=OFFICERS, first=OFFICERS),
    Door("account_change_end", on="person_change", post=STAFFING, sees=STAFFING, first=STAFFING),
    Door("account_token_new", post=EVERYONE, done=(200,)),
    Door("account_token_removal", post=EVERYONE),
    # --- the API: the same lock; who is outside is told 401
    Door("api:schema", get=EVERYONE),
    Door("api:clients", get=EVERYONE),
    Door("api:client", on="client", get=SEERS),
    Door("api:interactions", on="client", get=SEERS, post=DESK, send=A_CALL, done=(201,)),
    Door("api:holdings", on="client", get=SEERS),
    Door("api:tasks", get=EVERYONE),
]

OPEN = [
    Open("healthz", "probes have no login; it tells nothing of a client", ((200, 503), (200, 503))),
    Open("policy_report", "the browser reports what it stopped, and has no token", ((302,), (405,))),
    Open("account_login", "allauth: the login itself", ((200,), (302,))),
    Open("account_logout", "allauth: asks first, and goes by POST only", ((302,), (200,))),
    Open("account_reauthenticate", "allauth: asks for the password again", ((302,), (200,))),
    Open("account_change_password", "allauth: a person's own password", ((302,), (200,))),
    Open("account_set_password", "allauth: for who came by single sign-on only", ((302,), (302,))),
    Open("account_inactive", "allauth: says that an account is disabled", ((200,), (200,))),
    Open("account_signup", "allauth: says that nobody signs up here", ((200,), (302,))),
    Open("account_kept_form", "the person's own form, if one is kept", ((302,), (404,))),
    Open("mfa_index", "allauth: what one's own second factors are", ((302,), (200,))),
    Open("mfa_authenticate", "allauth: the login's second step, only after the first", ((302,), (302,))),
    Open("mfa_reauthenticate", "allauth: asks for a code again, of who has an app", ((302,), (302,))),
    Open("mfa_reauthenticate_webauthn", "allauth: asks for a key again, of who has one", ((302,), (302,))),
    Open("mfa_activate_totp", "allauth: a person's own app", ((302,), (200,))),
    Open("mfa_deactivate_totp", "allauth: likewise; there is none", ((302,), (404,))),
    Open("mfa_list_webauthn", "allauth: a person's own keys", ((302,), (200,))),
    Open("mfa_add_webauthn", "allauth: a person's own key", ((302,), (200,))),
    Open("mfa_edit_webauthn", "allauth: likewise; there is none", ((302,), (404,)), {"pk": 999_999}),
    Open("mfa_remove_webauthn", "allauth: likewise; there is none", ((302,), (404,)), {"pk": 999_999}),
    Open("mfa_view_recovery_codes", "a person's own codes; there are none", ((302,), (404,))),
    Open("mfa_generate_recovery_codes", "likewise", ((302,), (200,))),
    Open("openid_connect_login", "to the bank's identity provider, by POST only", ((405,), (405,))),
    Open("openid_connect_callback", "back from there; none is set here", ((404,), (404,))),
    Open("account_bank_logged_out", "the provider's own word, signed, by POST only", ((405,), (405,))),
    Open("account_password_start", "for who has a code from a mail and no password yet", ((200,), (200,))),
]  # fmt: skip
