"""Offices that make a person politically exposed, and adverse information; each rates the client anew."""

from datetime import date

from django.utils import timezone

from clients.models import Client, Party
from clients.selectors.owners import last_days
from compliance.actions.rating import rate, set_off_review
from compliance.models import AdverseNote, KycFile, PepRole, ScreeningHit
from compliance.rules import pep as rules
from rulebook.selectors import pack
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


def _party(client: Client, party_id: int) -> Party:
    found: Party | None = Party.objects.filter(client=client, pk=party_id).first()
    if found is None:
        raise NotVisible(f"clients.Party {party_id}")
    return found


def client_of(held: PepRole | AdverseNote | ScreeningHit) -> Client:
    """Inside an action: the client, locked as a change of the client is."""
    found: Client = Client.objects.select_for_update(no_key=True).get(pk=held.client_id)
    return found


def rate_anew(client: Client, by: User | NightShift, cause: str, trigger: tuple[str, str] | None) -> None:
    """Inside an action: rated anew if it was rated; a client that is still asked will be with its facts."""
    kyc: KycFile | None = KycFile.objects.select_for_update().filter(client=client).first()
    if kyc is None or not kyc.facts_known:
        return
    figures = rate(client, kyc, by=by, cause=cause)
    if trigger is not None:
        set_off_review(client, kyc, *trigger, figures)


@action(
    May.PEP_RECORD, "PEP role recorded", on="clients.Client", remember=("party_id", "function", "capacity")
)
def record_pep_role(
    client: Client,
    *,
    by: User,
    party_id: int,
    capacity: str,
    function: str,
    country: str,
    level: str,
    source: str,
    title: str = "",
    holder: str = "",
    since_on: date | None = None,
    until_on: date | None = None,
) -> PepRole:
    """An office held by a party of this file, by its family or by a close associate. EU AMLR Art. 2(34)."""
    today = timezone.localdate()
    refuse_if(rules.refusals_to_record_role(client.state, since_on, until_on, today))
    made: PepRole = PepRole.objects.create(
        client=client, party=_party(client, party_id), capacity=capacity, function=function, title=title,
        holder=holder, country=country, level=level, since_on=since_on, until_on=until_on, source=source,
        recorded_by=by,
    )  # fmt: skip
    rate_anew(client, by, "pep", ("new_pep", f"role {made.pk}"))
    return made


@action(May.PEP_RECORD, "PEP role ended", on="compliance.PepRole", remember=("until_on",))
def end_pep_role(role: PepRole, *, by: User, until_on: date) -> PepRole:
    """The last day in office; it goes on counting for the tail (EU AMLR Art. 45).

    With a day long past it counts no longer at once: so compliance looks at the file anew, and nobody else
    ends what compliance recorded.
    """
    kept = role.recorded_by.may(May.KYC_REVIEW) and not by.may(May.KYC_REVIEW)
    refuse_if(rules.refusals_to_end_role(role.since_on, role.until_on, until_on, kept=kept))
    role.until_on, role.ended_by = until_on, by
    role.save(update_fields=["until_on", "ended_by"])
    rate_anew(client_of(role), by, "pep", ("facts_changed", f"role {role.pk} ended"))
    return role


@action(May.CLIENTS_RATE, "PEP role counts no longer", on="compliance.PepRole")
def let_pep_role_lapse(role: PepRole, *, by: NightShift) -> PepRole:
    """The tail is over, or its holder stands on the file no more: the client is rated without this office."""
    today = timezone.localdate()
    tail = rules.tail_of(pack("kyc", today).body)
    left = role.party_id in last_days([role.party_id], today)
    if role.lapsed_on is None and (left or rules.stand_of(role.until_on, today, tail) == "over"):
        role.lapsed_on = today
        role.save(update_fields=["lapsed_on"])
        rate_anew(client_of(role), by, "pep_left" if left else "pep_tail", None)
    return role


@action(May.CLIENTS_RATE, "PEP role counts again", on="compliance.PepRole")
def let_pep_role_return(role: PepRole, *, by: NightShift) -> PepRole:
    """Its holder is back on the file, and the office lasts or has its tail still."""
    today = timezone.localdate()
    tail = rules.tail_of(pack("kyc", today).body)
    left = role.party_id in last_days([role.party_id], today)
    if role.lapsed_on is not None and not left and rules.stand_of(role.until_on, today, tail) != "over":
        role.lapsed_on = None
        role.save(update_fields=["lapsed_on"])
        rate_anew(client_of(role), by, "pep_back", ("new_pep", f"role {role.pk} again {today}"))
    return role


@action(
    May.ADVERSE_WORK, "adverse information recorded", on="clients.Client", remember=("party_id", "severity")
)
def record_adverse(
    client: Client, *, by: User, party_id: int, severity: str, source: str, source_on: date, text: str
) -> AdverseNote:
    """What a source says against a party of this file; it counts as a factor until it is closed."""
    refuse_if(rules.refusals_to_note(client.state, source_on, timezone.localdate()))
    made: AdverseNote = AdverseNote.objects.create(
        client=client, party=_party(client, party_id), severity=severity, source=source,
        source_on=source_on, text=text, by=by,
    )  # fmt: skip
    rate_anew(client, by, "adverse", ("adverse_information", f"note {made.pk}"))
    return made


@action(May.ADVERSE_WORK, "adverse information closed", on="compliance.AdverseNote")
def close_adverse(note: AdverseNote, *, by: User, reason: str) -> AdverseNote:
    """It counts no longer, for a reason; it can still be read."""
    refuse_if(["This note is closed already."] if note.closed_at else [])
    note.closed_at, note.closed_by, note.closed_reason = timezone.now(), by, reason
    note.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    rate_anew(client_of(note), by, "adverse", None)
    return note
