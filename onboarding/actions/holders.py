"""Joint holders, and what each holder says of funds and wealth."""

from datetime import date
from typing import Any

from django.utils import timezone

from clients import actions as client_actions
from clients.models import Client, Identifier, Party, RelationKind, Relationship
from compliance.actions import kyc as kyc_actions
from compliance.models import KycFile
from compliance.selectors.ownership import ownership_of
from onboarding import rules
from onboarding.actions.steps import fall, hold_client, remember_step, require_documents
from onboarding.models import HolderFacts, Onboarding
from onboarding.rules import holders as holder_rules
from onboarding.rules.requirements import wrongs_of_paper
from onboarding.selectors.openings import joint_holders
from rulebook.selectors import pack
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(May.ONBOARDING_WORK, "joint holder added", on="onboarding.Onboarding")
def add_holder(
    onboarding: Onboarding,
    *,
    by: User,
    name: str,
    born_on: date,
    nationality: str,
    residence: str,
    native_name: str = "",
    contact_kind: str = "",
    contact_value: str = "",
) -> Party:
    """Somebody who holds the relationship too: papers, facts and certifications are asked for."""
    refuse_if(rules.refusals_to_change(onboarding.state))
    client = hold_client(onboarding)
    most = int(pack("onboarding", timezone.localdate())["most_holders"])
    refuse_if(
        holder_rules.refusals_to_add_holder(client.kind, joint_holders(client).count() + 1, most)
        + holder_rules.refusals_to_record_holder(born_on, timezone.localdate())
    )
    party: Party = client_actions.add_related_party(
        client.pk, by=by, relation=RelationKind.HOLDER, name=name, native_name=native_name, born_on=born_on
    )
    party.nationality, party.residence = nationality, residence
    party.save(update_fields=["nationality", "residence"])
    if contact_value:
        client_actions.add_contact_point(
            client.pk, by=by, party_id=party.pk, kind=contact_kind, value=contact_value, preferred=True
        )
    _changed(onboarding, client, by, compare=True)
    return party


@action(May.ONBOARDING_WORK, "owner or signatory added", on="onboarding.Onboarding", remember=("relation",))
def add_person(
    onboarding: Onboarding,
    *,
    by: User,
    relation: str,
    name: str,
    kind: str = "person",
    native_name: str = "",
    born_on: date | None = None,
    share: object = None,
    since_on: date | None = None,
) -> Party:
    """Who owns, directs or signs for the organisation; whoever owns or signs brings papers of their own."""
    refuse_if(rules.refusals_to_change(onboarding.state))
    client = hold_client(onboarding)
    refuse_if(holder_rules.refusals_to_record_holder(born_on, timezone.localdate()))
    party: Party = client_actions.add_related_party(
        client.pk,
        by=by,
        relation=relation,
        name=name,
        kind=kind,
        native_name=native_name,
        born_on=born_on,
        share=share,  # type: ignore[arg-type]  # a Decimal of the form
        since_on=since_on,
    )
    _changed(onboarding, client, by, compare=True)
    return party


@action(May.ONBOARDING_WORK, "search for owners recorded", on="onboarding.Onboarding")
def record_search(onboarding: Onboarding, *, by: User, what: str) -> Onboarding:
    """What was done to find who stands behind shares that lead to no person; of other owners it is said anew.

    EU AMLR Art. 22(2): the means are exhausted and documented before the managing officials stand in.
    """
    refuse_if(rules.refusals_to_change(onboarding.state))
    client = hold_client(onboarding)
    ownership = ownership_of(client, timezone.localdate())
    refuse_if(rules.refusals_to_record_search(ownership.opaque, what))
    onboarding.owners_search, onboarding.owners_searched = what, ownership.digest
    onboarding.save(update_fields=["owners_search", "owners_searched"])
    remember_step(onboarding, "people", by)
    fall(onboarding)
    return onboarding


@action(
    May.ONBOARDING_WORK,
    "facts of a joint holder recorded",
    on="onboarding.Onboarding",
    remember=("party_id",),
)
def record_holder(
    onboarding: Onboarding,
    *,
    by: User,
    party_id: int,
    born_on: date,
    nationality: str,
    residence: str,
    source_of_funds: str,
    pep: bool,
) -> HolderFacts:
    """What a joint holder said: as much as is asked of the client itself."""
    refuse_if(rules.refusals_to_change(onboarding.state))
    refuse_if(holder_rules.refusals_to_record_holder(born_on, timezone.localdate()))
    client = hold_client(onboarding)
    party = _holder(client, party_id)
    if party.is_client:
        raise NotVisible(f"clients.Party {party_id} as a joint holder")
    party.born_on, party.nationality, party.residence = born_on, nationality, residence
    party.save(update_fields=["born_on", "nationality", "residence"])
    facts: HolderFacts
    facts, _made = HolderFacts.objects.update_or_create(
        party=party,
        defaults={
            "client": client,
            "source_of_funds": source_of_funds,
            "pep": pep,
            "facts_at": timezone.now(),
            "recorded_by": by,
        },
    )
    kyc_actions.holder_said(client, party_id, pep=pep)
    _changed(onboarding, client, by)
    return facts


@action(May.ONBOARDING_WORK, "source of wealth recorded", on="onboarding.Onboarding", remember=("party_id",))
def record_wealth(
    onboarding: Onboarding, *, by: User, party_id: int, source_of_wealth: str, wealth_note: str
) -> HolderFacts:
    """How the whole wealth of a holder came about. AMLR Art. 34(4)(b): asked where the risk is high."""
    refuse_if(rules.refusals_to_change(onboarding.state))
    refuse_if(holder_rules.refusals_to_record_wealth(source_of_wealth, wealth_note))
    client = hold_client(onboarding)
    party = _holder(client, party_id)
    facts: HolderFacts
    facts, _made = HolderFacts.objects.update_or_create(
        party=party,
        defaults={
            "client": client,
            "source_of_wealth": source_of_wealth,
            "wealth_note": wealth_note,
            "recorded_by": by,
        },
    )
    _changed(onboarding, client, by)
    return facts


@action(May.ONBOARDING_WORK, "person corrected", on="onboarding.Onboarding", remember=("party_id",))
def correct_person(onboarding: Onboarding, *, by: User, party_id: int, **said: Any) -> Party:
    """Who somebody is was typed wrong: mended while the client joins, and what follows from it.

    said  name, native_name; of the client itself domicile and segment, of others born_on
    """
    refuse_if(rules.refusals_to_change(onboarding.state))
    client, today = hold_client(onboarding), timezone.localdate()
    roles = Relationship.objects.filter(client=client).on(today)
    party: Party | None = Party.objects.filter(client=client, pk=party_id).first()
    if party is None or not (party.is_client or roles.filter(party=party).exists()):
        raise NotVisible(f"clients.Party {party_id}")
    refuse_if(holder_rules.refusals_to_record_holder(said.get("born_on"), today))
    client_actions.rename(client, party, **said)
    _changed(onboarding, client, by, compare=True)
    return party


@action(
    May.ONBOARDING_WORK,
    "identity paper corrected",
    on="onboarding.Onboarding",
    remember=("paper_id", "identifier_kind"),
)
def correct_paper(
    onboarding: Onboarding,
    *,
    by: User,
    paper_id: int | None,
    identifier_kind: str,
    identifier_country: str = "",
    identifier_number: str = "",
    identifier_expires_on: date | None = None,
) -> Identifier | None:
    """The paper that was shown was typed wrong, or is shown only now: mended, and what follows from it.

    paper_id: None where none is on file. No number: as it stands. No kind: none was shown, and it is gone.
    """
    refuse_if(rules.refusals_to_change(onboarding.state))
    client = hold_client(onboarding)
    papers = Identifier.objects.select_for_update().filter(client=client)
    paper: Identifier | None = papers.filter(pk=paper_id).first() if paper_id else None
    if paper_id and paper is None:
        raise NotVisible(f"clients.Identifier {paper_id}")
    if paper and not identifier_kind:
        paper.delete()
        _changed(onboarding, client, by, compare=True)
        return None
    if paper is None:
        main = Party.objects.get(client=client, is_client=True)
        refuse_if(rules.refusals_to_add_paper(papers.filter(party=main).exists()))
        paper = Identifier(client=client, party=main)
    number = identifier_number or paper.number
    said = (identifier_kind, identifier_country, number, identifier_expires_on)
    refuse_if(wrong.sentence for wrong in wrongs_of_paper(*said, timezone.localdate()))
    paper.kind, paper.country, paper.number, paper.expires_on = said
    paper.save()
    _changed(onboarding, client, by, compare=True)
    return paper


@action(May.ONBOARDING_WORK, "person removed", on="onboarding.Onboarding", remember=("party_id",))
def remove_person(onboarding: Onboarding, *, by: User, party_id: int) -> Party:
    """Somebody who was added by mistake has no role from today on; the history of the file keeps that."""
    refuse_if(rules.refusals_to_change(onboarding.state))
    client, today = hold_client(onboarding), timezone.localdate()
    roles = Relationship.objects.filter(client=client).on(today)
    party: Party | None = Party.objects.filter(client=client, pk=party_id).first()
    if party is None:
        raise NotVisible(f"clients.Party {party_id}")
    owned = roles.filter(of=party).order_by("pk").values_list("party__name", flat=True)
    theirs = roles.filter(party=party)
    refuse_if(rules.refusals_to_remove(party.is_client, theirs.exists(), list(owned)))
    theirs.update(until_on=today)
    _changed(onboarding, client, by, compare=True)
    return party


def _holder(client: Client, party_id: int) -> Party:
    """The client itself or a joint holder of this file."""
    found: Party | None = Party.objects.filter(client=client, pk=party_id).first()
    if found is None or not (found.is_client or joint_holders(client).filter(pk=found.pk).exists()):
        raise NotVisible(f"clients.Party {party_id}")
    return found


def _changed(onboarding: Onboarding, client: Client, by: User, *, compare: bool = False) -> None:
    """Rated anew, papers asked for anew, a request to a second person falls."""
    kyc = KycFile.objects.filter(client=client).first()
    if kyc is not None and kyc.facts_known:
        kyc_actions.rate(client, kyc)
    require_documents(onboarding, client)
    if compare:  # somebody new is on the file: the night compares it once more
        onboarding.compared_at = None
        onboarding.save(update_fields=["compared_at"])
    remember_step(onboarding, "people", by)
    fall(onboarding)
